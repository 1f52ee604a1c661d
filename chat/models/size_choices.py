"""The shapes and the scales that sizes in pixels come to, as people choose them. Pure."""

import math
from collections.abc import Sequence
from fractions import Fraction

from chat.core.shapes import SIDES_PX, pixels_of

_USUAL = tuple(
    Fraction(*sides)
    for width, height in ((1, 1), (3, 2), (4, 3), (5, 4), (16, 9), (21, 9), (2, 1))
    for sides in ((width, height), (height, width))
)
_NAMES = {Fraction(21, 9): "21:9", Fraction(9, 21): "9:21"}
"""Ratios that nobody calls by their smallest numbers."""
_NEAR = 0.02
"""As a part: 1792x1024 is called 16:9."""


def is_size(text: str) -> bool:
    """Whether it is a width and a height in pixels, such as ``1024x1024``."""
    return pixels_of(text) is not None


def aspect_ratios(sizes: Sequence[str]) -> tuple[str, ...]:
    """The shapes of these sizes, each once, in their order."""
    return tuple(dict.fromkeys(_ratio(*pixels) for pixels in map(pixels_of, sizes) if pixels))


def image_sizes(sizes: Sequence[str]) -> tuple[str, ...]:
    """The scales of these sizes, the smallest first; none where there is but one."""
    found = {_scale(*pixels) for pixels in map(pixels_of, sizes) if pixels}
    return tuple(scale for scale in SIDES_PX if scale in found) if len(found) > 1 else ()


def _ratio(width_px: int, height_px: int) -> str:
    exact = Fraction(width_px, height_px)
    near = min(_USUAL, key=lambda usual: abs(math.log(exact / usual)))
    if abs(math.log(exact / near)) > _NEAR:
        near = exact.limit_denominator(20)
    return _NAMES.get(near, f"{near.numerator}:{near.denominator}")


def _scale(width_px: int, height_px: int) -> str:
    side_px = math.sqrt(width_px * height_px)
    return min(SIDES_PX, key=lambda scale: abs(math.log(side_px / SIDES_PX[scale])))
