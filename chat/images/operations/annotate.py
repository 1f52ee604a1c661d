"""Arrows, boxes, text and freehand strokes, drawn onto the picture."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from chat.core.errors import MediaRejected
from chat.core.parts import Json
from chat.core.text import clean_text
from chat.images.blending import blended
from chat.images.lettering import about_unknown, font, unknown_letters
from chat.images.operations.operation import Operation, number, one_of, whole
from chat.images.raster import Raster, coloured, from_srgb, to_srgb

_MAX_MARKS = 500
_MAX_POINTS = 5_000
_MAX_LETTERS = 2_000
_FAR_PX = 40_000
_HEAD = 4.5
# Sub-pixels of OpenCV's lines, in bits.
_SHIFT = 4

Coverage: TypeAlias = tuple[int, int, NDArray[np.uint8]]
"""Left, top, and how much of each pixel is covered, 0 to 255."""


@dataclass(frozen=True)
class Mark:
    """One thing that is drawn. Points are ``((x, y), ...)`` in pixels.

    What each kind takes: ``arrow`` two points, the second its tip; ``box`` two opposite corners;
    ``stroke`` one or more; ``text`` one, the upper left corner of its first line.
    """

    kind: str
    points: tuple[tuple[float, float], ...]
    colour: str = "#ff0040"
    """As ``#rrggbb``, in sRGB."""
    width_px: float = 6.0
    """Of the line; without meaning for text."""
    text: str = ""
    size_px: int = 32
    """Of the letters."""

    def __post_init__(self) -> None:
        one_of(self.kind, tuple(_DRAWN), "The kind of a mark")
        _check_points(self.kind, self.points)
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", str(self.colour)):
            raise MediaRejected("A colour is written as #rrggbb.")
        number(self.width_px, 1, 1000, "The width of a line")
        whole(self.size_px, 4, 2000, "The size of letters")
        if len(self.text) > _MAX_LETTERS:
            raise MediaRejected(f"A text has at most {_MAX_LETTERS} letters.")
        if (self.kind == "text") != bool(self.text.strip()):
            raise MediaRejected("A text mark needs a text, and no other mark has one.")


@dataclass(frozen=True)
class Annotate(Operation):
    """Draw marks in their order."""

    marks: tuple[Mark, ...] = field(default=())

    name: ClassVar[str] = "annotate"

    def __post_init__(self) -> None:
        if (
            not all(isinstance(one, Mark) for one in self.marks)
            or not 1 <= len(self.marks) <= _MAX_MARKS
        ):
            raise MediaRejected(f"An annotation has from 1 to {_MAX_MARKS} marks.")

    @classmethod
    def from_fields(cls, stored: Mapping[str, Json]) -> "Annotate":
        """From JSON."""
        marks = stored.get("marks")
        if set(stored) != {"marks"} or not isinstance(marks, list | tuple):
            raise MediaRejected("An annotation is a list of marks.")
        return cls(tuple(_mark(one) for one in marks))

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """In the picture's own depth; a grey picture takes colours if a mark has one."""
        colours = [_rgb(mark.colour) for mark in self.marks]
        if picture.pixels.shape[2] == 1 and any(len(set(rgb)) > 1 for rgb in colours):
            picture = to_srgb(picture) if picture.profile else picture
            picture = replace(picture, pixels=coloured(picture.pixels))
        made = picture.pixels.copy()
        unknown: list[str] = []
        for mark, rgb in zip(self.marks, colours, strict=True):
            swatch = np.array([[rgb]], np.uint8)
            levels = rgb[:1] if made.shape[2] == 1 else from_srgb(swatch, picture.profile)[0, 0]
            drawn = _DRAWN[mark.kind](mark)
            _lay(made, drawn, np.asarray(levels, np.float32))
            unknown += [] if mark.kind != "text" else unknown_letters(mark.text)
        note = picture.note
        if unknown:
            note = " ".join(filter(None, (note, about_unknown(unknown))))
        return replace(picture, pixels=made, note=note)


def _mark(stored: Json) -> Mark:
    known = {each.name for each in fields(Mark)}
    if not isinstance(stored, Mapping) or not {"kind", "points"} <= set(stored) <= known:
        raise MediaRejected("A mark has a kind, points, and perhaps colour, width and text.")
    points = stored["points"]
    if not isinstance(points, list | tuple) or not all(
        isinstance(point, list | tuple) for point in points
    ):
        raise MediaRejected("A mark's points are pairs of numbers.")
    text = stored.get("text", "")
    if not isinstance(text, str):
        raise MediaRejected("The text of a mark is a text.")
    # What no store can keep and no font can draw is gone before the recipe is written.
    whole_text = {"text": clean_text(text)} if text else {}
    pairs = tuple(tuple(point) for point in points)
    return Mark(**{**stored, "points": pairs, **whole_text})


def _check_points(kind: str, points: Sequence[Any]) -> None:
    counts = {"arrow": (2, 2), "box": (2, 2), "text": (1, 1), "stroke": (1, _MAX_POINTS)}
    low, high = counts[kind]
    if not isinstance(points, tuple) or not low <= len(points) <= high:
        raise MediaRejected(f"A mark of the kind {kind} has from {low} to {high} points.")
    for point in points:
        if not isinstance(point, tuple) or len(point) != 2:
            raise MediaRejected("A mark's points are pairs of numbers.")
        for part in point:
            number(part, -_FAR_PX, _FAR_PX, "A coordinate")


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def _lay(made: Any, drawn: Coverage, levels: NDArray[np.float32]) -> None:
    """Blend a colour into pixels, where they are covered."""
    left, top, coverage = drawn
    height, width = coverage.shape
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(made.shape[1], left + width), min(made.shape[0], top + height)
    if x1 <= x0 or y1 <= y0:
        return
    part = coverage[y0 - top : y1 - top, x0 - left : x1 - left]
    share = (part.astype(np.float32) / np.float32(255))[..., None]
    place = (slice(y0, y1), slice(x0, x1))
    flat = np.broadcast_to(levels, (*part.shape, len(levels)))
    made[place] = np.where(share > 0, blended(made[place], flat, share), made[place])


def _canvas(mark: Mark, reach_px: float) -> tuple[int, int, NDArray[np.uint8]]:
    points = np.array(mark.points, float)
    low = np.floor(points.min(axis=0) - reach_px).astype(int)
    high = np.ceil(points.max(axis=0) + reach_px).astype(int) + 1
    # What lies outside any picture is not drawn.
    low, high = np.clip(low, -64, _FAR_PX), np.clip(high, -63, _FAR_PX + 1)
    size = np.maximum(high - low, 1)
    if int(size[0]) * int(size[1]) > 60_000_000:
        raise MediaRejected("A mark is too large to be drawn.")
    return int(low[0]), int(low[1]), np.zeros((size[1], size[0]), np.uint8)


def _fixed(points: Any, left: int, top: int) -> Any:
    moved = (np.asarray(points, float) - [left, top]) * (1 << _SHIFT)
    return np.round(moved).astype(np.int32)


def _stroke(mark: Mark) -> Coverage:
    import cv2

    left, top, canvas = _canvas(mark, mark.width_px / 2 + 2)
    if len(mark.points) == 1:
        middle = _fixed(mark.points[0], left, top)
        radius = round(mark.width_px / 2 * (1 << _SHIFT))
        cv2.circle(canvas, middle.tolist(), radius, 255, -1, cv2.LINE_AA, _SHIFT)
        return left, top, canvas
    path = [_fixed(mark.points, left, top)]
    cv2.polylines(canvas, path, False, 255, max(1, round(mark.width_px)), cv2.LINE_AA, _SHIFT)
    return left, top, canvas


def _box(mark: Mark) -> Coverage:
    import cv2

    (x0, y0), (x1, y1) = mark.points
    left, top, canvas = _canvas(mark, mark.width_px / 2 + 2)
    path = [_fixed([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], left, top)]
    cv2.polylines(canvas, path, True, 255, max(1, round(mark.width_px)), cv2.LINE_AA, _SHIFT)
    return left, top, canvas


def _arrow(mark: Mark) -> Coverage:
    import cv2

    tail, tip = (np.array(point, float) for point in mark.points)
    along = tip - tail
    length = float(np.hypot(*along))
    along = along / length if length > 0 else np.array([1.0, 0.0])
    across = np.array([-along[1], along[0]])
    head = min(max(_HEAD * mark.width_px, 12.0), max(length, 1.0))
    left, top, canvas = _canvas(mark, head + mark.width_px)
    neck = tip - along * head * 0.8
    thickness = max(1, round(mark.width_px))
    shaft = [_fixed([tail, neck], left, top)]
    cv2.polylines(canvas, shaft, False, 255, thickness, cv2.LINE_AA, _SHIFT)
    base = tip - along * head
    corners = [tip, base + across * head * 0.5, neck, base - across * head * 0.5]
    cv2.fillPoly(canvas, [_fixed(corners, left, top)], 255, cv2.LINE_AA, _SHIFT)
    return left, top, canvas


def _text(mark: Mark) -> Coverage:
    letters = font(mark.size_px)
    ruler = ImageDraw.Draw(Image.new("L", (1, 1)))
    x0, y0, x1, y1 = ruler.multiline_textbbox((0, 0), mark.text, font=letters)
    width, height = int(np.ceil(x1 - x0)) + 2, int(np.ceil(y1 - y0)) + 2
    if width * height > 60_000_000:
        raise MediaRejected("A text is too large to be drawn.")
    page = Image.new("L", (width, height))
    ImageDraw.Draw(page).multiline_text((1 - x0, 1 - y0), mark.text, fill=255, font=letters)
    (x, y) = mark.points[0]
    return round(x + x0) - 1, round(y + y0) - 1, np.asarray(page)


_DRAWN = {"arrow": _arrow, "box": _box, "stroke": _stroke, "text": _text}
