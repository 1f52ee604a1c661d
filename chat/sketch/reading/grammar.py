"""A small grammar of noun phrases: "three small birds above a red house on the left".

Words are read once, from left to right; adjectives wait for their noun.
"""

import re
from dataclasses import dataclass, replace

from chat.sketch.reading import lexicon, nouns
from chat.sketch.reading.heard import Reading
from chat.sketch.reading.words import colour_at, words_of
from chat.sketch.scene import (
    MOST_OF_A_KIND,
    Place,
    Relation,
    Rgb,
    Thing,
)

_RELATIONS: dict[str, Relation] = {
    **dict.fromkeys(("on", "atop", "onto", "upon"), "on"),
    **dict.fromkeys(("in", "inside", "into"), "in"),
    **dict.fromkeys(("behind",), "behind"),
    **dict.fromkeys(("front", "before"), "before"),
    **dict.fromkeys(("above", "over"), "above"),
    **dict.fromkeys(("under", "below", "beneath"), "under"),
    **dict.fromkeys(("beside", "next", "near", "by"), "right"),
}
_IMPLIED = frozenset((("vase", "flower"), ("vase", "tulip"), ("cup", "cup"), ("bottle", "bottle")))
"""What the holder is painted with anyway."""
_HOLDERS = frozenset(("bowl", "vase", "cup", "bottle"))
_PAUSES = frozenset(("and", "with", ",", ".", ";", ":", "!", "?", "at", "while", "during", "from"))
_NEGATIONS = frozenset(("no", "without", "not"))


def read(text: str) -> Reading:
    """Read a text as the description of a picture."""
    words = words_of(text)
    heard, waiting, at = Reading(), _Waiting(), 0
    while at < len(words):
        at += _step(words, at, heard, waiting)
    return heard


@dataclass(slots=True)
class _Waiting:
    """Adjectives that have not met their noun."""

    colour: Rgb | None = None
    count: int | None = None
    size: float = 1.0
    negated: bool = False
    relation: Relation = ""
    article: bool = False
    holder: str = ""
    """A bowl or vase whose contents are being named."""

    def clear(self) -> None:
        """The phrase is over."""
        self.colour, self.count, self.size = None, None, 1.0
        self.negated, self.relation, self.article, self.holder = False, "", False, ""


def _step(words: list[str], at: int, heard: Reading, waiting: _Waiting) -> int:
    """Take the next word or words in; how many were taken."""
    word = words[at]
    colour, taken = colour_at(words, at)
    if colour is not None and not _is_fruit(words, at + taken - 1):
        if not waiting.article and _follows_copula(words, at) and heard.things:
            heard.things[-1] = replace(heard.things[-1], colour=colour)
        else:
            waiting.colour = waiting.colour or colour
        return taken
    place = _place_at(words, at)
    if place is not None:
        side, length = place
        if heard.things and not waiting.article:
            heard.things[-1] = replace(heard.things[-1], place=side)
        return length
    side_of = re.fullmatch(r"(left|right) of", " ".join(words[at : at + 2]))
    if side_of and heard.things:
        waiting.relation = "left" if side_of[1] == "left" else "right"
        return 2
    if word in lexicon.NUMBERS or (word.isdecimal() and len(word) < 4):
        number = int(word) if word.isdecimal() else lexicon.NUMBERS[word]
        waiting.article = True
        if word not in {"a", "an"} or waiting.count is None:
            waiting.count = number if word not in {"a", "an"} else None
        return 1
    _take_word(words, at, heard, waiting)
    return 1


def _take_word(words: list[str], at: int, heard: Reading, waiting: _Waiting) -> None:
    word = words[at]
    if word in lexicon.SIZES:
        waiting.size = lexicon.SIZES[word]
    elif word in _NEGATIONS:
        waiting.clear()
        waiting.negated = True
    elif word in _RELATIONS:
        relation = _RELATIONS[word]
        waiting.clear()
        waiting.relation = relation if heard.things else ""
    elif word in {"it", "them"} and waiting.relation and len(heard.things) > 1:
        # "A house with a tree behind it": the tree refers to what was named before it.
        anchor = heard.things[-2].kind
        heard.things[-1] = replace(heard.things[-1], relation=waiting.relation, anchor=anchor)
        waiting.clear()
    elif word == "the":
        waiting.article = True
    elif word == "of":
        _take_of(heard, waiting)
    elif word == "sky":
        heard.sky = waiting.colour or heard.sky
        waiting.clear()
    elif _take_noun(words, at, heard, waiting):
        holder = waiting.holder
        waiting.clear()
        waiting.holder = holder
    elif word in _PAUSES and not _joins_colours(words, at):
        negated, holder = waiting.negated, waiting.holder
        waiting.clear()
        if word == "and":
            waiting.negated, waiting.holder = negated, holder


def _joins_colours(words: list[str], at: int) -> bool:
    return words[at] == "and" and at + 1 < len(words) and words[at + 1] in lexicon.COLOURS


def _take_of(heard: Reading, waiting: _Waiting) -> None:
    if heard.things and heard.things[-1].kind in _HOLDERS:
        # A vase of flowers is one thing; a bowl of lemons holds them.
        waiting.clear()
        waiting.holder = heard.things[-1].kind
    elif heard.land[-1:] == ["meadow"]:
        waiting.count = waiting.count or 9


def _take_noun(words: list[str], at: int, heard: Reading, waiting: _Waiting) -> bool:
    """Take a noun with its adjectives; whether the word was one."""
    word = words[at]
    kind, land = nouns.kind_of(word), nouns.land_of(word)
    follows = at + 1 < len(words) and bool(
        nouns.kind_of(words[at + 1]) or nouns.land_of(words[at + 1])
    )
    # Of two nouns side by side the last is the thing: an apple tree is a tree.
    if (kind or land) and follows and not nouns.is_plural(word):
        return False
    if word in lexicon.TIMES and not (word == "golden" and waiting.article):
        heard.time = lexicon.TIMES[word] or heard.time
        return word not in {"sunny", "starry", "moonlit"}
    if word in lexicon.WEATHER and not (word == "stars" and heard.time != "night"):
        (heard.without if waiting.negated else heard.weather).add(lexicon.WEATHER[word])
        return not word.endswith("y")
    if not (kind or land):
        return False
    if waiting.negated:
        heard.without.add(kind or land)
    elif (waiting.holder, kind) in _IMPLIED:
        return True
    elif land:
        heard.land.append(land)
        if waiting.colour is not None:
            heard.things.append(Thing(land, colour=waiting.colour))
    else:
        _add(heard, kind, word, waiting)
    _anchor_last(heard, kind or land, waiting)
    return True


def _add(heard: Reading, kind: str, word: str, waiting: _Waiting) -> None:
    count = waiting.count or (3 if nouns.is_plural(word) else 1)
    definite = waiting.relation and any(t.kind == kind for t in heard.things)
    if not definite:
        size = max(0.3, min(2.6, waiting.size))
        thing = Thing(kind, min(MOST_OF_A_KIND, max(1, count)), waiting.colour, size)
        if waiting.holder and waiting.holder != kind:
            thing = replace(thing, relation="in", anchor=waiting.holder)
        heard.things.append(thing)


def _anchor_last(heard: Reading, kind: str, waiting: _Waiting) -> None:
    """In "a cat on a sofa", the thing before the preposition refers to the one after it."""
    if not waiting.relation or nouns.land_of(kind):
        return
    others = [k for k, t in enumerate(heard.things) if t.kind != kind]
    if others:
        last = others[-1]
        heard.things[last] = replace(heard.things[last], relation=waiting.relation, anchor=kind)


def _is_fruit(words: list[str], at: int) -> bool:
    """Whether "orange" or "lime" is meant to be eaten: no noun follows that it could colour."""
    if not nouns.kind_of(words[at]) or words[at] == "rose":
        return False
    after = words[at + 1] if at + 1 < len(words) else "."
    if after == "and" and at + 2 < len(words):
        return words[at + 2] not in lexicon.COLOURS
    known = nouns.kind_of(after) or nouns.land_of(after) or after in lexicon.COLOURS
    return not (known or after in lexicon.SIZES or after in {"sky", "wall", "hat", "one"})


def _follows_copula(words: list[str], at: int) -> bool:
    return at > 0 and words[at - 1] in {"is", "are", "in", "painted", "coloured", "colored"}


def _place_at(words: list[str], at: int) -> tuple[Place, int] | None:
    """For "on the left" or "in the middle": the side and how many words it takes."""
    heard = re.match(
        r"(?:on|to|at|in) the (?:far )?(left|right|middle|centre|center)(?: side)?\b(?! of)",
        " ".join(words[at : at + 5]),
    )
    if heard is None:
        return None
    side: Place = "left" if heard[1] == "left" else "right" if heard[1] == "right" else "middle"
    return side, len(heard[0].split())
