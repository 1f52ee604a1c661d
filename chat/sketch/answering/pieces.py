"""What an answer is made of: words, shown pictures, tool calls. And how a picture is made ready."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from PIL import Image

from chat.core.calling import ModelRequest
from chat.core.parts import Json, ToolCall

_LONG_SIDES_PX = {"512": 512, "1K": 1024, "2K": 2048}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finished picture: PNG bytes, a description, and its plan if it can be painted anew."""

    data: bytes
    alt: str
    plan: Mapping[str, Json] = field(default_factory=dict)


Piece: TypeAlias = str | Shown | ToolCall


def png(image: Image.Image) -> bytes:
    """As PNG bytes; a light compression, because grain does not compress anyway."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def wished_size_px(request: ModelRequest, default_ratio: str = "3:2") -> tuple[int, int]:
    """Width and height that the request's options ask for."""
    long_px = _LONG_SIDES_PX.get(str(request.options.get("image_size") or "1K"), 1024)
    wide, high = ratio_of(str(request.options.get("aspect_ratio") or default_ratio)) or (3.0, 2.0)
    if wide >= high:
        return long_px, max(16, round(long_px * high / wide))
    return max(16, round(long_px * wide / high)), long_px


def ratio_of(written: str) -> tuple[float, float] | None:
    """A text like "16:9" as two numbers between 1:8 and 8:1; ``None`` where it is no such ratio."""
    left, _, right = written.partition(":")
    try:
        wide, high = float(left), float(right)
    except ValueError:
        return None
    if wide <= 0 or high <= 0 or not 1 / 8 <= wide / high <= 8:
        return None
    return wide, high
