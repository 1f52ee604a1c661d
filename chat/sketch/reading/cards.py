"""Cards with words on them: "a birthday card that says Happy birthday, Anna"."""

import re
from dataclasses import dataclass

from chat.sketch.reading.words import READ_CHARS
from chat.sketch.scene import MOST_CARD_CHARS

_PIECE = r"(?:card|sign|poster|postcard|invitation|placard)"
_CARD = re.compile(rf"\b(?P<piece>{_PIECE})s?\b")
_NOT_MEANT = re.compile(r"\b(?:playing|credit|sim|memory|business|sound|graphics|tarot|road|stop) ")
_WORDS = re.compile(
    r"(?:\b(?:that |which )?(?:says?|saying|reads?|reading)|"
    r"\bwith (?:the )?(?:words?|text|message|greeting|line|title)|\bon it:?)[:, ]+(?P<words>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"[\"“„«]([^\"”»“]{1,240})[\"”»“]|(?<!\w)['‘]([^'’]{2,240})['’](?!\w)")
_OCCASIONS: tuple[tuple[str, str, str], ...] = (
    ("birthday", r"birthday|b-?day", "Happy birthday!"),
    ("christmas", r"christmas|xmas|holiday|season", "Merry Christmas!"),
    ("love", r"valentine|love|wedding|anniversary|mother|heart|kiss", "With love"),
    ("thanks", r"thank", "Thank you!"),
    ("well", r"get[ -]well|recover", "Get well soon!"),
)


@dataclass(frozen=True, slots=True)
class CardWish:
    """A card that is asked for."""

    words: str
    """What stands on it; empty where neither the wish nor the occasion says."""
    given: bool
    """The words were the user's own."""
    occasion: str
    """``birthday``, ``christmas``, ``love``, ``thanks``, ``well``, or empty."""
    piece: str
    """What it was called: ``card``, or ``sign``, ``poster`` and the like."""
    rest: str
    """The wish without those words: what else is to be on it."""


def card_of(text: str) -> CardWish | None:
    """The card that a text asks for; ``None`` where it asks for none."""
    said = " ".join(text[:READ_CHARS].split())
    quoted = _QUOTED.search(said)
    bare = said if quoted is None else f"{said[: quoted.start()]} {said[quoted.end() :]}"
    found = _CARD.search(bare.lower())
    if found is None or _NOT_MEANT.search(bare.lower()):
        return None
    words, rest = "", bare
    if quoted is not None:
        words = quoted[1] or quoted[2]
    elif told := _WORDS.search(bare[found.end() :]):
        words, rest = told["words"], bare[: found.end() + told.start()]
    words = words.strip(" .:\"'“”")[:MOST_CARD_CHARS]
    lowered = f"{rest} {words}".lower()
    occasion, greeting = next(
        ((name, line) for name, sign, line in _OCCASIONS if re.search(rf"\b(?:{sign})", lowered)),
        ("", ""),
    )
    rest = re.sub(
        rf"\b(?:{_PIECE}s?|birthday|christmas|xmas|valentine'?s?(?: day)?|wedding|anniversary|"
        r"greetings?|thank[ -]you|get[ -]well(?: soon)?|that|which|says?|saying|reads?|reading|"
        r"mothers?'?s? day|holiday|on it|write|text|"
        r"with the (?:words?|text|message)|my|wish(?:es)?)\b",
        " ",
        rest,
        flags=re.IGNORECASE,
    )
    return CardWish(words or greeting, bool(words), occasion, found["piece"], rest)
