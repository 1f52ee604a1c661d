"""Charts from numbers. Checks what is to be drawn; ``drawing`` puts it on paper."""

import math

from chat.core.errors import ToolFailed
from chat.core.ports import Picture
from chat.tools.chart_data import MAX_VALUE, Data, Kind, positions

MAX_POINTS = 200
MAX_SLICES = 12
MAX_LABEL_CHARS = 60
MAX_TITLE_CHARS = 120
_TOLD_POINTS = 12


def chart(
    kind: Kind,
    title: str,
    labels: list[str],
    values: list[float],
    second_values: list[float] | None = None,
    names: list[str] | None = None,
) -> Picture:
    """Draw a bar, line, pie or scatter chart as a picture.

    Args:
        kind: the form of the chart.
        title: a short heading.
        labels: one label for each value; in a scatter chart, the x values as numbers.
        values: the numbers to draw, at most 200.
        second_values: a second row of numbers for the same labels, not for a pie.
        names: what the one or two rows are called, for the legend.
    """
    data = Data(
        kind,
        _trimmed(title, MAX_TITLE_CHARS),
        tuple(_trimmed(label, MAX_LABEL_CHARS) for label in labels[: MAX_POINTS + 1]),
        tuple(values[: MAX_POINTS + 1]),
        tuple((second_values or ())[: MAX_POINTS + 1]),
        tuple(_trimmed(name, MAX_LABEL_CHARS) for name in (names or ())[:2]),
    )
    _check(data)
    # Matplotlib takes longer to import than all the rest of Easel's tools together.
    from chat.tools.drawing import png

    return Picture(png(data), described(data))


def described(data: Data) -> str:
    """The chart in words, for those who cannot see it."""
    points = list(zip(data.labels, data.values, strict=True))
    told = ", ".join(f"{label}: {value:g}" for label, value in points[:_TOLD_POINTS])
    low, high = min(points, key=lambda point: point[1]), max(points, key=lambda point: point[1])
    words = f"{data.kind.capitalize()} chart “{data.title}”: {told}"
    if len(points) > _TOLD_POINTS:
        words += f" and {len(points) - _TOLD_POINTS} more"
    words += f"; lowest {low[1]:g} ({low[0]}), highest {high[1]:g} ({high[0]})."
    if data.second:
        words += f" A second row runs from {min(data.second):g} to {max(data.second):g}."
    return words


def _check(data: Data) -> None:
    rows = (data.values, data.second) if data.second else (data.values,)
    if not data.values or len(data.values) > MAX_POINTS:
        raise ToolFailed(f"A chart needs 1 to {MAX_POINTS} values.")
    if any(len(row) != len(data.labels) for row in rows):
        raise ToolFailed(
            f"There are {len(data.labels)} labels for "
            f"{' and '.join(str(len(row)) for row in rows)} values; there must be as many."
        )
    if not all(math.isfinite(value) and abs(value) <= MAX_VALUE for row in rows for value in row):
        raise ToolFailed(f"Every value must be a number between -{MAX_VALUE:g} and {MAX_VALUE:g}.")
    if data.kind == "pie":
        _check_pie(data)
    if data.kind == "scatter":
        positions(data)


def _check_pie(data: Data) -> None:
    if data.second or len(data.values) > MAX_SLICES:
        raise ToolFailed(f"A pie has one row of at most {MAX_SLICES} values; use a bar chart.")
    if min(data.values) < 0 or sum(data.values) <= 0:
        raise ToolFailed("The values of a pie must not be negative, nor all zero.")


def _trimmed(text: str, limit: int) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
