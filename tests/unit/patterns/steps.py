"""How many steps a backtracking matcher takes for a regular expression over a text.

A small matcher of our own walks the tree that ``re`` itself parses, and counts each comparison of
a character. Its steps are those of the textbook, without the shortcuts of the real one, so a
pattern that is linear here is linear there; and they are the same on every machine and under any
load, as no clock is.
"""

import re
from collections.abc import Callable, Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

Next: TypeAlias = Callable[[int], int | None]
"""What is matched after this: from a position to the end of the whole match, or ``None``."""

_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    sre.CATEGORY_DIGIT: str.isdigit,
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
}
_OPPOSITES = {
    sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT,
    sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
    sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD,
}


class Runaway(Exception):
    """More steps than are worth waiting for."""


class Steps:
    """One pattern, and the steps it has taken."""

    def __init__(self, pattern: str, flags: int = 0, limit: int = 3_000_000) -> None:
        """Count for this pattern; more steps than ``limit`` are a ``Runaway``."""
        self._tree = _parser.parse(pattern, flags)
        self._flags = self._tree.state.flags
        self._limit = limit
        self._text = ""
        self._groups: dict[int, tuple[int, int]] = {}
        self.taken = 0

    def searched(self, text: str) -> list[tuple[int, int]]:
        """Every match from left to right, as ``finditer`` finds them: start and end."""
        found, at, emptily = [], 0, False
        self._text = text
        while at <= len(text):
            end = self._from(at, past=emptily)
            if end is None:
                at, emptily = at + 1, False
                continue
            found.append((at, end))
            # After an empty match a longer one may still begin at the same place.
            at, emptily = end, end == at
        return found

    def matched(self, text: str, *, whole: bool = False) -> bool:
        """Whether it matches at the beginning, or, ``whole``, from end to end."""
        self._text = text
        at_end: Next = lambda at: at if not whole or at == len(text) else None  # noqa: E731
        self._groups = {}
        return self._sequence(self._tree, 0, 0, at_end) is not None

    def _from(self, at: int, *, past: bool = False) -> int | None:
        """The end of a match that begins here; with ``past`` of one that is not empty."""
        self._groups = {}
        ends: Next = lambda end: None if past and end == at else end  # noqa: E731
        return self._sequence(self._tree, 0, at, ends)

    def _step(self) -> None:
        self.taken += 1
        if self.taken > self._limit:
            raise Runaway

    def _sequence(self, items: Any, number: int, at: int, then: Next) -> int | None:
        if number == len(items):
            return then(at)
        kind, value = items[number]
        return self._item(kind, value, at, lambda end: self._sequence(items, number + 1, end, then))

    def _item(self, kind: Any, value: Any, at: int, then: Next) -> int | None:
        match kind:
            case sre.LITERAL | sre.NOT_LITERAL | sre.ANY | sre.IN:
                self._step()
                return then(at + 1) if self._fits(kind, value, at) else None
            case sre.AT:
                self._step()
                return then(at) if self._stands(value, at) else None
            case sre.SUBPATTERN:
                return self._group(value, at, then)
            case sre.BRANCH:
                for branch in value[1]:
                    end = self._sequence(branch, 0, at, then)
                    if end is not None:
                        return end
                return None
            case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
                least, most, inner = value
                return self._repeat(kind, least, most, inner, at, then)
            case sre.ATOMIC_GROUP:
                end = self._sequence(value, 0, at, lambda stop: stop)
                return None if end is None else then(end)
            case sre.ASSERT | sre.ASSERT_NOT:
                holds = self._looks(value[0], value[1], at)
                return then(at) if holds == (kind is sre.ASSERT) else None
            case sre.GROUPREF:
                start, stop = self._groups.get(value, (0, 0))
                same = self._text.startswith(self._text[start:stop], at)
                self.taken += stop - start
                return then(at + stop - start) if same else None
        raise NotImplementedError(kind)

    def _group(self, value: Any, at: int, then: Next) -> int | None:
        number, on, off, inner = value
        kept, before = self._flags, dict(self._groups)
        self._flags = (kept | on) & ~off

        def closed(end: int) -> int | None:
            inside, self._flags = self._flags, kept
            if number is not None:
                self._groups[number] = (at, end)
            found = then(end)
            self._flags = inside
            return found

        found = self._sequence(inner, 0, at, closed)
        self._flags = kept
        if found is None:
            self._groups = before
        return found

    def _repeat(
        self, kind: Any, least: int, most: Any, inner: Any, at: int, then: Next
    ) -> int | None:
        if len(inner) == 1 and inner[0][0] in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            return self._run(kind, least, most, inner[0], at, then)
        if kind is sre.POSSESSIVE_REPEAT:
            count = 0
            while count < most:
                end = self._sequence(inner, 0, at, lambda stop: stop)
                if end is None or end == at:
                    break
                at, count = end, count + 1
            return then(at) if count >= least else None
        return self._more(kind, least, most, inner, 0, at, then)

    def _more(
        self, kind: Any, least: int, most: Any, inner: Any, count: int, at: int, then: Next
    ) -> int | None:
        def again() -> int | None:
            if count >= most:
                return None
            return self._sequence(
                inner,
                0,
                at,
                lambda end: (
                    None
                    if end == at and count >= least
                    else self._more(kind, least, most, inner, count + 1, end, then)
                ),
            )

        if count < least:
            return again()
        first, second = (again, lambda: then(at))
        if kind is sre.MIN_REPEAT:
            first, second = second, first
        end = first()
        return second() if end is None else end  # type: ignore[no-untyped-call]

    def _run(self, kind: Any, least: int, most: Any, item: Any, at: int, then: Next) -> int | None:
        """A repeat of a single character: by a loop, so that long runs need no deep calls."""
        if kind is sre.MIN_REPEAT:
            count = 0
            while True:
                if count >= least and (end := then(at + count)) is not None:
                    return end
                self._step()
                if count >= most or not self._fits(item[0], item[1], at + count):
                    return None
                count += 1
        count = 0
        while count < most:
            self._step()
            if not self._fits(item[0], item[1], at + count):
                break
            count += 1
        if kind is sre.POSSESSIVE_REPEAT:
            return then(at + count) if count >= least else None
        while count >= least:
            self._step()
            if (end := then(at + count)) is not None:
                return end
            count -= 1
        return None

    def _looks(self, direction: int, inner: Any, at: int) -> bool:
        if direction > 0:
            return self._sequence(inner, 0, at, lambda end: end) is not None
        width: int = inner.getwidth()[0]
        if at < width:
            return False
        return (
            self._sequence(inner, 0, at - width, lambda end: end if end == at else None) is not None
        )

    def _stands(self, where: Any, at: int) -> bool:
        text = self._text
        match where:
            case sre.AT_BEGINNING if self._flags & re.MULTILINE:
                return at == 0 or text[at - 1] == "\n"
            case sre.AT_BEGINNING | sre.AT_BEGINNING_STRING:
                return at == 0
            case sre.AT_END if self._flags & re.MULTILINE:
                return at == len(text) or text[at] == "\n"
            case sre.AT_END:
                return at == len(text) or (at == len(text) - 1 and text[at] == "\n")
            case sre.AT_END_STRING:
                return at == len(text)
        word = _CATEGORIES[sre.CATEGORY_WORD]
        edge = (at > 0 and word(text[at - 1])) != (at < len(text) and word(text[at]))
        return edge == (where is sre.AT_BOUNDARY)

    def _fits(self, kind: Any, value: Any, at: int) -> bool:
        if at >= len(self._text):
            return False
        char = self._text[at]
        if kind is sre.ANY:
            return bool(self._flags & re.DOTALL) or char != "\n"
        cases = {char}
        if self._flags & re.IGNORECASE:
            cases |= {char.lower(), char.upper()[:1]}
        if kind is sre.IN:
            return any(map(_in(value), cases))
        return any(ord(c) == value for c in cases) == (kind is sre.LITERAL)


def _in(listed: Any) -> Callable[[str], bool]:
    def holds(char: str) -> bool:
        for kind, value in listed:
            if kind is sre.LITERAL and ord(char) == value:
                return True
            if kind is sre.RANGE and value[0] <= ord(char) <= value[1]:
                return True
            if kind is sre.CATEGORY and _is(value, char):
                return True
        return False

    negated = listed[0][0] is sre.NEGATE
    return (lambda char: not holds(char)) if negated else holds


def _is(category: Any, char: str) -> bool:
    if category in _OPPOSITES:
        return not _CATEGORIES[_OPPOSITES[category]](char)
    return _CATEGORIES[category](char)


def repeats_without_end(pattern: str, flags: int = 0) -> bool:
    """Whether some part of it may be as long as the text: only then can its work grow."""
    return any(
        kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT) and value[1] > 200
        for kind, value in _walked(_parser.parse(pattern, flags))
    )


def letters(pattern: str, flags: int = 0) -> list[str]:
    """A character for each kind of character that the pattern speaks of, in its order."""
    seen: dict[str, None] = {}
    for kind, value in _walked(_parser.parse(pattern, flags)):
        if kind is sre.LITERAL:
            seen[chr(value)] = None
        elif kind is sre.ANY:
            seen["a"] = None
        elif kind is sre.IN:
            fits = _in(value)
            found = [c for c in "a1 -\n_~.|:>A/=<(é" if fits(c)]
            seen |= dict.fromkeys(found[:3] or [c for c in map(chr, range(33, 300)) if fits(c)][:1])
    return list(seen)


def _walked(tree: Any) -> Iterator[tuple[Any, Any]]:
    for kind, value in tree:
        yield kind, value
        match kind:
            case sre.SUBPATTERN:
                yield from _walked(value[3])
            case sre.BRANCH:
                for branch in value[1]:
                    yield from _walked(branch)
            case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
                yield from _walked(value[2])
            case sre.ATOMIC_GROUP:
                yield from _walked(value)
            case sre.ASSERT | sre.ASSERT_NOT:
                yield from _walked(value[1])
