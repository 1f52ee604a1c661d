"""The sentences that pictures came other than was asked for, written and read. Pure.

They are stored as they are shown, and read again where a way to put it right is offered.
"""

import math
import re
from dataclasses import dataclass

from chat.core.shapes import SIDES_PX

_SENTENCE = "{asked} was asked for; the picture came with {width} × {height} pixels."
_ASKED = re.compile(
    r"\b(?:(?P<ratio>\d{1,5}:\d{1,5})(?: at )?)?"
    r"(?:(?P<word>512|[124]K)|(?P<across>\d{1,5}) × (?P<down>\d{1,5}))?"
    r" was asked for; the picture came with (?P<width>\d{1,6}) × (?P<height>\d{1,6}) pixels\.",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What was asked of a picture that came otherwise."""

    ratio: str
    """Such as ``16:9``; empty: the shape is as asked."""
    pixels: int
    """As many as width by height of what was asked for; 0: the size is as asked."""
    came: tuple[int, int]
    """Width and height of the picture, in pixels."""

    @property
    def scale(self) -> float:
        """How many times as large its sides have to be for the size; 0: it is as asked."""
        return math.sqrt(self.pixels / max(1, self.came[0] * self.came[1]))


def other_picture(asked: str, width_px: int, height_px: int) -> str:
    """What is said of such a picture.

    Args:
        asked: ``16:9``, ``2K``, ``16:9 at 2K`` or ``1536 × 864``.
        width_px: of what came, like ``height_px``.
        height_px: see there.
    """
    return _SENTENCE.format(asked=asked, width=width_px, height=height_px)


def asked_for(sentence: str) -> AskedFor | None:
    """What was asked for, if a sentence says that a picture came otherwise."""
    found = _ASKED.search(sentence)
    if found is None or not (found["ratio"] or found["word"] or found["across"]):
        return None
    came = int(found["width"]), int(found["height"])
    if found["word"]:
        return AskedFor(found["ratio"] or "", SIDES_PX[found["word"]] ** 2, came)
    if not found["across"]:
        return AskedFor(found["ratio"], 0, came)
    across, down = int(found["across"]), int(found["down"])
    shared = math.gcd(across, down) or 1
    same = across * came[1] == down * came[0]
    ratio = "" if same else f"{across // shared}:{down // shared}"
    return AskedFor(ratio, across * down, came)


def other_count(came: int, asked: int) -> str:
    """What is said where more or fewer pictures came than were asked for; else empty."""
    if came == asked:
        return ""
    if came < asked:
        if came == 1:
            return f"1 picture came of the {asked} that were asked for."
        return f"{came} pictures came of the {asked} that were asked for."
    if asked == 1:
        return f"{came} pictures came where 1 was asked for."
    return f"{came} pictures came where {asked} were asked for."
