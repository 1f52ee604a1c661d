"""Operations that move pixels: crop, turn, flip, resize, extend.

All but free rotation and resizing copy pixels and calculate none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chat.core.errors import MediaRejected
from chat.images.operations.operation import Operation, number, one_of, whole
from chat.images.raster import Pixels, Raster, with_alpha

Change: TypeAlias = Callable[[NDArray[Any]], NDArray[Any]]

MAX_SIDE_PX = 32_000
_MOST_PIXELS = 50_000_000
_STRIP_ROWS = 256
_FILLS = ("transparent", "white", "black", "edge")


@dataclass(frozen=True)
class Crop(Operation):
    """Keep a rectangle, in pixels of the picture as it is by then."""

    x_px: int
    y_px: int
    width_px: int
    height_px: int

    name: ClassVar[str] = "crop"

    def __post_init__(self) -> None:
        whole(self.x_px, 0, MAX_SIDE_PX, "The left edge")
        whole(self.y_px, 0, MAX_SIDE_PX, "The upper edge")
        whole(self.width_px, 1, MAX_SIDE_PX, "The width")
        whole(self.height_px, 1, MAX_SIDE_PX, "The height")

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """Cut; a rectangle that does not lie inside the picture is refused."""
        right, low = self.x_px + self.width_px, self.y_px + self.height_px
        if right > picture.width or low > picture.height:
            raise MediaRejected(
                f"The crop reaches to {right} × {low}; "
                f"the picture is {picture.width} × {picture.height} pixels."
            )
        area = (slice(self.y_px, low), slice(self.x_px, right))
        new = None if picture.new_area is None else picture.new_area[area]
        return replace(picture, pixels=picture.pixels[area], new_area=new)


@dataclass(frozen=True)
class Turn(Operation):
    """Turn clockwise by quarters; four of them are none."""

    quarters: int

    name: ClassVar[str] = "turn"

    def __post_init__(self) -> None:
        whole(self.quarters, 1, 3, "The number of quarter turns")

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """Without loss."""
        return _each(picture, lambda pixels: np.rot90(pixels, -self.quarters))


@dataclass(frozen=True)
class Flip(Operation):
    """Mirror the picture: ``horizontal`` changes left and right, ``vertical`` top and bottom."""

    direction: str

    name: ClassVar[str] = "flip"

    def __post_init__(self) -> None:
        one_of(self.direction, ("horizontal", "vertical"), "The direction")

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """Without loss."""
        axis = 1 if self.direction == "horizontal" else 0
        return _each(picture, lambda pixels: np.flip(pixels, axis))


@dataclass(frozen=True)
class Rotate(Operation):
    """Turn clockwise by any angle from -180 to 180 degrees.

    The canvas grows to hold the turned picture, its corners see-through; with ``crop`` the
    largest rectangle of the picture's proportions that has no empty corner is kept instead.
    """

    degrees: float
    crop: bool = False

    name: ClassVar[str] = "rotate"

    def __post_init__(self) -> None:
        number(self.degrees, -180, 180, "The angle")
        if not isinstance(self.crop, bool):
            raise MediaRejected("Whether to crop is yes or no.")

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """Multiples of 90 degrees are without loss."""
        quarters = self.degrees / 90
        if quarters == round(quarters):
            return _each(picture, lambda pixels: np.rot90(pixels, -round(quarters)))
        import cv2

        radians = np.radians(self.degrees)
        cosine, sine = abs(float(np.cos(radians))), abs(float(np.sin(radians)))
        width, height = picture.width, picture.height
        if self.crop:
            share = min(
                width / (width * cosine + height * sine), height / (width * sine + height * cosine)
            )
            size = max(1, int(width * share)), max(1, int(height * share))
        else:
            size = (
                int(np.ceil(width * cosine + height * sine - 1e-6)),
                int(np.ceil(width * sine + height * cosine - 1e-6)),
            )
            bounded(*size)
        turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -self.degrees, 1)
        turn[:, 2] += np.array([(size[0] - width) / 2, (size[1] - height) / 2])
        pixels = picture.pixels if self.crop else with_alpha(picture.pixels)
        border = cv2.BORDER_REPLICATE if self.crop else cv2.BORDER_CONSTANT

        def turned(each: NDArray[Any]) -> NDArray[Any]:
            made: NDArray[Any] = cv2.warpAffine(
                each, turn, size, flags=cv2.INTER_CUBIC, borderMode=border, borderValue=0
            )
            return made

        new = None if picture.new_area is None else _flat(turned(picture.new_area[..., None]))
        return replace(
            picture,
            pixels=weighed(pixels, turned),
            new_area=new,
            profile=kept_profile(picture, pixels),
        )


@dataclass(frozen=True)
class Resize(Operation):
    """Another size in pixels; proportions are not kept by themselves."""

    width_px: int
    height_px: int

    name: ClassVar[str] = "resize"

    def __post_init__(self) -> None:
        whole(self.width_px, 1, MAX_SIDE_PX, "The width")
        whole(self.height_px, 1, MAX_SIDE_PX, "The height")
        bounded(self.width_px, self.height_px)

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """Averages when it becomes smaller, Lanczos when larger."""
        import cv2

        size = (self.width_px, self.height_px)
        if size == (picture.width, picture.height):
            return picture
        smaller = self.width_px <= picture.width and self.height_px <= picture.height
        how = cv2.INTER_AREA if smaller else cv2.INTER_LANCZOS4

        def resized(each: NDArray[Any]) -> NDArray[Any]:
            made: NDArray[Any] = cv2.resize(each, size, interpolation=how)
            return made

        new = None if picture.new_area is None else _flat(resized(picture.new_area[..., None]))
        return replace(picture, pixels=weighed(picture.pixels, resized), new_area=new)


@dataclass(frozen=True)
class Extend(Operation):
    """Add canvas at the sides, in pixels; the result tells which area is new.

    ``fill`` is what lies there until it is painted: ``transparent``, ``white``, ``black``, or
    ``edge``, which repeats the outermost pixels.
    """

    left_px: int = 0
    top_px: int = 0
    right_px: int = 0
    bottom_px: int = 0
    fill: str = "transparent"

    name: ClassVar[str] = "extend"

    def __post_init__(self) -> None:
        for side in (self.left_px, self.top_px, self.right_px, self.bottom_px):
            whole(side, 0, MAX_SIDE_PX, "What is added at a side")
        one_of(self.fill, _FILLS, "The filling")

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """The picture itself is copied."""
        width = picture.width + self.left_px + self.right_px
        height = picture.height + self.top_px + self.bottom_px
        bounded(width, height)
        pixels = with_alpha(picture.pixels) if self.fill == "transparent" else picture.pixels
        profile = kept_profile(picture, pixels)
        area = (
            slice(self.top_px, self.top_px + picture.height),
            slice(self.left_px, self.left_px + picture.width),
        )
        sides = ((self.top_px, self.bottom_px), (self.left_px, self.right_px), (0, 0))
        if self.fill == "edge":
            made = np.pad(pixels, sides, mode="edge")
        else:
            made = np.zeros((height, width, pixels.shape[2]), pixels.dtype)
            if self.fill == "white":
                made[:] = picture.most
            elif self.fill == "black" and pixels.shape[2] == 4:
                made[..., 3] = picture.most
            made[area] = pixels
        new = np.full((height, width), 255, np.uint8)
        new[area] = 0 if picture.new_area is None else picture.new_area
        return replace(picture, pixels=made, new_area=new, profile=profile)


def weighed(pixels: Pixels, change: Change) -> Pixels:
    """Resample with colours weighed by alpha, so that what is see-through lends no colour.

    Args:
        pixels: Shape (height, width, channels).
        change: Makes an array of another size of an array; both have the same channels.
    """
    if pixels.shape[2] != 4:
        return _three(change(pixels))
    most = 65535 if pixels.dtype == np.uint16 else 255
    # Colours times alpha: of 8 bits each they fit into 16, which is half of what floats take.
    weighty = np.empty(pixels.shape, np.uint16 if most == 255 else np.float32)
    for top in range(0, len(pixels), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        weighty[rows] = pixels[rows]
        weighty[rows, :, :3] *= weighty[rows, :, 3:]
        weighty[rows, :, 3] *= most
    changed = change(weighty)
    del weighty
    made = np.empty(changed.shape, pixels.dtype)
    for top in range(0, len(changed), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        part = changed[rows].astype(np.float32)
        alpha = np.clip(part[..., 3:] / most, 0, most)
        colours = np.clip(part[..., :3] / np.maximum(alpha, 1e-3), 0, most)
        made[rows] = np.concatenate((colours, alpha), axis=2) + np.float32(0.5)
    return made


def _three(pixels: Pixels) -> Pixels:
    """OpenCV drops the axis of a lone channel."""
    return pixels[..., None] if pixels.ndim == 2 else pixels


def _flat(mask: Pixels) -> NDArray[np.uint8]:
    flat = mask[..., 0] if mask.ndim == 3 else mask
    return flat.astype(np.uint8)


def _each(picture: Raster, move: Change) -> Raster:
    """Move the pixels, and the new area with them."""
    new = None if picture.new_area is None else _flat(move(picture.new_area[..., None]))
    return replace(picture, pixels=move(picture.pixels), new_area=new)


def kept_profile(picture: Raster, pixels: Pixels) -> bytes:
    """The profile, unless the pixels became RGB and it is one of grey."""
    return b"" if picture.pixels.shape[2] == 1 != pixels.shape[2] else picture.profile


def bounded(width: int, height: int) -> None:
    """Check a size in pixels. Raises ``MediaRejected`` for one that no picture here may have."""
    if width * height > _MOST_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise MediaRejected(
            f"A picture here has at most {_MOST_PIXELS // 1_000_000} megapixels "
            f"and {MAX_SIDE_PX} pixels a side."
        )
