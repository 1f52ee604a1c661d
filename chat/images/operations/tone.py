"""Exposure, contrast, warmth and saturation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from chat.images.colour import Floats
from chat.images.operations.operation import Operation, number
from chat.images.raster import Pixels, Raster

_STRIP_ROWS = 256
# How brightness weighs in sRGB, and near enough in its wider relatives. Rec. ITU-R BT.709.
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
# Red and blue at full warmth, in light: about a step of 1,500 K at daylight.
_WARMTH = 0.25


@dataclass(frozen=True)
class Adjust(Operation):
    """Change the tones; all zeros change nothing.

    Exposure is in stops of light, from -3 to 3; the others from -100 to 100. A grey picture stays
    grey: warmth and saturation mean nothing for it.
    """

    exposure_stops: float = 0.0
    contrast: float = 0.0
    warmth: float = 0.0
    saturation: float = 0.0

    name: ClassVar[str] = "adjust"

    def __post_init__(self) -> None:
        number(self.exposure_stops, -3, 3, "Exposure")
        number(self.contrast, -100, 100, "Contrast")
        number(self.warmth, -100, 100, "Warmth")
        number(self.saturation, -100, 100, "Saturation")

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """Strip by strip, in the picture's own depth and colours."""
        if not any((self.exposure_stops, self.contrast, self.warmth, self.saturation)):
            return picture
        made = np.empty_like(picture.pixels)
        for top in range(0, picture.height, _STRIP_ROWS):
            rows = slice(top, top + _STRIP_ROWS)
            made[rows] = self._adjusted(picture.pixels[rows], picture.most)
        return replace(picture, pixels=made)

    def _adjusted(self, pixels: Pixels, most: int) -> Pixels:
        bands = 1 if pixels.shape[2] == 1 else 3
        codes = pixels[..., :bands].astype(np.float32) / np.float32(most)
        gains = np.full(bands, 2.0**self.exposure_stops, np.float32)
        if bands == 3:
            warm = np.float32(self.warmth / 100 * _WARMTH)
            gains *= np.array([1 + warm, 1, 1 - warm], np.float32)
        if (gains != 1).any():
            codes = _codes(_light(codes) * gains)
        if self.contrast:
            codes = _contrasted(codes, np.float32(self.contrast / 100))
        if bands == 3 and self.saturation:
            grey = (codes @ _LUMA)[..., None]
            codes = grey + (codes - grey) * np.float32(1 + self.saturation / 100)
        levels = np.clip(codes, 0, 1) * np.float32(most) + np.float32(0.5)
        changed = levels.astype(pixels.dtype)
        return changed if pixels.shape[2] == bands else np.dstack((changed, pixels[..., 3:]))


def _light(codes: Floats) -> Floats:
    """From code values to light by sRGB's curve."""
    light: Floats = np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)
    return light


def _codes(light: Floats) -> Floats:
    """Back, without going over white at once: what is brighter than it presses against it."""
    curved = 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055
    codes = np.where(light <= 0.0031308, 12.92 * light, curved)
    made: Floats = np.minimum(codes, 1).astype(np.float32)
    return made


def _contrasted(codes: Floats, amount: np.float32) -> Floats:
    """More along an S through black, middle and white; less towards the middle."""
    if amount < 0:
        return 0.5 + (codes - 0.5) * (1 + amount * np.float32(0.8))
    steep = codes * codes * (3 - 2 * codes)
    steeper = steep * steep * (3 - 2 * steep)
    made: Floats = codes + (steeper - codes) * amount
    return made
