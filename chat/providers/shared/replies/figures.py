"""Figures as providers state them. What cannot be is a mistake, and unknown."""

from typing import Any

MOST = 10**12
"""Of tokens or of dollars: no call has more, and sums of it stay exact."""


def count(value: object) -> int | None:
    """A number of tokens; ``None`` where it is none."""
    return value if type(value) is int and 0 <= value <= MOST else None  # True is an int, too


def seconds(value: object) -> float:
    """A length of time; 0 where it is none."""
    return usd(value) or 0.0


def usd(value: Any) -> float | None:
    """An amount of money; ``None`` where it is none."""
    return float(value) if type(value) in {int, float} and 0 <= value <= MOST else None
