"""What was measured, what was promised, and the table that sets the two side by side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    unit: str
    """``s``, ``kB``, ``MB``, ``%``, ``x`` (a ratio) ..."""
    limit: float | None = None
    """The most it may be; ``None`` where it is only told."""
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the promise holds. What could not be measured does not hold."""
        return self.limit is None or (math.isfinite(self.value) and self.value <= self.limit)


def table(figures: Sequence[Figure]) -> str:
    """Every figure in a line: name, value, limit, verdict, note."""
    width = max((len(figure.name) for figure in figures), default=0)
    lines = [f"{'':{width}}  {'measured':>12}  {'at most':>12}"]
    for figure in figures:
        told = "" if figure.limit is None else _amount(figure.limit, figure.unit)
        verdict = "" if figure.limit is None else "kept" if figure.kept else "MISSED"
        line = (
            f"{figure.name:{width}}  {_amount(figure.value, figure.unit):>12}  {told:>12}"
            f"  {verdict:6}  {figure.note}"
        )
        lines.append(line.rstrip())
    return "\n".join(lines)


def _amount(value: float, unit: str) -> str:
    decimals = 0 if value >= 100 else 1 if value >= 10 else 3
    return f"{value:.{decimals}f} {unit}"
