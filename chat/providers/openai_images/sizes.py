"""From a shape and a size in words to a size in pixels that the model makes. Pure."""

import math
from collections.abc import Sequence

from chat.core.shapes import SIDES_PX, pixels_of, ratio_of


def best_size(sizes: Sequence[str], aspect_ratio: str = "", image_size: str = "") -> str:
    """The size that comes closest to the asked shape, then to the asked number of pixels.

    Empty where nothing is asked or no size is known: then the server chooses. A shape without
    a size takes the first of its shape in the list.
    """
    if not (aspect_ratio or image_size):
        return ""
    wide, high = ratio_of(aspect_ratio) or (1.0, 1.0)  # a square where no shape is asked
    side_px = SIDES_PX.get(image_size)

    def distance(size: str) -> tuple[float, float]:
        width_px, height_px = known[size]
        shape = abs(math.log(width_px / height_px * high / wide))
        area = abs(math.log(width_px * height_px / side_px**2)) if side_px else 0.0
        return round(shape, 2), area

    known = {size: pixels for size in sizes if (pixels := pixels_of(size)) is not None}
    return min(known, key=distance, default="")
