"""A marked region told in words, for models that take no mask. Pure."""

from chat.core.models import ModelCard
from chat.images.edits import MarkedRegion

_SMALLEST_PERCENT = 0.1
_SMALL = 0.1

_PLACES = {"whole": "covers nearly all of it", "centre": "lies in its centre"}


def instruction(card: ModelCard, region: MarkedRegion) -> str:
    """What a model is told of the region of the question's first picture, as a paragraph.

    Args:
        card: the model; one that draws pictures is told what to leave alone.
        region: what is marked; not empty.
    """
    place = _PLACES.get(region.position, f"lies in its {region.position}")
    told = f"A region of the first picture is marked. It {place}{_extent(region)}."
    if "image" not in card.output_modalities:
        return f"[{told}]\n\n"
    return (
        f"[{told} Change only what is inside this region, as asked below. Keep everything else "
        "exactly as it is: the same size, framing, position, light and colours. Answer with the "
        "whole picture, not with the region alone.]\n\n"
    )


def _extent(region: MarkedRegion) -> str:
    box = region.box
    if box is None:
        return ""
    across = _span(box.x_px, box.width_px, region.width_px)
    down = _span(box.y_px, box.height_px, region.height_px)
    area = f"{_digits(region.share, region.share)} %"
    if 100 * region.share < _SMALLEST_PERCENT:
        area = f"less than {_SMALLEST_PERCENT} %"
    return (
        f": {across} of the width, counted from the left edge, and {down} of the height, counted "
        f"from the top. It covers {area} of the picture's area"
    )


def _span(start: int, length: int, side: int) -> str:
    share = length / side
    low, high = (_digits(edge / side, share) for edge in (start, start + length))
    return f"from {low} % to {high} %"


def _digits(share: float, of: float) -> str:
    """Whole percents; tenths where what is told of is small."""
    return f"{100 * share:.1f}".removesuffix(".0") if of < _SMALL else f"{100 * share:.0f}"
