"""Tables that are drawn with lines: where the lines of a page part it into rows and columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_NEAR = 3.0
"""Points: lines that are nearer are one, such as the two sides of a thin bar."""
_SHORT = 6.0
"""Points: what is shorter parts nothing."""
_LEAST_LINES = 3
"""Of columns: two have three lines."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A level or an upright line, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def upright(self) -> bool:
        """Whether it parts columns, and no rows."""
        return self.top - self.bottom > self.right - self.left

    def touches(self, other: "Rule") -> bool:
        """Whether they meet, or nearly."""
        return (
            self.left <= other.right + _NEAR
            and other.left <= self.right + _NEAR
            and self.bottom <= other.top + _NEAR
            and other.bottom <= self.top + _NEAR
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """What the lines of one table part."""

    columns: tuple[float, ...]
    """From left to right, where they begin, and where the last ends."""
    rows: tuple[float, ...]
    """From the head down, where they begin, and where the last ends."""

    def cell(self, across: float, up: float) -> tuple[int, int] | None:
        """Row and column of a place; ``None``: it is outside."""
        column = sum(line <= across for line in self.columns) - 1
        row = sum(line >= up for line in self.rows) - 1
        inside = 0 <= column < len(self.columns) - 1 and 0 <= row < len(self.rows) - 1
        return (row, column) if inside else None


def rules(paths: Iterable[Sequence[Point]]) -> list[Rule]:
    """The level and upright lines of what was drawn, point by point."""
    found: list[Rule] = []
    for path in paths:
        for (x, y), (to_x, to_y) in pairwise(path):
            line = Rule(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
            wide, high = line.right - line.left, line.top - line.bottom
            if min(wide, high) < 1.0 and max(wide, high) >= _SHORT:
                found.append(line)
    return found


def grids(lines: Sequence[Rule]) -> list[Grid]:
    """The tables that lines which meet are the frames of; what has one row and column is a box."""
    found: list[Grid] = []
    for group in _meeting(lines):
        columns = _places(line.left for line in group if line.upright)
        rows = _places(line.top for line in group if not line.upright)
        if len(columns) >= _LEAST_LINES and len(rows) >= _LEAST_LINES:
            found.append(Grid(tuple(columns), tuple(reversed(rows))))
    return found


def _meeting(lines: Sequence[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for line in dict.fromkeys(lines):
        # The newest stand first: in a table they are next to the line, and found at once.
        met = [group for group in groups if any(line.touches(other) for other in group)]
        groups = [group for group in groups if group not in met]
        groups.append([line, *(other for group in met for other in group)])
    return groups


def _places(values: Iterable[float]) -> list[float]:
    """Places in order, those that are near each other as one."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places
