"""From a shape and a size in words to a size in pixels that the model makes. Pure."""

import math
import re
from collections.abc import Sequence

_RATIO = re.compile(r"(\d{1,3}):(\d{1,3})")
_PIXELS = re.compile(r"(\d{2,5})x(\d{2,5})")
_SIDES_PX = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}


def best_size(sizes: Sequence[str], aspect_ratio: str = "", image_size: str = "") -> str:
    """The size that comes closest to the asked shape, then to the asked number of pixels.

    Empty where nothing is asked or no size is known: then the server chooses. A shape without
    a size takes the first of its shape in the list.
    """
    if not (aspect_ratio or image_size):
        return ""
    ratio = _ratio(aspect_ratio)
    side_px = _SIDES_PX.get(image_size)

    def distance(size: str) -> tuple[float, float]:
        width_px, height_px = _pixels(size)
        shape = abs(math.log(width_px / height_px / ratio))
        area = abs(math.log(width_px * height_px / side_px**2)) if side_px else 0.0
        return round(shape, 2), area

    known = [size for size in sizes if _PIXELS.fullmatch(size)]
    return min(known, key=distance, default="")


def _ratio(text: str) -> float:
    """Width by height; a square where no shape is asked."""
    found = _RATIO.fullmatch(text)
    return int(found[1]) / int(found[2]) if found and int(found[1]) and int(found[2]) else 1.0


def _pixels(size: str) -> tuple[int, int]:
    width, _, height = size.partition("x")
    return max(1, int(width)), max(1, int(height))
