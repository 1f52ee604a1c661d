"""The letters that are drawn onto pictures."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import bidirectional

from PIL import ImageFont


@lru_cache(maxsize=8)
def font(size_px: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which comes with the chart tool's library: Latin, Greek, Cyrillic.

    Pillow's own font has no letter with an accent.
    """
    library = find_spec("matplotlib")
    if library is None or library.origin is None:
        raise RuntimeError("the chart tool's library is not installed")
    fonts = Path(library.origin).parent / "mpl-data" / "fonts" / "ttf"
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(fonts / name), size_px)


def unwritable(text: str) -> str:
    """The letters of a text that the font has no form for, each once.

    Nor are those written that run from right to left: nothing here joins or orders them.
    """
    letters = font(32)
    missing = bytes(letters.getmask("\U000ffffd"))
    return "".join(
        letter
        for letter in dict.fromkeys(text)
        if not letter.isspace()
        and (bytes(letters.getmask(letter)) == missing or bidirectional(letter) in {"R", "AL"})
    )


def wrapped(text: str, letters: ImageFont.FreeTypeFont, width_px: float) -> list[str]:
    """Lines no wider than that, broken between words; a word that is wider stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and letters.getlength(f"{lines[-1]} {word}") <= width_px:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]
