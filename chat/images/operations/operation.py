"""What every operation on a picture is: frozen, checked when it is made, and stored as JSON.

The JSON form is an object whose ``operation`` names the row of the registry and whose other keys
are the fields: ``{"operation": "crop", "x_px": 0, "y_px": 8, "width_px": 640, "height_px": 480}``.
"""

from __future__ import annotations

import dataclasses
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from chat.core.errors import MediaRejected
from chat.core.parts import Json

if TYPE_CHECKING:
    from chat.images.raster import Raster


@dataclass(frozen=True)
class Operation(ABC):
    """One step. Making one with impossible values raises ``MediaRejected``.

    Fields are numbers, booleans, strings or tuples of those and of marks; a list in JSON is a
    tuple here.
    """

    name: ClassVar[str]
    """Its key in the registry and in JSON."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The sha256 of each further file that it needs, in the order in which it takes them."""
        return ()

    @classmethod
    def from_fields(cls, stored: Mapping[str, Json]) -> Operation:
        """Make one from the fields in JSON.

        Raises:
            MediaRejected: a field is missing, unknown or impossible.
        """
        known = {each.name: each for each in dataclasses.fields(cls)}
        needed = {name for name, each in known.items() if each.default is dataclasses.MISSING}
        if not needed <= set(stored) <= set(known):
            raise MediaRejected(f"The edit {cls.name} does not have these values.")
        return cls(**stored)

    @abstractmethod
    def apply(self, picture: Raster, inputs: Mapping[str, bytes], /) -> Raster:
        """Make the new picture; runs in the picture process.

        Raises:
            MediaRejected: it is impossible for this picture.
        """

    def to_json(self) -> dict[str, Json]:
        """The form that is stored."""
        return {"operation": self.name, **dataclasses.asdict(self)}


def number(value: object, low: float, high: float, what: str) -> None:
    """Check a field.

    Raises:
        MediaRejected: it is no finite number from ``low`` to ``high``.
    """
    right = isinstance(value, int | float) and not isinstance(value, bool)
    if not right or not low <= value <= high:  # type: ignore[operator]
        raise MediaRejected(f"{what} must be a number from {low:g} to {high:g}.")


def whole(value: object, low: int, high: int, what: str) -> None:
    """Check a field.

    Raises:
        MediaRejected: it is no whole number from ``low`` to ``high``.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise MediaRejected(f"{what} must be a whole number from {low} to {high}.")


def sha256(value: object, what: str) -> None:
    """Check a field that names a file.

    Raises:
        MediaRejected: it is no sha256 in lower case.
    """
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise MediaRejected(f"{what} is named by its sha256.")


def one_of(value: object, known: tuple[str, ...], what: str) -> None:
    """Check a field.

    Raises:
        MediaRejected: it is none of the known words.
    """
    if value not in known:
        raise MediaRejected(f"{what} must be one of {', '.join(known)}.")
