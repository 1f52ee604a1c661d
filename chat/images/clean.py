"""The copy of an upload that is stored: it shows the same and says nothing more.

A still PNG, JPEG or WebP that is upright, sRGB and 8-bit loses its metadata and keeps its
compressed pixels, byte for byte if there was nothing to lose. Anything else is made anew
from its pixels: PNG where the source was lossless or has alpha, JPEG for photographs.
"""

from io import BytesIO

from PIL import Image

from chat.images.decoding import DecodedImage
from chat.images.formats import WEBP
from chat.images.limits import Limits
from chat.images.pixels import is_plain
from chat.images.strip import strip
from chat.images.webp import chunks as webp_chunks

_JPEG_QUALITIES = (92, 85, 75)
_WEBP_QUALITY = 92
_WEBP_MAX_SIDE_PX = 16383


def stripped(decoded: DecodedImage) -> bytes | None:
    """The file without its metadata; ``None`` if its pixels must be made anew."""
    if decoded.factor > 1 or decoded.animated or decoded.damaged:
        return None
    if not is_plain(decoded.image, decoded.meaning):
        return None
    return strip(decoded.data, decoded.form)


def from_pixels(image: Image.Image, decoded: DecodedImage, limits: Limits) -> bytes:
    """Encode a plain picture in the kind that suits its source.

    What would outgrow the limit for uploads is stored with loss instead.
    """
    if image.mode == "RGBA" or _is_lossless(decoded):
        exact = encode_png(image)
        if len(exact) <= limits.max_bytes:
            return exact
        if image.mode == "RGBA":
            return exact if max(image.size) > _WEBP_MAX_SIDE_PX else _encode_webp(image)
    data = b""
    for quality in _JPEG_QUALITIES:
        data = encode_jpeg(image, quality)
        if len(data) <= limits.max_bytes:
            break
    return data


def encode_png(image: Image.Image) -> bytes:
    """PNG, with more speed than thrift."""
    out = BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def encode_jpeg(image: Image.Image, quality: int) -> bytes:
    """JPEG with full colour resolution. The picture must have no alpha."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def _encode_webp(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=_WEBP_QUALITY, method=2)
    return out.getvalue()


def _is_lossless(decoded: DecodedImage) -> bool:
    """Whether the file holds its pixels exactly."""
    if decoded.form == WEBP:
        return any(name == b"VP8L" for name, _ in webp_chunks(decoded.data))
    return decoded.form.lossless
