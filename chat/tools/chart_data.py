"""What a chart shows, before anybody draws it."""

import csv
import io
import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chat.core.errors import ToolFailed

Kind: TypeAlias = Literal["bar", "line", "pie", "scatter", "heatmap"]

MAX_VALUE = 1e15


@dataclass(frozen=True, slots=True)
class Data:
    """What a chart shows: rows of numbers for the same labels."""

    kind: Kind
    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    """At least one; each as long as the labels are many."""
    names: tuple[str, ...] = ()
    """What the rows are called; fewer, or none, where nobody said."""

    def name(self, row: int) -> str:
        """What a row is called, or else its number, counted from 1."""
        return self.names[row] if row < len(self.names) and self.names[row] else f"row {row + 1}"


def as_csv(data: Data) -> str:
    """The numbers as a table: a line for each label, a column for each row, under their names."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["label", *(data.name(row) for row in range(len(data.rows)))])
    for label, *values in zip(data.labels, *data.rows, strict=True):
        table.writerow([label, *(f"{value:.15g}" for value in values)])
    return out.getvalue()


def positions(data: Data) -> list[float]:
    """The x values of a scatter chart."""
    try:
        found = [float(label) for label in data.labels]
    except ValueError as error:
        raise ToolFailed("In a scatter chart the labels are the x values: numbers.") from error
    if not all(math.isfinite(value) and abs(value) <= MAX_VALUE for value in found):
        raise ToolFailed("In a scatter chart the labels are the x values: finite numbers.")
    return found
