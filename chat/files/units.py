"""A file as numbered units, pages or lines or rows, and what of it is told at once."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from chat.core.errors import ToolFailed
from chat.files.limits import READ_CPU_S, TOLD_BYTES

_PART = re.compile(r"(\d{1,9})?\s*(?:(-|–|\.\.)\s*)?(\d{1,9})?")
_AROUND_CHARS = 160
MAX_WORDS = 8


class Units(Protocol):
    """A file, or a sheet of one, as it is read in parts."""

    @property
    def unit(self) -> str:
        """What is counted: ``page``, ``line``, ``row`` or ``paragraph``."""
        ...

    @property
    def first(self) -> int:
        """The number of the first."""
        ...

    @property
    def last(self) -> int:
        """The number of the last; before the first where there is none."""
        ...

    @property
    def heading(self) -> str:
        """What stands above every part of it, such as the names of columns."""
        ...

    def text(self, number: int) -> str:
        """One of them, as it is told."""
        ...

    def words(self, number: int) -> str:
        """One of them as plain words, for a search."""
        ...

    def passage(self, number: int, found: str) -> str:
        """One of them as a hit of a search is told, where the words around it are ``found``."""
        ...


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is told of a file at once."""

    text: str
    note: str
    """What it is of the whole, and how to read on: a sentence or two."""
    whole: bool = True
    """Whether nothing of what was asked for was left out."""


def span(part: str, units: Units) -> tuple[int, int]:
    """The first and the last number that a part names, such as ``3``, ``2-5``, ``10-`` or ``-4``.

    Raises:
        ToolFailed: it names none, or none that there is.
    """
    kind, first, last = units.unit, units.first, units.last
    if last < first:
        raise ToolFailed(f"There is no {kind} in it.")
    written = part.strip().lower().removeprefix(f"{kind}s").removeprefix(kind).strip()
    if not written:
        return first, last
    found = _PART.fullmatch(written)
    if found is None or not (found[1] or found[3]):
        raise ToolFailed(f"A part is written as 3, 2-5 or 10-, in {kind}s.")
    begin = int(found[1]) if found[1] else first
    end = int(found[3]) if found[3] else (last if found[2] else begin)
    if begin > end:
        raise ToolFailed(f"The part ends before it begins: {begin} to {end}.")
    if begin > last or end < first:
        raise ToolFailed(f"There is no such {kind}: they go from {first} to {last}.")
    return max(begin, first), min(end, last)


def excerpt(
    units: Units, part: str = "", search: str = "", most_bytes: int = TOLD_BYTES
) -> Excerpt:
    """A part of a file, or what of it holds all words of a search.

    It ends where a model is told no more at once, or where reading has taken its time; the note
    says where to go on.

    Raises:
        ToolFailed: there is no such part.
    """
    begin, end = span(part, units)
    words = search.casefold().split()
    if len(words) > MAX_WORDS:
        raise ToolFailed(f"Search for at most {MAX_WORDS} words.")
    told = _hits(units, words, begin, end) if words else _texts(units, begin, end)
    return _gathered(units, told, begin, end, bool(words), most_bytes)


def _texts(units: Units, begin: int, end: int) -> Iterator[tuple[int, str]]:
    for number in range(begin, end + 1):
        yield number, units.text(number)


def _hits(units: Units, words: list[str], begin: int, end: int) -> Iterator[tuple[int, str]]:
    for number in range(begin, end + 1):
        whole = " ".join(units.words(number).split())
        folded = whole.casefold()
        if all(word in folded for word in words):
            yield number, units.passage(number, _around(whole, folded, words))
        else:
            yield number, ""


def _around(whole: str, folded: str, words: list[str]) -> str:
    """The neighbourhood of each word where it comes first, in order, what overlaps in one."""
    # Folding may lengthen a text a little, so that places are near and not exact.
    spans: list[tuple[int, int]] = []
    for at, word in sorted((folded.find(word), word) for word in words):
        begin, end = max(0, at - _AROUND_CHARS), at + len(word) + _AROUND_CHARS
        if spans and begin <= spans[-1][1]:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((begin, end))
    parts = [whole[begin:end].strip() for begin, end in spans]
    opening = "… " if spans[0][0] > 0 else ""
    closing = " …" if spans[-1][1] < len(whole) else ""
    return opening + " … ".join(parts) + closing


def _gathered(
    units: Units,
    told: Iterator[tuple[int, str]],
    begin: int,
    end: int,
    searched: bool,
    most_bytes: int,
    clock: Callable[[], float] = time.process_time,
) -> Excerpt:
    due_s = clock() + READ_CPU_S
    room = max(0, most_bytes - len(units.heading.encode("utf-8", "replace")))
    texts = [units.heading] if units.heading else []
    reached, hits, cut = begin - 1, 0, ""
    for number, text in told:
        size = len(text.encode("utf-8", "replace")) + 1
        if size > room and hits:
            break
        if size > room:
            text = text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
            cut = f" Of {units.unit} {number} the rest is left out: it is too long."
        reached = number
        if text:
            texts.append(text)
            hits += 1
            room -= size
        if room <= 0 or clock() > due_s:
            break
    kind = units.unit
    if searched and not hits:
        texts = []
    seen = f"{kind}s {begin} to {reached}" if reached > begin else f"{kind} {begin}"
    of = f" of {units.last}" if (begin, reached) != (units.first, units.last) else ""
    note = f"Searched: {seen}{of}." if searched else f"Told: {seen}{of}."
    if searched:
        note += f" {hits} {kind}{'s' if hits != 1 else ''} with all of these words."
    more = f' Read on with part="{reached + 1}-{end if end < units.last else ""}".'
    whole = reached >= end and not cut
    return Excerpt("\n".join(texts), note + cut + (more if reached < end else ""), whole)


@dataclass(frozen=True)
class Lines:
    """A text by its lines."""

    lines: list[str]
    unit: str = "line"
    first: int = 1
    heading: str = ""

    @property
    def last(self) -> int:
        """How many there are."""
        return len(self.lines)

    def text(self, number: int) -> str:
        """One line; an empty one is one, too."""
        return self.lines[number - 1] or " "

    def words(self, number: int) -> str:
        """The line."""
        return self.lines[number - 1]

    def passage(self, number: int, found: str) -> str:
        """The line with its number."""
        return f"{self.unit} {number}: {found}"


@dataclass(frozen=True)
class Pages:
    """A document by its pages."""

    count: int
    read: Callable[[int], str]
    """The text of one, counted from 1."""
    unit: str = "page"
    first: int = 1
    heading: str = ""

    @property
    def last(self) -> int:
        """How many there are."""
        return self.count

    def text(self, number: int) -> str:
        """One page under its number."""
        return f"[Page {number}]\n{self.read(number).strip() or '(no text)'}\n"

    def words(self, number: int) -> str:
        """What stands on it."""
        return self.read(number)

    def passage(self, number: int, found: str) -> str:
        """Where it was found, by the number of the page."""
        return f"[Page {number}] {found}"
