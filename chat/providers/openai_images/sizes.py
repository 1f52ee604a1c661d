"""From a shape and a size in words to a size in pixels that the model makes. Pure."""

import math
from collections.abc import Mapping, Sequence

from chat.core.models import ModelCard
from chat.core.parts import Json
from chat.core.shapes import SIDES_PX, pixels_of, ratio_of


def size_asked(card: ModelCard, options: Mapping[str, Json]) -> str:
    """The size in pixels that a model is asked for, such as ``1536x1024``; empty: it chooses.

    An exact size that was chosen goes before shape and scale. What the model does not offer was
    chosen for another one.
    """
    limits, exact = card.size_limits, options.get("pixels")
    if limits is not None and isinstance(exact, str) and pixels_of(exact) is not None:
        return exact
    shape, scale = options.get("aspect_ratio"), options.get("image_size")
    ratio = str(shape) if shape in card.aspect_ratios else ""
    size = str(scale) if scale in card.image_sizes else ""
    if card.sizes or limits is None:
        return best_size(card.sizes, ratio, size)
    return limits.nearest(ratio, size)


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
