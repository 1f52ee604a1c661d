"""From stored bytes to pixels, with bounds: a picture that cannot be opened is refused kindly."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from chat.core.errors import MediaRejected

WORK_PX = 2048
"""Pictures with a longer side are edited at this size."""
_MOST_PX = 80_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """An upright RGB picture; ``alpha`` where parts of it are see-through."""

    image: Image.Image
    alpha: Image.Image | None
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
            upright = ImageOps.exif_transpose(source)
            has_alpha = "A" in upright.getbands() or "transparency" in upright.info
            whole = upright.convert("RGBA" if has_alpha else "RGB")
    # Decoders raise whatever they trip over on damaged bytes; all of it means one thing.
    except (OSError, ValueError, SyntaxError, TypeError, EOFError, ArithmeticError) as cause:
        raise MediaRejected("I could not open the picture; its bytes seem damaged.") from cause
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as cause:
        raise MediaRejected("The picture has too many pixels for me to edit.") from cause
    reduced = max(whole.size) > WORK_PX
    if reduced:
        whole.thumbnail((WORK_PX, WORK_PX), Image.Resampling.LANCZOS)
    if not has_alpha:
        return Opened(whole, None, reduced)
    alpha = whole.getchannel("A")
    sheet = Image.new("RGB", whole.size, (255, 255, 255))
    sheet.paste(whole, mask=alpha)
    solid = alpha.getextrema()[0] == 255
    return Opened(sheet, None if solid else alpha, reduced)
