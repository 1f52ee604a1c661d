"""No text freezes every tab: the work of each pattern grows with its text, no faster.

One event loop serves everybody, and a regular expression cannot be interrupted. The texts are
made from the pattern itself: runs of what it repeats, pairs of them, and an end that spoils the
match, which is what makes a matcher go back.
"""

import itertools
import re
import sys
import threading
from collections.abc import Iterator
from math import log2

import pytest

from chat.sketch.reading.words import READ_CHARS
from chat.tools.calculator import MAX_CHARS
from tests.unit.patterns.project import Found, patterns
from tests.unit.patterns.steps import Runaway, Steps, letters, repeats_without_end

pytestmark = pytest.mark.deep

SHORT, LONG = 60, 120
GROWTH = 2.6
"""Twice the text may cost this many times the steps; 2 is linear, 4 is quadratic."""
LIMIT = 100_000
"""More steps than these for a text of ``LONG`` are no use counting."""
FEW = 10 * LONG
"""Steps that are no matter, however they grow."""
KINDS = 5
"""How many kinds of characters of one pattern are paired: all, in nearly all of them."""

BOUNDED = {
    "chat.sketch.": READ_CHARS,
    "chat.tools.calculator.": MAX_CHARS,
    "chat.images.formats.": 1_024,
}
"""Modules that read no more than so many characters of a text, however long it is."""
MOST_STEPS = 50_000_000
"""What a text of that length may cost: well under a second in the real matcher."""

PATTERNS = [found for found in patterns() if repeats_without_end(found.pattern, found.flags)]


def texts(kinds: list[str], length: int) -> Iterator[str]:
    kinds = kinds[:KINDS]
    for kind in kinds:
        for end in ("", "\x01"):
            yield kind * length + end
    for first, second in itertools.permutations(kinds, 2):
        yield (first + second) * (length // 2)
        yield first * (length // 2) + second * (length // 2) + "\x01"
    whole = "".join(kinds)
    yield whole * (length // len(whole) + 1)


def cost(found: Found, text: str) -> int:
    steps = Steps(found.pattern, found.flags, LIMIT)
    try:
        if found.anchored:
            steps.matched(text, whole=True)
        else:
            steps.searched(text)
    except Runaway:
        return LIMIT + 1
    return steps.taken


def grown(found: Found) -> list[tuple[str, int, int]]:
    """The texts whose steps grow faster than they do."""
    kinds = letters(found.pattern, found.flags)
    bad = []
    for short, long in zip(texts(kinds, SHORT), texts(kinds, LONG), strict=True):
        more = cost(found, long)
        if more <= FEW:
            continue
        less = cost(found, short)
        most = bound(found)
        if more > LIMIT or (more > GROWTH * less and not fits(less, more, most)):
            bad.append((short[:40], less, more))
    return bad


def fits(less: int, more: int, most: int | None) -> bool:
    """Whether work that grows like this is little enough at the longest text there can be."""
    return most is not None and more * (most / LONG) ** log2(more / less) < MOST_STEPS


def bound(found: Found) -> int | None:
    """The length of the longest text that the pattern gets to see, where there is one."""
    return next((most for begin, most in BOUNDED.items() if found.where.startswith(begin)), None)


def deeply(found: Found) -> list[tuple[str, int, int]]:
    """On a stack that is deep enough for a group that repeats with every character."""
    result: list[list[tuple[str, int, int]]] = []
    kept = sys.getrecursionlimit(), threading.stack_size(512 * 1024 * 1024)
    sys.setrecursionlimit(100_000)
    try:
        thread = threading.Thread(target=lambda: result.append(grown(found)))
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(kept[0])
        threading.stack_size(kept[1])
    return result[0]


def test_the_patterns_of_the_project_were_found() -> None:
    assert len(patterns()) > 60
    assert len(PATTERNS) > 20


@pytest.mark.parametrize("found", PATTERNS, ids=lambda found: found.where)
def test_the_work_of_a_pattern_grows_no_faster_than_the_text(found: Found) -> None:
    assert deeply(found) == []


def test_a_pattern_that_does_grow_is_caught() -> None:
    assert deeply(Found("", r"(?=[a-z]*\d)[a-z]{24,}", 0, anchored=False))
    assert deeply(Found("", r"(a+)+b", 0, anchored=True))
    assert deeply(Found("", r"[ -]*-[ -]*x", 0, anchored=True))


@pytest.mark.parametrize("found", patterns(), ids=lambda found: found.where)
def test_the_counting_matcher_finds_what_the_real_one_finds(found: Found) -> None:
    kinds = letters(found.pattern, found.flags) or ["a"]
    real = re.compile(found.pattern, found.flags)
    for text in [*itertools.islice(texts(kinds, 6), 60), "The 3 red apples, 12:30."]:
        mine = Steps(found.pattern, found.flags).searched(text)
        assert mine == [match.span() for match in real.finditer(text)], text
