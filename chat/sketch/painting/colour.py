"""Colours as triples of 0..255 and the little arithmetic painting needs."""

import colorsys
from typing import TypeAlias

Rgb: TypeAlias = tuple[int, int, int]

WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """Between two colours: share 0 is the one, 1 the other."""
    return (
        _byte(one[0] + (other[0] - one[0]) * share),
        _byte(one[1] + (other[1] - one[1]) * share),
        _byte(one[2] + (other[2] - one[2]) * share),
    )


def lighter(colour: Rgb, share: float = 0.2) -> Rgb:
    """Towards a warm white, as light falls."""
    return mix(colour, (255, 250, 238), share)


def darker(colour: Rgb, share: float = 0.2) -> Rgb:
    """Towards a bluish black, as shade falls."""
    return mix(colour, (18, 20, 44), share)


def times(colour: Rgb, tint: tuple[float, float, float]) -> Rgb:
    """Each channel multiplied: what a surface looks like in coloured light."""
    return (_byte(colour[0] * tint[0]), _byte(colour[1] * tint[1]), _byte(colour[2] * tint[2]))


def luma(colour: Rgb) -> float:
    """How light a colour looks, 0..255 (Rec. 601)."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def hue(colour: Rgb) -> float:
    """Degrees on the colour wheel, 0 red, 120 green, 240 blue; 0 for greys."""
    return colorsys.rgb_to_hsv(colour[0] / 255, colour[1] / 255, colour[2] / 255)[0] * 360


def _byte(value: float) -> int:
    return max(0, min(255, round(value)))
