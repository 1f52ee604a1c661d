"""Which thing or ground a noun names, singular or plural."""

from functools import cache

from chat.sketch.reading.lexicon import LANDS, SUBJECTS
from chat.sketch.reading.stand_ins import STAND_INS

_IRREGULAR = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "geese": "goose",
    "wolves": "wolf",
    "calves": "calf",
    "oxen": "ox",
    "shelves": "shelf",
    "buses": "bus",
    "ladies": "lady",
    "berries": "berry",
    "mice": "mouse",
    "daisies": "daisy",
    "cacti": "cactus",
    "leaves": "leaf",
}

_KINDS = {word: kind for kind, words in SUBJECTS.items() for word in words.split()}
_KINDS |= {word: kind for word, kind in STAND_INS.items() if kind in SUBJECTS}
_GROUNDS = {word: land for land, words in LANDS.items() for word in words.split()}
_GROUNDS |= {word: land for word, land in STAND_INS.items() if land in LANDS}


_PLURALS = {"man": "men", "woman": "women"}
_PLURALS |= {"person": "people", "fish": "fish", "sheep": "sheep", "cherry": "cherries"}
_PLURALS |= {"bus": "buses", "church": "churches", "strawberry": "strawberries"}
_PLURALS |= {"butterfly": "butterflies", "cactus": "cacti", "shelf": "shelves", "fox": "foxes"}
_PLURALS |= {"bush": "bushes", "tomato": "tomatoes", "bread": "loaves of bread"}
_PLURALS |= {
    "grape": "bunches of grapes",
    "soup": "plates of soup",
    "pancake": "stacks of pancakes",
}
_SPOKEN = {"grape": "bunch of grapes", "soup": "plate of soup", "bread": "loaf of bread"}
_SPOKEN |= {"pancake": "stack of pancakes"}


@cache
def _forms(word: str) -> tuple[str, ...]:
    """The word and what it may be the plural of, best first."""
    forms = [word, _IRREGULAR.get(word, word)]
    if word.endswith("ies") and len(word) > 4:
        forms.append(word[:-3] + "y")
    if word.endswith("es") and len(word) > 4:
        forms.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        forms.append(word[:-1])
    return tuple(forms)


def kind_of(word: str) -> str:
    """The kind of thing a word names, singular or plural; empty if none."""
    return next((_KINDS[form] for form in _forms(word) if form in _KINDS), "")


def land_of(word: str) -> str:
    """The kind of ground a word names; empty if none."""
    return next((_GROUNDS[form] for form in _forms(word) if form in _GROUNDS), "")


def is_plural(word: str) -> bool:
    """Whether the word names several."""
    return word not in _KINDS and (bool(kind_of(word)) or word in _IRREGULAR)


def spoken(kind: str) -> str:
    """What one of a kind is called."""
    return _SPOKEN.get(kind, kind)


def plural(kind: str) -> str:
    """The word for several of a kind."""
    return _PLURALS.get(kind, kind + "s")


def stood_in_for(word: str) -> str:
    """The singular of a word for what is painted as something else; empty for any other."""
    return next((form for form in _forms(word) if form in STAND_INS), "")
