"""A small grammar of noun phrases: "three small birds above a red house on the left".

Words are read once, from left to right; adjectives wait for their noun.
"""

import re
from dataclasses import dataclass, field, replace

from chat.sketch.reading import lexicon, nouns
from chat.sketch.reading.heard import Reading
from chat.sketch.reading.words import colour_at, words_of
from chat.sketch.scene import (
    FIGURES,
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
_VERTICAL = frozenset(("top", "bottom", "foreground", "distance"))
"""Places that are not kept: things stand left, right or in the middle."""
_NEGATIONS = frozenset(("no", "without", "not"))


def read(text: str) -> Reading:
    """Read a text as the description of a picture."""
    words = words_of(text)
    heard, waiting, at = Reading(), _Waiting(), 0
    while at < len(words):
        at += _step(words, at, heard, waiting)
    _end(heard, waiting)
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
    hair: Rgb | None = None
    the: bool = False
    side: Place = ""
    """Of "on the left a house": it holds for what follows, and outlives a phrase."""
    said: list[str] = field(default_factory=list)
    """The colours and large numbers as they were written."""

    def clear(self) -> None:
        """The phrase is over."""
        self.colour, self.count, self.size = None, None, 1.0
        self.negated, self.relation, self.article, self.holder = False, "", False, ""
        self.hair, self.the = None, False
        self.said = []


def _step(words: list[str], at: int, heard: Reading, waiting: _Waiting) -> int:
    """Take the next word or words in; how many were taken."""
    word = words[at]
    colour, taken = colour_at(words, at)
    if colour is not None and not _is_fruit(words, at + taken - 1):
        if not waiting.article and _follows_copula(words, at) and heard.things:
            heard.things[-1] = replace(heard.things[-1], colour=colour)
        elif waiting.colour is not None:
            heard.dropped.append(" ".join(words[at : at + taken]))
        else:
            waiting.colour = colour
            waiting.said.append(" ".join(words[at : at + taken]))
        return taken
    place = _place_at(words, at)
    if place is not None:
        side, length = place
        if _leads(words, at, length):
            waiting.clear()
            waiting.side = side
        elif heard.things and not waiting.article:
            heard.things[-1] = replace(heard.things[-1], place=side)
            waiting.side = ""
        return length
    if word in _VERTICAL and heard.things and words[at - 1] in {"the", "at", "very"}:
        heard.dropped.append(word)
        return 1
    side_of = re.fullmatch(r"(left|right) of", " ".join(words[at : at + 2]))
    if side_of and heard.things:
        waiting.relation = "left" if side_of[1] == "left" else "right"
        return 2
    if word in lexicon.NUMBERS or (word.isdecimal() and len(word) < 10):
        number = int(word) if word.isdecimal() else lexicon.NUMBERS[word]
        waiting.article = True
        if word not in {"a", "an"} or waiting.count is None:
            waiting.count = number if word not in {"a", "an"} else None
        return 1
    if not _take_looks(words, at, heard, waiting):
        _take_word(words, at, heard, waiting)
    return 1


def _take_word(words: list[str], at: int, heard: Reading, waiting: _Waiting) -> None:
    word = words[at]
    if word in lexicon.SIZES:
        waiting.size = lexicon.SIZES[word]
    elif word in _NEGATIONS:
        _end(heard, waiting)
        waiting.negated = True
    elif word in _RELATIONS:
        relation = _RELATIONS[word]
        _end(heard, waiting)
        waiting.relation = relation if heard.things else ""
    elif word in {"it", "them"} and waiting.relation and len(heard.things) > 1:
        # "A house with a tree behind it": the tree refers to what was named before it.
        anchor = heard.things[-2].kind
        heard.things[-1] = replace(heard.things[-1], relation=waiting.relation, anchor=anchor)
        waiting.clear()
    elif word == "the":
        waiting.article = waiting.the = True
    elif word == "of":
        _take_of(heard, waiting)
    elif word == "sky" or (word == "background" and waiting.colour is not None):
        heard.sky = waiting.colour or heard.sky
        waiting.clear()
    elif _take_noun(words, at, heard, waiting):
        holder = waiting.holder
        waiting.clear()
        waiting.holder = holder
    elif word in _PAUSES and not _joins_colours(words, at):
        negated, holder = waiting.negated, waiting.holder
        _end(heard, waiting)
        if word in {".", ";", "!", "?"}:
            waiting.side = ""
        if word == "and":
            waiting.negated, waiting.holder = negated, holder


def _end(heard: Reading, waiting: _Waiting) -> None:
    """The phrase is over; a colour that met no noun is told as left out."""
    heard.dropped += waiting.said
    waiting.clear()


def _take_looks(words: list[str], at: int, heard: Reading, waiting: _Waiting) -> bool:
    """What is said of a figure: "with red hair", "blonde", "in a blue dress"."""
    word = words[at]
    if word in lexicon.HAIR:
        waiting.hair = lexicon.HAIR[word]
        return True
    hair, dressed = word in {"hair", "haired"}, word in lexicon.CLOTHES
    if not (hair or dressed):
        return False
    if word == "haired":  # "a red-haired woman": she comes next
        waiting.hair, waiting.colour, waiting.said = waiting.hair or waiting.colour, None, []
        return True
    figure = next((k for k in reversed(range(len(heard.things)))
                   if heard.things[k].kind in FIGURES), None)  # fmt: skip
    colour = (waiting.hair or waiting.colour) if hair else waiting.colour
    if figure is not None and colour is None and at and words[at - 1] in lexicon.COLOURS:
        pass  # "two women in red dresses": the colour has been taken for theirs
    elif figure is None or colour is None:
        heard.dropped += [*waiting.said, word]
    elif hair:
        heard.things[figure] = replace(heard.things[figure], hair=colour)
    else:
        heard.things[figure] = replace(heard.things[figure], colour=colour)
    waiting.clear()
    return True


def _leads(words: list[str], at: int, length: int) -> bool:
    """Whether a side stands before what is on it: "on the left a house"."""
    before = words[at - 1] if at else "."
    after = words[at + length :]
    while after and after[0] in {",", ":", "there", "is", "are", "stands", "stand", "sits"}:
        after = after[1:]
    if before not in {".", ",", ";", ":", "and", "with", "but", "!", "?"} or not after:
        return False
    first = after[0]
    return bool(
        first in lexicon.NUMBERS
        or first.isdecimal()
        or first == "the"
        or first in lexicon.COLOURS
        or first in lexicon.SIZES
        or nouns.kind_of(first)
    )


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
    follows = (
        at + 1 < len(words)
        and words[at + 1] != "underwater"
        and bool(nouns.kind_of(words[at + 1]) or nouns.land_of(words[at + 1]))
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
    if kind == "square" and not (waiting.article or waiting.colour or waiting.count):
        return False
    if stood_in := nouns.stood_in_for(word):
        heard.stood_in[stood_in] = kind or land
    if waiting.negated or waiting.count == 0:
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
    there = next((k for k, t in enumerate(heard.things) if t.kind == kind), None)
    definite = waiting.relation and there is not None
    if there is not None and waiting.the and waiting.count is None and not definite:
        # "A house and a tree, the tree is on the left": named again, it is the one meant.
        heard.things.append(heard.things.pop(there))
    elif not definite:
        size = max(0.3, min(2.6, waiting.size))
        heard.crowded = heard.crowded or count > MOST_OF_A_KIND
        thing = Thing(kind, min(MOST_OF_A_KIND, max(1, count)), waiting.colour, size)
        if kind in FIGURES:
            thing = replace(thing, hair=waiting.hair)
        thing = replace(thing, place=waiting.side)
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
        r"(?:on|to|at|in) (?:the )?(?:very |far )?(?:(?:top|upper|bottom|lower) )?"
        r"(left|right|middle|centre|center)(?: (?:side|half|corner|edge))?"
        r"(?: (?:of|in) the (?:picture|image|scene|photo|painting|frame))?\b(?! of)",
        " ".join(words[at : at + 10]),
    )
    if heard is None:
        return None
    side: Place = "left" if heard[1] == "left" else "right" if heard[1] == "right" else "middle"
    return side, len(heard[0].split())
