"""What an answer is made of: words, shown pictures, tool calls. And how a picture is made ready."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from PIL import Image

from chat.core.calling import ModelRequest
from chat.core.parts import Json, ToolCall
from chat.core.shapes import SIDES_PX, ratio_of

_LONGEST_SIDE_PX = 2048


@dataclass(frozen=True, slots=True)
class Shown:
    """A finished picture: its bytes, a description, and its plan if it can be painted anew."""

    data: bytes
    alt: str
    plan: Mapping[str, Json] = field(default_factory=dict)
    caption: str = ""
    """What stands under it; empty: what was asked for."""


Piece: TypeAlias = str | Shown | ToolCall


def png(image: Image.Image) -> bytes:
    """As PNG bytes; a light compression, because grain does not compress anyway."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def wished_size_px(request: ModelRequest, default_ratio: str = "3:2") -> tuple[int, int]:
    """Width and height that the request's options ask for."""
    long_px = min(SIDES_PX.get(str(request.options.get("image_size")), 1024), _LONGEST_SIDE_PX)
    wide, high = _ratio(str(request.options.get("aspect_ratio") or default_ratio)) or (3.0, 2.0)
    if wide >= high:
        return long_px, max(16, round(long_px * high / wide))
    return max(16, round(long_px * wide / high)), long_px


def _ratio(written: str) -> tuple[float, float] | None:
    """A shape between 1:8 and 8:1; nothing longer is painted."""
    ratio = ratio_of(written)
    return ratio if ratio and 1 / 8 <= ratio[0] / ratio[1] <= 8 else None
