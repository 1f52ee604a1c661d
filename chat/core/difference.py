"""How a picture differs from the one it came of, in figures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """How a picture differs from the one it came of."""

    same: bool
    share: float
    """Of the area, from 0 to 1."""
    extent: str
    """``none``, ``traces``, ``small``, ``medium``, ``large`` or ``whole``."""
    places: tuple[str, ...]
    """Where, the largest area first: ``upper left``, ``centre`` ..."""
    size_before: tuple[int, int]
    size_after: tuple[int, int]
