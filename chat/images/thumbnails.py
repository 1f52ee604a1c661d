"""Small WebP copies for the transcript. Never larger than the picture they stand for."""

from io import BytesIO

from PIL import Image

from chat.images.pixels import PLAIN_MODES, Meaning, Size, plain, within

THUMBNAIL_SIDE_PX = 768


def thumbnail_room(size: Size) -> Size:
    """The least size to decode at for a good thumbnail: twice its own."""
    return within(size, 2 * THUMBNAIL_SIDE_PX)


def thumbnail(
    image: Image.Image,
    meaning: Meaning,
    low: Image.Image | None = None,
    side_px: int = THUMBNAIL_SIDE_PX,
) -> bytes:
    """A WebP whose longer side is at most so long; alpha is kept."""
    if low is None and image.mode in {*PLAIN_MODES, "CMYK"} and "transparency" not in image.info:
        # Fewer pixels to turn and convert.
        small = plain(smaller(image, side_px), meaning)
    else:
        small = smaller(plain(image, meaning, low), side_px)
    out = BytesIO()
    small.save(out, "WEBP", quality=75, method=0)
    return out.getvalue()


def smaller(image: Image.Image, side_px: int) -> Image.Image:
    """The picture fitted into a square; itself if it fits already."""
    size = within(image.size, side_px)
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
