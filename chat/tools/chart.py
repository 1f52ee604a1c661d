"""Charts from numbers. Checks what is to be drawn; ``drawing`` puts it on paper."""

import math
from typing import Literal, TypeAlias

from chat.core.errors import ToolFailed
from chat.core.tools import Picture, ToolOutput
from chat.tools.chart_data import MAX_VALUE, Data, Kind, as_csv, positions

Output: TypeAlias = Literal["png", "svg", "csv"]

MAX_POINTS = 200
MAX_ROWS = 6
MAX_HEAT_ROWS = 50
MAX_CELLS = 2_500
MAX_SLICES = 12
MAX_LABEL_CHARS = 60
MAX_TITLE_CHARS = 120
_TOLD_POINTS = 12


def chart(
    kind: Kind,
    title: str,
    labels: list[str],
    values: list[float],
    more_values: list[list[float]] | None = None,
    names: list[str] | None = None,
    outputs: list[Output] | None = None,
) -> list[ToolOutput]:
    """Draw a bar, line, pie or scatter chart or a heat map, as a picture, a drawing or a table.

    Args:
        kind: the form of the chart.
        title: a short heading.
        labels: one label for each value; in a scatter chart, the x values as numbers.
        values: the numbers to draw, at most 200; in a heat map, its upper row.
        more_values: further rows of numbers for the same labels, at most 5, not for a pie; in a
            heat map, its other rows, at most 49.
        names: what the rows are called, in their order.
        outputs: what to make: "png" is a picture, "svg" a drawing that can be scaled, "csv" the
            data as a table; the picture if nothing is said.
    """
    rows = [values, *(more_values or ())][: MAX_HEAT_ROWS + 1]
    data = Data(
        kind,
        _trimmed(title, MAX_TITLE_CHARS),
        tuple(_trimmed(label, MAX_LABEL_CHARS) for label in labels[: MAX_POINTS + 1]),
        tuple(tuple(row[: MAX_POINTS + 1]) for row in rows),
        tuple(_trimmed(name, MAX_LABEL_CHARS) for name in (names or ())[: len(rows)]),
    )
    _check(data)
    wanted: list[Output] = outputs or ["png"]
    return [_made(data, output) for output in dict.fromkeys(wanted)]


def _made(data: Data, output: Output) -> ToolOutput:
    if output == "csv":
        return as_csv(data)
    # Matplotlib takes longer to import than all the rest of Easel's tools together.
    from chat.tools.drawing import drawn

    return Picture(drawn(data, output), described(data))


def described(data: Data) -> str:
    """The chart in words, for those who cannot see it."""
    kind = "Heat map" if data.kind == "heatmap" else f"{data.kind.capitalize()} chart"
    points = list(zip(data.labels, data.rows[0], strict=True))
    told = ", ".join(f"{label}: {value:g}" for label, value in points[:_TOLD_POINTS])
    words = f"{kind} “{data.title}”: {told}"
    if len(points) > _TOLD_POINTS:
        words += f" and {len(points) - _TOLD_POINTS} more"
    low, high = min(points, key=lambda point: point[1]), max(points, key=lambda point: point[1])
    words += f"; lowest {low[1]:g} ({low[0]}), highest {high[1]:g} ({high[0]})."
    for number, row in enumerate(data.rows[1:MAX_ROWS], 1):
        name = data.name(number)
        words += f" {name[:1].upper()}{name[1:]} runs from {min(row):g} to {max(row):g}."
    if len(data.rows) > MAX_ROWS:
        every = [value for row in data.rows for value in row]
        words += f" All {len(data.rows)} rows run from {min(every):g} to {max(every):g}."
    return words


def _check(data: Data) -> None:
    if not data.rows[0] or len(data.labels) > MAX_POINTS:
        raise ToolFailed(f"A chart needs 1 to {MAX_POINTS} values.")
    most = MAX_HEAT_ROWS if data.kind == "heatmap" else MAX_ROWS
    if len(data.rows) > most or len(data.rows) * len(data.labels) > MAX_CELLS:
        raise ToolFailed(f"This chart has at most {most} rows and {MAX_CELLS} values.")
    odd = next((row for row in data.rows if len(row) != len(data.labels)), None)
    if odd is not None:
        raise ToolFailed(
            f"There are {len(data.labels)} labels for {len(odd)} values of a row; there must be "
            "as many."
        )
    every = [value for row in data.rows for value in row]
    if not all(math.isfinite(value) and abs(value) <= MAX_VALUE for value in every):
        raise ToolFailed(f"Every value must be a number between -{MAX_VALUE:g} and {MAX_VALUE:g}.")
    if data.kind == "pie":
        _check_pie(data)
    if data.kind == "scatter":
        positions(data)


def _check_pie(data: Data) -> None:
    (values, *more) = data.rows
    if more or len(values) > MAX_SLICES:
        raise ToolFailed(f"A pie has one row of at most {MAX_SLICES} values; use a bar chart.")
    if min(values) < 0 or sum(values) <= 0:
        raise ToolFailed("The values of a pie must not be negative, nor all zero.")


def _trimmed(text: str, limit: int) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
