"""Words under a picture, on a band of their own."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from chat.core.errors import MediaRejected
from chat.core.text import clean_text
from chat.images.lettering import about_unknown, font, unknown_letters
from chat.images.operations.geometry import bounded
from chat.images.operations.operation import Operation, one_of
from chat.images.raster import Pixels, Raster

MAX_LETTERS = 500
_PLACES = ("below", "above")
_LETTER_SHARE = 1 / 28
_LETTER_PX = (10, 160)
_LINE = 1.3
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Caption(Operation):
    """Add a white band with words in black, centred, in as many lines as they need.

    The letters are a twenty-eighth of the picture's longer side high. The picture itself stays
    as it is, to the pixel.
    """

    text: str
    place: str = "below"

    name: ClassVar[str] = "caption"

    def __post_init__(self) -> None:
        text: object = self.text
        if not isinstance(text, str) or not 0 < len(text.strip()) <= MAX_LETTERS:
            raise MediaRejected(f"A caption has from 1 to {MAX_LETTERS} letters.")
        # What no store can keep and no font can draw is gone before the recipe is written.
        object.__setattr__(self, "text", _SPACES.sub(" ", clean_text(text)).strip())
        one_of(self.place, _PLACES, "The place of a caption")

    def apply(self, picture: Raster, _inputs: Mapping[str, bytes], /) -> Raster:
        """The canvas grows by the band."""
        low, high = _LETTER_PX
        size_px = max(low, min(round(max(picture.width, picture.height) * _LETTER_SHARE), high))
        letters = font(size_px)
        margin = size_px // 2
        lines = _lines(self.text, letters, max(1, picture.width - 2 * margin))
        step = round(size_px * _LINE)
        band = len(lines) * step + 2 * margin
        bounded(picture.width, picture.height + band)
        page = Image.new("L", (picture.width, band))
        pen = ImageDraw.Draw(page)
        for number, line in enumerate(lines):
            middle = (picture.width / 2, margin + number * step)
            pen.text(middle, line, fill=255, font=letters, anchor="ma")
        drawn = _band(np.asarray(page), picture)
        new = picture.new_area
        if new is not None:
            new = self._joined(new, np.zeros((band, picture.width), np.uint8))
        unknown = unknown_letters(self.text)
        note = " ".join(filter(None, (picture.note, about_unknown(unknown) if unknown else "")))
        return replace(picture, pixels=self._joined(picture.pixels, drawn), new_area=new, note=note)

    def _joined(self, picture: NDArray[Any], band: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate((picture, band) if self.place == "below" else (band, picture))


def _band(letters: NDArray[np.uint8], picture: Raster) -> Pixels:
    """Black on white in the picture's own depth and channels, opaque."""
    levels = (255 - letters.astype(picture.pixels.dtype)) * (picture.most // 255)
    made = np.repeat(levels[..., None], picture.pixels.shape[2], axis=2)
    if picture.has_alpha:
        made[..., 3] = picture.most
    return made


def _lines(text: str, letters: ImageFont.FreeTypeFont, width_px: int) -> list[str]:
    """Broken between words; within one that is wider than the picture."""
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}".strip()
        if letters.getlength(joined) <= width_px:
            line = joined
            continue
        if line:
            lines.append(line)
        while letters.getlength(word) > width_px and len(word) > 1:
            fits = _fitting(word, letters, width_px)
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines


def _fitting(word: str, letters: ImageFont.FreeTypeFont, width_px: int) -> int:
    """How many of its letters fit, at least one; found by halving."""
    places = range(1, len(word))
    return max(1, bisect_left(places, True, key=lambda n: letters.getlength(word[:n]) > width_px))
