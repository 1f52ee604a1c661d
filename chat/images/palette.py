"""What a picture is to look at, in figures: its size, and the colours that most of it has.

Runs in the picture process.
"""

from collections.abc import Mapping

import numpy as np
from PIL import Image

from chat.core.parts import Json
from chat.images.limits import Limits
from chat.images.raster import as_image, coloured, read_srgb

_SIDE_PX = 200
_SEEN_ALPHA = 128


def palette_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.palette`."""
    pixels = read_srgb(files[0], limits).pixels
    height, width = pixels.shape[:2]
    small = as_image(coloured(pixels))
    small.thumbnail((_SIDE_PX, _SIDE_PX), Image.Resampling.BOX)
    levels = np.asarray(small).reshape(-1, len(small.getbands()))
    seen = levels if levels.shape[1] == 3 else levels[levels[:, 3] >= _SEEN_ALPHA]
    found = {
        "width_px": width,
        "height_px": height,
        "colours": _colours(np.ascontiguousarray(seen[:, :3]), int(job["most"])),
        "clear_share": 1 - len(seen) / len(levels),
    }
    return found, []


def _colours(levels: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]", most: int) -> list[Json]:
    """The colours by median cut, made exact by k-means; the largest share first."""
    if not len(levels):
        return []
    row = Image.fromarray(levels[None])
    cut = row.quantize(most, Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE)
    table = cut.getpalette() or []
    counted = sorted(cut.getcolors(most) or [], key=lambda each: -each[0])
    return [
        ["#{:02x}{:02x}{:02x}".format(*table[3 * place : 3 * place + 3]), count / len(levels)]
        for count, place in counted
        if isinstance(place, int)
    ]
