"""Masks by themselves: what they mark, and the form in which models read them.

Runs in the picture process.
"""

from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chat.core.parts import Json
from chat.images.blending import blended
from chat.images.compare import position
from chat.images.edits import Box
from chat.images.limits import Limits
from chat.images.markup import COLOUR, OPACITY
from chat.images.raster import as_image, coloured, mask_alone, read_srgb

_PNG_LEVEL = 1
_ROWS = 256
"""Blended at once: as floats a whole picture of 50 megapixels has no room."""


def bounding_box(mask: NDArray[np.uint8]) -> Box | None:
    """The smallest box around what a mask marks; ``None`` where it marks nothing."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    left, top = int(columns[0]), int(rows[0])
    return Box(left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)


def marked_task(
    _job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.marked`; file: the mask."""
    (mask_file,) = files
    mask = mask_alone(mask_file, limits)
    height, width = mask.shape
    box = bounding_box(mask)
    found = {
        "width_px": width,
        "height_px": height,
        "box": None if box is None else asdict(box),
        "share": float(mask.mean(dtype=np.float64)) / 255,
        "position": "" if box is None else position(box, (width, height)),
    }
    return found, []


def model_mask_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.model_mask`; file: the mask."""
    (mask_file,) = files
    size = int(job["width_px"]), int(job["height_px"])
    mask = _sized(mask_alone(mask_file, limits), size)
    made = np.full((*mask.shape, 4), 255, np.uint8)
    made[..., 3] -= mask
    out = BytesIO()
    Image.fromarray(made).save(out, "PNG", compress_level=_PNG_LEVEL)
    return {"width_px": size[0], "height_px": size[1]}, [out.getvalue()]


def painted_over_task(
    _job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.painted_over`; files: picture, mask."""
    picture_file, mask_file = files
    picture = read_srgb(picture_file, limits)
    size = picture.width, picture.height
    mask = _sized(mask_alone(mask_file, limits), size)
    levels = np.array([[COLOUR]], np.float32)
    before = coloured(picture.pixels)
    painted = np.empty_like(before)
    for top in range(0, size[1], _ROWS):
        rows = slice(top, top + _ROWS)
        share = mask[rows].astype(np.float32) * np.float32(OPACITY / 255)
        painted[rows] = blended(before[rows], levels, share[..., None])
    out = BytesIO()
    as_image(painted).save(out, "PNG", compress_level=_PNG_LEVEL)
    return {"width_px": size[0], "height_px": size[1]}, [out.getvalue()]


def _sized(mask: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    import cv2

    if mask.shape == size[::-1]:
        return mask
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.uint8)
