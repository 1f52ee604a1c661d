"""What a conversation is called, by rule: its first words, unlike its neighbours. Pure."""

import re
from collections.abc import Collection, Sequence

from chat.core.parts import File, Part, Text
from chat.core.text import unmarked

TITLE_CHARACTERS = 60
SEEN_CHARACTERS = 20
"""So much of a title is seen in a list: where two have the same there, they look alike."""
HEAD_CHARACTERS = 14
"""Of a title that goes on with what tells it from another."""
NO_WORDS = "A picture"
"""Until something is said of what came without a word."""

_POLITE = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay)\b[ ,!.]+)?"
    r"(?:please|(?:can|could|would|will) you(?: please)?"
    r"|i(?: would|'d|’d)? (?:want|like|need) you to)"
    r"\b[ ,]*",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\s|[。！？]")
"""What a sentence has that is more than a greeting."""
_SENTENCE = re.compile(r"(.{3,}?[.!?…。！？])(?:\s|$|(?<=[。！？]))")


def title_of(parts: Sequence[Part]) -> str:
    """The first words of a question, else the name of its file, without what says nothing."""
    return _short(_words(parts)) or NO_WORDS


def told_apart(title: str, parts: Sequence[Part], taken: Collection[str]) -> str:
    """A title that does not look like one of those that are taken.

    Of two that begin alike the later one goes on with what is said in it alone; where there is
    nothing of that kind, it has a number.
    """
    alike = [each for each in taken if _seen(each) == _seen(title)]
    if not alike:
        return title
    words = _words(parts)
    # Past all that it has in common with any of them.
    common = max(_common(words, each.rstrip("…?!. ")) for each in alike)
    rest = words[common:].strip(" ,;:.")
    if common and rest and rest != words:
        head = _cut(words, HEAD_CHARACTERS)
        made = f"{head} … {_short(rest)}"
        if all(_seen(each) != _seen(made) for each in taken):
            return made
    number = 2
    while title in taken:
        bare = title.rpartition(" (")[0] if number > 2 else title
        title = f"{bare} ({number})"
        number += 1
    return title


def _words(parts: Sequence[Part]) -> str:
    words = unmarked(" ".join(part.text for part in parts if isinstance(part, Text))[:2_000])
    if not words:
        return " ".join(part.name for part in parts[:1] if isinstance(part, File))
    polite = _POLITE.match(words)
    asked = words[polite.end() :] if polite else words
    # What is left of it must say something by itself.
    return asked[0].upper() + asked[1:] if polite and len(asked.split()) > 1 else words


def _short(words: str) -> str:
    """The words, or their first sentence, or as many of them as there is room for."""
    if len(words) <= TITLE_CHARACTERS:
        return words
    sentence = _SENTENCE.match(words)
    if sentence and len(sentence[1]) <= TITLE_CHARACTERS and _SEVERAL.search(sentence[1]):
        return sentence[1].rstrip(".。")
    return _cut(words, TITLE_CHARACTERS) + "…"


def _cut(words: str, room: int) -> str:
    """As many whole words as there is room for; where none fits, as many characters."""
    if len(words) <= room:
        return words
    at = words.rfind(" ", 0, room + 1)
    return words[: at if at > 0 else room].rstrip(".,;: ")


def _seen(title: str) -> str:
    return title[:SEEN_CHARACTERS].casefold()


def _common(words: str, other: str) -> int:
    """How much of the beginning is the same, in whole words; 0 where nothing else follows."""
    at = 0
    for one, another in zip(words, other, strict=False):
        if one.casefold() != another.casefold():
            break
        at += 1
    if at == len(words):
        return at
    if at == len(other) and words[at : at + 1] in {"", " ", ",", ".", ";", ":"}:
        return at
    return words.rfind(" ", 0, at) + 1
