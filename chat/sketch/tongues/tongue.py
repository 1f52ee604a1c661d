"""What a table of words is made of: the form of one language beside English, and how it is read.

A table has the things, grounds, colours, counts, sides and edits that English has, and no more.
Words are folded before they are looked up, so that accents and capitals may be left out.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

_SMALLEST_STEM = 3
_MOST_WORDS = 4
"""In one entry of a table."""
_JOINED = re.compile(r"(?<=[^\W\d_])['’-](?=[^\W\d_])")
"""Marks within a word, as in "l'arbre" and "cerf-volant"."""
_MARKS = "\u093c"
"""The dot below Devanagari letters, which many leave out."""


@dataclass(frozen=True, slots=True)
class Noun:
    """How one and several of a kind are called."""

    gender: str
    """``m``, ``f`` or ``n``; in Japanese and Chinese the word that counts such things."""
    one: str
    many: str


@dataclass(frozen=True, slots=True)
class Word:
    """What an entry of a table stands for: a class of words, and which English one."""

    sort: str
    """``noun``, ``colour``, ``number``, ``size``, or the group of the table it stands in."""
    english: str
    several: bool = False


@dataclass(frozen=True)
class Tongue:
    """The table of one language. Underscores stand for spaces, a colon goes before synonyms."""

    language: str
    nouns: str
    """A line for each kind: its English word, gender, one, several, and what else it is called."""
    stand_ins: str
    """English words of ``stand_ins``, each with its words here, between semicolons."""
    colours: str
    numbers: str
    groups: Mapping[str, str]
    """Groups such as ``relation``, ``act`` and ``edit``, each in the same form."""
    lands: Mapping[str, str]
    """Where a scene is, as a phrase."""
    times: Mapping[str, str]
    weather: Mapping[str, str]
    relations: Mapping[str, str]
    endings: tuple[str, ...] = ()
    """What may follow a stem, the longest first."""
    adjectives_follow: bool = False
    relations_follow: bool = False
    spaces: bool = True
    shades: Mapping[str, str] = field(default_factory=dict)
    """Beginnings of a colour that make it light or dark, as in "hellblau"."""

    def folded(self, text: str) -> str:
        """A text as it is looked up."""
        if not self.spaces:
            return unicodedata.normalize("NFKC", text).lower()
        bare = unicodedata.normalize("NFKD", _JOINED.sub(" ", text.lower()))
        if self.language == "hi":
            return bare.translate({ord(_MARKS): None, 0x0901: 0x0902})
        return "".join(each for each in bare if not unicodedata.combining(each))

    @cached_property
    def names(self) -> dict[str, Noun]:
        """How each kind is called, by its English word."""
        found = {}
        for kind, gender, rest in self._lines:
            one, *more = rest.split(":")[0].split()
            found[kind] = Noun(gender, _spaced(one), _spaced(more[0] if more else one))
        return found

    @cached_property
    def _lines(self) -> list[tuple[str, str, str]]:
        parted = (line.split(None, 2) for line in self.nouns.strip().splitlines())
        return [(kind, gender, rest) for kind, gender, rest in parted]

    @cached_property
    def counters(self) -> frozenset[str]:
        """The words that count things, where the language has such."""
        return frozenset() if self.spaces else frozenset(n.gender for n in self.names.values())

    @cached_property
    def colour_names(self) -> dict[str, str]:
        """The first word for each colour, by its English one."""
        return {english: _spaced(words[0]) for english, words in _rows(self.colours)}

    @cached_property
    def stand_in_names(self) -> dict[str, str]:
        """The first word for what another kind is painted in place of."""
        return {english: _spaced(words[0]) for english, words in _rows(self.stand_ins)}

    @cached_property
    def number_names(self) -> dict[int, str]:
        """The first word for each number."""
        return {int(number): words[0] for number, words in _rows(self.numbers)}

    @cached_property
    def entries(self) -> dict[str, Word]:
        """Every folded word or phrase with what it stands for."""
        found: dict[str, Word] = {}

        def take(written: str, word: Word) -> None:
            found.setdefault(self.folded(_spaced(written)), word)

        tables = {"number": self.numbers, "colour": self.colours, **self.groups}
        for group, rows in tables.items():
            for english, words in _rows(rows):
                for each in words:
                    take(each, Word(group, "" if english == "-" else english))
        for kind, gender, rest in self._lines:
            named, _, others = rest.partition(":")
            for place, each in enumerate((*named.split(), *others.split())):
                # In Hindi "सोफ़े" is one of them as well, behind "on".
                many = place == 1 and self.spaces and (self.language != "hi" or gender == "f")
                take(each, Word("noun", kind, several=many))
        for english, words in _rows(self.stand_ins):
            for place, each in enumerate(words):
                take(each, Word("noun", english, several=place == 1 and self.spaces))
        return found

    @cached_property
    def stems(self) -> dict[str, Word]:
        """Entries without their ending."""
        found: dict[str, Word] = {}
        for written, word in self.entries.items():
            for stem in self._stems_of(written):
                if word.sort in {"noun", "colour", "size"}:
                    found.setdefault(stem, word)
        return found

    def _stems_of(self, written: str) -> list[str]:
        least = 2 if self.language == "hi" else _SMALLEST_STEM
        cut = [written[: -len(end)] for end in self.endings if written.endswith(end)]
        return [written, *(stem for stem in cut if len(stem) >= least)]

    def word(self, folded: str) -> Word | None:
        """What a folded word stands for, whatever its ending."""
        if folded in self.entries:
            return self.entries[folded]
        for stem in self._stems_of(folded):
            if stem in self.stems:
                word = self.stems[stem]
                return Word(word.sort, word.english, several=word.several)
        return None

    def at(self, words: list[str], at: int) -> tuple[Word | None, int]:
        """What stands at this place, and how many words it takes: the longest entry."""
        for many in range(min(_MOST_WORDS, len(words) - at), 1, -1):
            found = self.entries.get(" ".join(words[at : at + many]))
            if found is not None:
                return found, many
        return self.word(words[at]), 1

    @cached_property
    def pattern(self) -> "re.Pattern[str]":
        """The words of a folded text: where none are parted by spaces, the longest entries."""
        signs = r"\d+(?:[.:x×]\d+)?|[^\s\w]|\s|."
        if self.spaces:
            return re.compile(
                r"(?:[^\W\d_]|[\u0900-\u0963\u0970-\u097f])+|\d+(?:[.:x×]\d+)?|[^\s\w]"
            )
        longest = sorted(self.entries, key=len, reverse=True)
        return re.compile("|".join([*map(re.escape, longest), r"[a-z]+", signs]))


def _spaced(written: str) -> str:
    return written.replace("_", " ")


def _rows(table: str) -> list[tuple[str, list[str]]]:
    rows = []
    for row in table.replace("\n", " ").split(";"):
        english, _, words = row.strip().partition(" ")
        if words:
            rows.append((english.replace("_", " "), words.split()))
    return rows
