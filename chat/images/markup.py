"""The strokes of a mask as a layer over its picture, for models that read brush strokes.

A mask is transparent where the brush was; a layer is transparent where it was not.
Source: openai 3.57.0, ``markup`` of ``image_edit_params`` (2026-11-29).
"""

import io

from PIL import Image

COLOUR = (255, 0, 64)
OPACITY = 0.6
"""Of the strokes: what is below them still shows."""


def strokes_of(mask: bytes) -> bytes:
    """The layer, as a PNG of the same size; for a thread.

    Args:
        mask: a PNG with transparency, one that was uploaded, and so was looked through.
    """
    with Image.open(io.BytesIO(mask)) as opened:
        kept = opened.convert("RGBA").getchannel("A")
    layer = Image.new("RGBA", kept.size, (*COLOUR, 0))
    layer.putalpha(kept.point(lambda alpha: round((255 - alpha) * OPACITY)))
    target = io.BytesIO()
    layer.save(target, "PNG")
    return target.getvalue()
