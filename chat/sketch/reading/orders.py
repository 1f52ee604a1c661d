"""Edits in a sentence: "greyscale and rotate 90 degrees" is two orders, in that order.

A table of patterns, each linear in the length of the text.
"""

import re
from collections.abc import Callable

from chat.sketch.order import Order
from chat.sketch.reading import lexicon, nouns
from chat.sketch.reading.words import READ_CHARS, colour_at
from chat.sketch.scene import Rgb

_HUES = "|".join(sorted(lexicon.COLOURS, key=len, reverse=True))
_HUE = rf"(?:(?:light|pale|pastel|dark|deep|bright) )?(?:{_HUES})"
_MORE = r"(?:more|increase|boost|add|raise|higher|stronger|much|up)"
_LESS = r"(?:less|reduce|decrease|lower|weaker|remove)"
_QUOTED = r"[\"“”«»„'‘’]([^\"“”«»„]{1,200}?)[\"“”«»„'‘’](?=\W|$)"
_DETERMINER = r"(?:the|my|his|her|its|that|this|their|all the|all)"
_WHOLE = frozenset(("it", "this", "that", "picture", "image", "photo", "everything", "colour"))

_TINTED = {"yel": "yellow", "pin": "pink", "bro": "brown", "gre": "green", "blu": "blue"}

_Maker = Callable[["re.Match[str]"], Order | None]


def _way(name: str, amount: float) -> _Maker:
    return lambda _: Order(name, amount)


def _turn(match: "re.Match[str]") -> Order:
    text, number = match[0], re.search(r"\d{1,4}(?:\.\d)?", match[0])
    degrees = float(number[0]) if number else 180.0 if "upside" in text else 90.0
    if re.search(r"\bleft|anti|counter", text):
        degrees = -degrees
    return Order("rotate", degrees % 360)


def _crop(match: "re.Match[str]") -> Order | None:
    named = {
        "square": 1.0,
        "portrait": 3 / 4,
        "landscape": 3 / 2,
        "wide": 16 / 9,
        "panorama": 21 / 9,
    }
    pair = re.search(r"(\d{1,3}(?:\.\d+)?)\s?[:/x×]\s?(\d{1,3}(?:\.\d+)?)", match[0])
    if pair and float(pair[1]) and float(pair[2]):
        ratio = float(pair[1]) / float(pair[2])
        return Order("crop", ratio) if 1 / 8 <= ratio <= 8 else None
    return Order("crop", next((r for name, r in named.items() if name in match[0]), 1.0))


def _resize(match: "re.Match[str]") -> Order:
    text = match[0]
    if pair := re.search(r"(\d{1,5})\s?(?:x|×|by)\s?(\d{1,5})", text):
        return Order("resize", text=f"{int(pair[1])}x{int(pair[2])}")
    if percent := re.search(r"(\d{1,3})\s?(?:%|percent)", text):
        return Order("resize", max(0.02, int(percent[1]) / 100))
    if width := re.search(r"(\d{2,5})", text):
        return Order("resize", text=f"{int(width[1])}x0")
    return Order("resize", 2.0 if re.search("double|twice|larger|bigger|enlarge|up", text) else 0.5)


def _frame(match: "re.Match[str]") -> Order:
    hue = re.search(rf"\b{_HUE}\b", match[0])
    colour = _colour(hue[0]) if hue else (250, 248, 244)
    return Order("frame", colour=colour, colour_name=hue[0] if hue else "white")


def _caption(match: "re.Match[str]") -> Order:
    return Order("caption", text=match["words"].strip(" .:\"'“”"))


def _dye(match: "re.Match[str]") -> Order | None:
    target, new = match["target"].strip(), match["new"]
    after = match.string[match.end() :].lstrip().split(" ", 1)[0].strip(".,;:!?")
    if nouns.kind_of(after) or (new == "black" and after == "and"):
        return None
    if target in _WHOLE and new in {"grey", "gray"}:
        return Order("grey")
    words = target.split()
    old, taken = colour_at(words, 0) if words else (None, 0)
    rest = " ".join(words[taken:]) if len(words) > taken else ""
    noun = "" if rest in _WHOLE or rest in {"part", "parts", "area", "one"} else rest
    old_name = " ".join(words[:taken])
    return Order(
        "dye", colour=_colour(new), colour_name=new, target=noun, old=old, old_name=old_name
    )


def _tint(match: "re.Match[str]") -> Order:
    what, new = match["what"].replace("the ", ""), match["new"]
    name = "grey" if new.startswith("grey") else _TINTED.get(new[:3], "red")
    if what and what not in _WHOLE:
        return Order("dye", colour=_colour(name), colour_name=name, target=what)
    return Order("tint", colour=_colour(name), colour_name=f"more {name}")


def _colour(written: str) -> Rgb | None:
    return colour_at(written.split(), 0)[0]


def _hour(match: "re.Match[str]") -> Order:
    return Order("hour", text=lexicon.TIMES.get(match["hour"].split()[0], "day"))


_HOURS = "evening|sunset|dusk|twilight|golden hour|dawn|sunrise|morning|night|midnight|daylight"
_DYES = "make|paint|colou?r|turn|dye|recolou?r|change|repaint"
_NOUN = r"(?:(?!(?:and|to|a|an|me|into|light|pale|pastel|dark|deep|bright)\b)[a-z-]{2,20} )"
_SIZING = r"(?:resize|scale|downscale|upscale|enlarge|shrink)d?\b(?![^.]{0,4}the [a-z]{3,})"
_DYED = (
    rf"\b(?:{_DYES}) (?:{_DETERMINER} )?(?P<target>(?:{_HUE} )?{_NOUN}{{0,3}})"
    rf"(?:colou?r )?(?:to |into |in |become )?(?:a )?(?P<new>{_HUE})\b"
)
_TINTS = (
    "redder|bluer|greener|yellower|pinker|browner|greyer|(?<=more )(?:red|blue|green|yellow|pink)"
)
_WRITING = r"(?:caption|text|words?|title|write|saying|says?|label|that reads)"

_TABLE: tuple[tuple[str, _Maker], ...] = (
    (r"\bgr[ae]y[ -]?scale|\bblack[ -](?:and|&)[ -]white|\bmonochrome", _way("grey", 1)),
    (r"\bsepia\b|\bvintage\b|\bold photo", _way("sepia", 1)),
    (r"\binvert(?:ed)?\b|\bnegative\b", _way("invert", 1)),
    (r"\bbright(?:er|en)\b|\blighte[rn]\b|\bmore light\b", _way("bright", 1)),
    (r"\bdark(?:er|en)\b|\bdim(?:mer)?\b", _way("bright", -1)),
    (r"\bwarm(?:er)?\b", _way("warm", 1)),
    (r"\bcool(?:er)?\b|\bcolder\b", _way("warm", -1)),
    (rf"\b{_LESS}(?: the)? contrast\b|\bflatter\b", _way("contrast", -1)),
    (rf"\b{_MORE}(?: the)? contrast\b|^contrast\b", _way("contrast", 1)),
    (rf"\bdesaturate|\bmuted?\b|\b{_LESS} (?:colou?rful|saturat\w+)", _way("saturate", -1)),
    (rf"(?<!de)\bsaturate|\bvivid|\b{_MORE} (?:the )?(?:colou?rful|saturat)", _way("saturate", 1)),
    (r"\bblur(?:red|ry|rier)?\b|\bout of focus\b|\bsoften\b", _way("blur", 1)),
    (r"\bsharp(?:er|en|ened)?\b|\bcrisper\b", _way("sharpen", 1)),
    (r"\bcartoon|\bcomic\b|\bposteri[sz]e", _way("cartoon", 1)),
    (r"\bpixel(?:ated?|i[sz]e| art)|\b8[ -]bit\b|\bmosaic\b", _way("pixelate", 1)),
    (r"\bvignette\b", _way("vignette", 1)),
    (r"\b(?:flip|mirror)[^.;,]{0,24}\b(?:vertical|upside)|\bupside[ -]down\b", _way("flip", -1)),
    (r"\b(?:flip|mirror)(?:p?ed)?\b(?![^.;,]{0,24}\b(?:vertical|upside))", _way("flip", 1)),
    (r"\brotat\w*\b[^.;,]{0,40}|\bturn (?:it )?(?:by )?\d{1,3} ?(?:°|deg)[^.;,]{0,20}", _turn),
    (r"\bcrop\w*\b[^.;,]{0,40}", _crop),
    (rf"\b{_SIZING}[^.;,]{{0,40}}", _resize),
    (rf"(?:\b(?:{_HUE}) )?(?<!photo )\b(?:border|frame)\b(?: in {_HUE})?", _frame),
    (rf"\b{_WRITING}\b[^\"“«'‘]{{0,30}}(?P<words>{_QUOTED})", _caption),
    (rf"\b(?P<hour>{_HOURS})\b", _hour),
    (r"\bsnow(?:ing|y|fall)?\b|\bwinter\b|\bwintry\b", _way("snow", 1)),
    (r"\brain(?:ing|y)?\b", _way("rain", 1)),
    (r"\bfog(?:gy)?\b|\bmist(?:y)?\b", _way("fog", 1)),
    (_DYED, _dye),
    (rf"\bmake (?P<what>(?:the )?\w+) (?:more )?(?P<new>{_TINTS})\b", _tint),
    (rf"^(?:more )?(?P<what>)(?P<new>{_TINTS})\b", _tint),
    (
        rf"\bthe (?P<target>{_NOUN})(?:(?:should|must) be|to be|ought to be) (?P<new>{_HUE})\b",
        _dye,
    ),
    (rf"^the (?P<target>{_NOUN})in (?P<new>{_HUE})\W*$", _dye),
    (rf"\b(?:replace|swap) (?:the )?(?P<target>{_HUE} )(?:with|by|for) (?P<new>{_HUE})\b", _dye),
)
_RULES = tuple((re.compile(pattern), maker) for pattern, maker in _TABLE)


_STOPPED = re.compile(
    r"\b(?:remove|stop|without|no|delete|erase|take away|end)(?: the| any| all| that)? ?$"
)
"""Before the name of an edit: it is not wanted."""
_AT = re.compile(
    r" (?:at|on|along|in) (?:the )?(?:very )?(?:top|upper|bottom|lower|foot)\b.*$| please$|"
    r" (?:on|to|over) (?:it|the picture|the image|the photo)$",
    re.IGNORECASE,
)


def read_orders(text: str) -> tuple[Order, ...]:
    """Every edit that a text asks for, in the order of the words; at most eight."""
    lowered = " ".join(text[:READ_CHARS].split())
    # What stands in quotes is to be written, not done.
    plain = re.sub(_QUOTED, lambda m: " " * len(m[0]), lowered).lower()
    found: list[tuple[int, Order]] = []
    for rule, maker in _RULES:
        searched = lowered if maker is _caption else plain
        for match in rule.finditer(searched if maker is not _caption else _folded(searched)):
            if _STOPPED.search(searched[: match.start()].lower()):
                continue
            order = _original(maker(match), match, lowered)
            if order is not None and not any(order == other for _, other in found):
                found.append((match.start(), order))
            if len(found) > 12:
                break
    if sum(order.name == "caption" for _, order in found) > 1:
        first = next(order for _, order in found if order.name == "caption")
        found = [(at, order) for at, order in found if order.name != "caption" or order is first]
    return tuple(order for _, order in sorted(found, key=lambda pair: pair[0]))[:8]


def _folded(text: str) -> str:
    """Lower case of the same length: some letters grow when they are lowered."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _original(order: Order | None, match: "re.Match[str]", text: str) -> Order | None:
    """A caption keeps its capitals."""
    if order is None or order.name != "caption":
        return order
    start, end = match.span("words")
    words = _AT.sub("", text[start:end]).strip(" .:\"'“”«»„‘’")
    upper = re.search(r"\b(?:at|on|along|in) (?:the )?(?:very )?(?:top|upper)\b", text.lower())
    return Order("caption", text=words, place="top" if upper else "") if words else None


_UNQUOTED = re.compile(
    r"\b(?:(?:caption|captioned|title|label)(?: it)?(?: with)?|write|(?:text|words?|that) "
    r"(?:saying|says?|reads?)|saying|says)(?: on (?:it|top))?:? "
    r"(?P<words>(?!the\b|an?\b|on\b|at\b|in\b|it\b|to\b|with\b|me\b|from\b|that\b|saying\b|says?\b)[^\"“'.;\n]{1,120})",
    re.IGNORECASE,
)


def unquoted_words(text: str) -> str:
    """Words that were meant to be written, perhaps, and stand in no quotation marks."""
    said = " ".join(text[:READ_CHARS].split())
    if re.search(r"[\"“«„]", said):
        return ""
    found = _UNQUOTED.search(said)
    return _AT.sub("", found["words"]).strip(" .:,!?'’") if found else ""


def without_unquoted(text: str) -> str:
    """The text without such words: they are neither read nor told as left out."""
    words = unquoted_words(text)
    return text.replace(words, " ") if words else text
