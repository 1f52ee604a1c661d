"""What a chart shows, before anybody draws it."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chat.core.errors import ToolFailed

Kind: TypeAlias = Literal["bar", "line", "pie", "scatter"]

MAX_VALUE = 1e15


@dataclass(frozen=True, slots=True)
class Data:
    """What a chart shows: as many labels as values, and a second row or none."""

    kind: Kind
    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    second: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    """What the rows are called; empty where nobody said."""


def positions(data: Data) -> list[float]:
    """The x values of a scatter chart."""
    try:
        found = [float(label) for label in data.labels]
    except ValueError as error:
        raise ToolFailed("In a scatter chart the labels are the x values: numbers.") from error
    if not all(math.isfinite(value) and abs(value) <= MAX_VALUE for value in found):
        raise ToolFailed("In a scatter chart the labels are the x values: finite numbers.")
    return found
