"""Shapes and sizes of pictures as they are written: ``16:9``, ``1K``, ``1536x1024``."""

import re

SIDES_PX = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}
"""The side of a square of each size."""

MAX_STRETCH = 100
"""A picture that is longer than this times its width is no picture."""

_RATIO = re.compile(r"(\d{1,3}(?:\.\d{1,3})?):(\d{1,3}(?:\.\d{1,3})?)", re.ASCII)
_PIXELS = re.compile(r"([1-9]\d{1,4})x([1-9]\d{1,4})", re.ASCII)


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
