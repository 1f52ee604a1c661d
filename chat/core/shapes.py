"""Shapes and sizes of pictures as they are written: ``16:9``, ``1K``, ``1536x1024``."""

import math
import re
from dataclasses import dataclass

from chat.core.languages import later

SIDES_PX = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}
"""The side of a square of each size."""

MAX_STRETCH = 100
"""A picture that is longer than this times its width is no picture."""

_RATIO = re.compile(r"(\d{1,3}(?:\.\d{1,3})?):(\d{1,3}(?:\.\d{1,3})?)", re.ASCII)
_PIXELS = re.compile(r"([1-9]\d{1,4})x([1-9]\d{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """What a model asks of the width and height of a picture, in pixels, where any other goes."""

    multiple_px: int
    """Both are a multiple of it."""
    longest_px: int
    widest: float
    """How many times longer than the shorter side the longer one may be."""
    least_pixels: int
    most_pixels: int

    def wrong_with(self, width_px: int, height_px: int) -> str:
        """What is wrong with a size, to be said after it; empty: nothing."""
        long, short = max(width_px, height_px), min(width_px, height_px)
        if width_px % self.multiple_px or height_px % self.multiple_px:
            return later(f"has a side that {self.multiple_px} does not divide")
        if long > self.longest_px:
            return later(f"has a side of more than {self.longest_px} pixels")
        if long > short * self.widest:
            return later(f"is more than {self.widest:g} times as long as it is wide")
        if not self.least_pixels <= width_px * height_px <= self.most_pixels:
            return later(f"has not {self.least_pixels:,} to {self.most_pixels:,} pixels")
        return ""

    def nearest(self, aspect_ratio: str, image_size: str) -> str:
        """The size of a shape and a scale, as close as the limits let it be.

        What is not chosen is a square, or 1K. Empty: neither is chosen, or no size keeps to them.
        """
        if not (aspect_ratio or image_size):
            return ""
        wide, high = ratio_of(aspect_ratio) or (1.0, 1.0)
        shape = min(max(wide / high, 1 / self.widest), self.widest)
        area = SIDES_PX.get(image_size, SIDES_PX["1K"]) ** 2
        area = min(max(area, self.least_pixels), self.most_pixels)
        step = self.multiple_px
        fitting = [
            (width_px, height_px)
            for width_px in range(step, self.longest_px + 1, step)
            for below in [math.floor(width_px / shape / step) * step]
            for height_px in (below, below + step)
            if height_px and not self.wrong_with(width_px, height_px)
        ]

        def distance(size: tuple[int, int]) -> tuple[float, float]:
            width_px, height_px = size
            off = abs(math.log(width_px / height_px / shape))
            return round(off, 2), abs(math.log(width_px * height_px / area))

        width_px, height_px = min(fitting, key=distance, default=(0, 0))
        return f"{width_px}x{height_px}" if width_px else ""


def ratio_of(text: str) -> tuple[float, float] | None:
    """Width and height of a shape such as ``16:9``; ``None`` where it is none."""
    found = _RATIO.fullmatch(text)
    if found is None:
        return None
    wide, high = float(found[1]), float(found[2])
    if not wide or not high or max(wide / high, high / wide) > MAX_STRETCH:
        return None
    return wide, high


def pixels_of(text: str) -> tuple[int, int] | None:
    """Width and height in pixels of a size such as ``1536x1024``; ``None`` where it is none."""
    found = _PIXELS.fullmatch(text)
    return None if found is None else (int(found[1]), int(found[2]))
