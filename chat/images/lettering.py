"""The letters that are drawn onto pictures. Runs in the picture process."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

_UNKNOWN = "The font has no form for some of these letters: {letters}"


@lru_cache(maxsize=4)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which comes with the chart tool's library: Latin, Greek, Cyrillic, Arabic."""
    library = find_spec("matplotlib")
    if library is None or library.origin is None:
        raise RuntimeError("the chart tool's library is not installed")
    fonts = Path(library.origin).parent / "mpl-data" / "fonts" / "ttf"
    return ImageFont.truetype(str(fonts / "DejaVuSans.ttf"), size_px)


def unknown_letters(text: str) -> list[str]:
    """Letters that the font draws as its sign for a missing one."""
    letters = font(32)
    missing = bytes(letters.getmask("\U000ffffd"))
    return [
        letter
        for letter in dict.fromkeys(text)
        if not letter.isspace() and bytes(letters.getmask(letter)) == missing
    ]


def about_unknown(letters: Sequence[str]) -> str:
    """The sentence for the user on such letters."""
    return _UNKNOWN.format(letters=" ".join(dict.fromkeys(letters))[:60])
