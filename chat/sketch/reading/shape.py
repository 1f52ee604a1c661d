"""The shape of a picture in words: "in 16:9", "a square picture", "1920x1080".

What says so is taken out of the sentence, so that "square" is then no thing to paint.
"""

import re
from dataclasses import dataclass

from chat.sketch.reading.words import READ_CHARS

LONGEST = 8.0
"""How many times as long as it is wide a picture may be."""
MOST_PX = 2048
_LEAST_PX = 64
_SHEET = (
    r"(?:picture|image|photo(?:graph)?|painting|drawing|format|canvas|shape|version|ratio|mode)"
)
_NAMED: tuple[tuple[str, tuple[float, float]], ...] = (
    (rf"\b(?:a )?square {_SHEET}|\b(?:in|as|into|it|this|be) (?:an? )?square\b(?! \w)", (1, 1)),
    (r"\b(?:phone|mobile|vertical) (?:wallpaper|background|screen)\b", (9, 16)),
    (r"\b(?:desktop|computer) (?:wallpaper|background)\b|\bwide ?screen\b", (16, 9)),
    (r"\bpanoram(?:a|ic)(?: (?:picture|image|view|format))?\b|\b(?:wide )?banner\b", (21, 9)),
    (rf"\b(?:portrait|vertical|upright) (?:{_SHEET}|orientation)\b", (2, 3)),
    (rf"\b(?:landscape|horizontal) (?:{_SHEET}|orientation)\b|\bwide {_SHEET}\b", (3, 2)),
)
_PAIR = re.compile(
    r"(?<![\w.])(?:in |at |as |to )?(?:(?:an?|the) )?(?:(?:aspect )?ratio (?:of )?)?"
    r"(\d{1,5}(?:\.\d{1,2})?) ?(?P<sign>:|x|×|by) ?(\d{1,5}(?:\.\d{1,2})?)"
    r"(?: ?(?:px|pixels?))?(?: (?:format|aspect ratio|ratio))?(?![\w:])"
)
_SHEETS = re.compile(
    r"\b(?:(?:phone|mobile|desktop|computer) )?(?:wallpaper|banner)\b", re.IGNORECASE
)
_CROPS = re.compile(r"\b(?:crop|resi[zs]e|scale|enlarge|shrink)")
_CLOCK = re.compile(r"(?:\bat|clock|time|o'clock) $")


@dataclass(frozen=True, slots=True)
class Shape:
    """What was asked for: width over height as two numbers, and perhaps pixels."""

    wide: float
    high: float
    written: str
    pixels: bool = False
    """The numbers are pixels."""

    @property
    def possible(self) -> bool:
        """Whether such a picture is painted."""
        return 1 / LONGEST <= self.wide / self.high <= LONGEST

    def size_px(self, long_px: int) -> tuple[int, int]:
        """Width and height; without pixels of its own, so many on the longer side."""
        long_px = min(MOST_PX, int(max(self.wide, self.high)) if self.pixels else long_px)
        scale = long_px / max(self.wide, self.high)
        return max(16, round(self.wide * scale)), max(16, round(self.high * scale))


def shape_of(text: str) -> tuple[Shape | None, str]:
    """The shape that a text asks for, and the text without the words for it."""
    said = " ".join(text[:READ_CHARS].split())
    lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in said)
    if _CROPS.search(lowered):
        return None, text
    for found in _PAIR.finditer(lowered):
        wide, high = float(found[1]), float(found[3])
        pixels = min(wide, high) >= _LEAST_PX
        ratio = found["sign"] == ":" and max(wide, high) < 1000
        if not (wide and high and (pixels or ratio or (max(wide, high) <= 32 and wide != high))):
            continue
        if _CLOCK.search(lowered[: found.start(1)]) or _quoted(lowered, found.start()):
            continue
        sign = "×" if pixels else ":"
        written = f"{wide:g}{sign}{high:g}"
        return Shape(wide, high, written, pixels), _SHEETS.sub(" ", _without(said, found))
    for pattern, (wide, high) in _NAMED:
        named = re.search(pattern, lowered)
        if named and not _quoted(lowered, named.start()):
            return Shape(wide, high, f"{wide:g}:{high:g}"), _without(said, named, " picture ")
    return None, text


def _quoted(text: str, at: int) -> bool:
    return len(re.findall(r"[\"“”„«»]", text[:at])) % 2 == 1


def _without(text: str, found: "re.Match[str]", instead: str = " ") -> str:
    return f"{text[: found.start()]}{instead}{text[found.end() :]}"
