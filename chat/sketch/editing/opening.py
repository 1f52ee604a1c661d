"""From stored bytes to pixels and back, with bounds.

A picture that cannot be opened is refused kindly; an edited one leaves in the format it came in,
and what was see-through stays so.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from chat.core.errors import MediaRejected

WORK_PIXELS = 12_600_000
"""Larger pictures are edited at that size: 4096 x 3072, what phones take."""
_MOST_PX = 80_000_000
_JPEG_QUALITY = 95
_PNG_DEPTH_AT = 24
"""Where a PNG says how many bits a sample has."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An upright RGB picture."""

    image: Image.Image
    """Below what is wholly see-through it has the mean of what is seen."""
    alpha: Image.Image | None
    """How opaque each pixel is, mode L; ``None`` where all of them are wholly."""
    form: str
    """The format it came in, as Pillow calls it."""
    reduced: bool


def opened(data: bytes) -> Opened:
    """Decode, turn upright, bound.

    Raises:
        MediaRejected: the bytes are damaged, of an unknown form, or far too large.
    """
    try:
        with Image.open(io.BytesIO(data)) as source:
            if source.width * source.height > _MOST_PX:
                raise MediaRejected("The picture has too many pixels for me to edit.")
            form = source.format or "PNG"
            for words in ("xmp", "XML:com.adobe.xmp"):
                source.info.pop(words, None)  # Pillow would turn by them; no browser does
            depth = data[_PNG_DEPTH_AT] if form == "PNG" else 8
            whole = _in_eight_bits(ImageOps.exif_transpose(source), depth)
            has_alpha = whole.mode == "RGBA"
    # Decoders raise whatever they trip over on damaged bytes; all of it means one thing.
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, ArithmeticError) as cause:
        raise MediaRejected("I could not open the picture; its bytes seem damaged.") from cause
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as cause:
        raise MediaRejected("The picture has too many pixels for me to edit.") from cause
    scale = (WORK_PIXELS / (whole.width * whole.height)) ** 0.5
    if scale < 1:
        size_px = (max(1, int(whole.width * scale)), max(1, int(whole.height * scale)))
        whole = whole.resize(size_px, Image.Resampling.LANCZOS)
    alpha = whole.getchannel("A") if has_alpha else None
    if alpha is None or alpha.getextrema()[0] == 255:
        return Opened(whole.convert("RGB"), None, form, scale < 1)
    return Opened(_filled(whole, alpha), alpha, form, scale < 1)


def as_file(image: Image.Image, alpha: Image.Image | None, form: str) -> bytes:
    """The picture in that format, or as PNG where the format cannot hold it as it is.

    Args:
        image: Mode RGB.
        alpha: Mode L, of the same size; ``None`` for a picture that is opaque.
        form: As Pillow calls it.
    """
    out = io.BytesIO()
    if alpha is not None:
        empty = Image.new("RGB", image.size)
        image = Image.composite(image, empty, alpha.point([0, *[255] * 255]))
        image.putalpha(alpha)
    if form in {"JPEG", "MPO"} and alpha is None:
        image.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    elif form == "WEBP":
        # Without loss: nobody can tell how much the file before had, and edits follow edits.
        image.save(out, "WEBP", lossless=True, method=2, quality=50)
    else:
        # A light compression, because grain does not compress anyway.
        image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def uncovered(alpha: Image.Image, before: Image.Image, after: Image.Image) -> Image.Image:
    """How opaque a picture is once something was painted over it: there, wholly."""
    touched = (np.asarray(before) != np.asarray(after)).any(axis=2)
    return Image.fromarray(np.where(touched, 255, np.asarray(alpha)).astype(np.uint8))


def _in_eight_bits(image: Image.Image, depth: int) -> Image.Image:
    """RGBA where something may be see-through, else RGB.

    Pillow clips grey of 16 bits, and compares the one colour that a PNG may name as see-through
    with its pixels, although those have 8 bits by now and the name has as many as the file.
    """
    key = image.info.get("transparency")
    if image.mode.startswith("I;16"):
        values = np.asarray(image)
        grey = Image.fromarray(((values.astype(np.uint32) + 128) // 257).astype(np.uint8))
        if key is None:
            return grey.convert("RGB")
        alpha = Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8))
        return Image.merge("RGBA", (grey, grey, grey, alpha))
    if isinstance(key, tuple) and depth == 16:
        image.info["transparency"] = tuple(part >> 8 for part in key)
    elif isinstance(key, int) and image.mode == "L":
        image.info["transparency"] = key * 255 // ((1 << depth) - 1)
    has_alpha = "A" in image.getbands() or key is not None
    return image.convert("RGBA" if has_alpha else "RGB")


def _filled(whole: Image.Image, alpha: Image.Image) -> Image.Image:
    """Without alpha. What was hidden does not come to light, nor does it stain an edge."""
    mean = whole.resize((1, 1), Image.Resampling.BOX).convert("RGB").getpixel((0, 0))
    ground = Image.new("RGB", whole.size, mean)
    return Image.composite(whole.convert("RGB"), ground, alpha.point([0, *[255] * 255]))
