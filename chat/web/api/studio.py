"""Work on a picture without a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from chat.web.api.values import Body, ClientId, Id, Sha


class Edit(Body):
    """Operations on a picture, without a model."""

    picture: Sha
    operations: list[dict[str, Any]] = Field(min_length=1, max_length=100)
    """The JSON form of each, in order: ``{"operation": "flip", "direction": "horizontal"}``."""
    client_id: ClientId
    parent_id: Id | None = None


class Preview(Body):
    """Operations whose result is only looked at."""

    operations: list[dict[str, Any]] = Field(min_length=1, max_length=100)


class Enlargement(Body):
    """A picture to be enlarged by the upscaling network."""

    picture: Sha
    factor: Literal[2, 3, 4]
    client_id: ClientId
    parent_id: Id | None = None


class Selecting(Body):
    """Where a subject is, in pixels of the picture as shown: one of the two."""

    point: tuple[int, int] | None = None
    box: tuple[int, int, int, int] | None = None
    """Left, top, width, height."""


@dataclass(frozen=True, kw_only=True)
class Region:
    """A connected area that differs between two pictures, in pixels of the first."""

    position: str
    """``whole``, ``centre``, ``upper left`` ..."""
    share: float
    """Of the picture's area, from 0 to 1."""
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class ComparedPictures:
    """How two pictures differ."""

    same: bool
    changed_share: float
    mean_levels: float
    mean_delta_e: float
    ssim: float
    size_before: tuple[int, int]
    size_after: tuple[int, int]
    extent: str
    regions: list[Region]
    """The largest first, at most five."""


@dataclass(frozen=True, kw_only=True)
class Extra:
    """An optional part of the program."""

    installed: bool
    install_command: str


@dataclass(frozen=True, kw_only=True)
class Extras:
    """Every optional part, by name."""

    extras: Mapping[str, Extra]
