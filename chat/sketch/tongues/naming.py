"""What things are called in the language that is spoken now: the words that sentences hold."""

from chat.core.languages import say
from chat.sketch.reading.nouns import plural, spoken
from chat.sketch.reading.stand_ins import with_article, written
from chat.sketch.scene import Thing
from chat.sketch.tongues.tables import spoken_tongue
from chat.sketch.tongues.telling import called, phrase


def named(words: str) -> str:
    """English words of Sketch's, or of the user's, as they are called."""
    tongue = spoken_tongue()
    return words if tongue is None else called(words, tongue)


def one(kind: str) -> str:
    """One of a kind, with the article where the language has one."""
    tongue = spoken_tongue()
    if tongue is not None and kind in tongue.names:
        return phrase(Thing(kind), tongue)
    return with_article(spoken(kind)) if tongue is None else called(kind, tongue)


def the(kind: str, count: int = 1) -> str:
    """The thing that is meant: with its article in English, by its name elsewhere."""
    tongue = spoken_tongue()
    if tongue is None:
        return f"the {plural(kind) if count > 1 else kind}"
    return called(plural(kind) if count > 1 else kind, tongue)


def so_many(kind: str, count: int) -> str:
    """So many of a kind."""
    tongue = spoken_tongue()
    if tongue is not None and kind in tongue.names:
        return phrase(Thing(kind, count), tongue)
    return f"{count} {plural(kind) if count > 1 else kind}"


def strange(word: str) -> str:
    """A word for what is painted as something else."""
    tongue = spoken_tongue()
    return with_article(written(word)) if tongue is None else quoted(called(word, tongue))


def quoted(word: str) -> str:
    """A word in the quotation marks of the language."""
    return say("“{word}”", word=word)


def stopped(sentence: str) -> str:
    """A sentence with its full stop."""
    return say("{sentence}.", sentence=sentence)
