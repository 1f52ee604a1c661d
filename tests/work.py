"""How much work a function does, counted: the same on a quiet machine and on a busy one.

A clock tells how busy the machine is as well; so what must not grow is counted, in calls of
Python and of C functions, and the same thing is done at one size and at twice that size.
"""

import sys
from collections.abc import Callable
from types import FrameType

TWICE = 2.6
"""Twice as much to do may cost this many times the calls: 2 is linear, 4 is quadratic."""


def calls(function: Callable[[], object]) -> int:
    """How many functions are called, of any kind, while this one runs in this thread."""
    counted = 0

    def heard(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        del frame, argument
        if event in {"call", "c_call"}:
            counted += 1

    before = sys.getprofile()
    sys.setprofile(heard)
    try:
        function()
    finally:
        sys.setprofile(before)
    return counted


def growth(make: Callable[[int], Callable[[], object]], size: int) -> float:
    """How many times the calls of ``make(size)`` are those of ``make(2 * size)``."""
    calls(make(size // 4))  # what is built at the first use is not of this size
    return calls(make(2 * size)) / max(1, calls(make(size)))
