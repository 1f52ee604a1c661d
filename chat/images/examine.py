"""What happens to one picture inside the worker: opened, decoded once, cleaned, made small."""

import math
from dataclasses import dataclass, replace

from PIL import Image

from chat.core.errors import MediaRejected
from chat.core.parts import ImageOrigin
from chat.images.clean import encode_jpeg, encode_png, from_pixels, stripped
from chat.images.formats import JPEG, PNG, WEBP, is_svg
from chat.images.limits import Limits, scaled_down
from chat.images.opening import Opened
from chat.images.pixels import Meaning, hides_colours, on_white, plain, shown, shows_srgb, within
from chat.images.thumbnails import smaller, thumbnail, thumbnail_room
from chat.images.vector import UNDRAWN, blank, drawn

STILL = "Only the first frame of the animation is used."
BROKEN_OFF = "The file was damaged at its end; what could be read is kept."

_MODEL_FORMATS = {PNG, JPEG, WEBP}
_FIT_QUALITIES = (90, 80)
_SMALLEST_SIDE_PX = 16


@dataclass(frozen=True, slots=True)
class Examined:
    """Bytes to keep and their size as shown; ``data`` is the very object given where it stayed."""

    data: bytes
    width_px: int
    height_px: int
    thumbnail: bytes = b""
    note: str = ""


def examine(data: bytes, origin: ImageOrigin, limits: Limits, *, undrawn: bool = False) -> Examined:
    """Decide what is stored of a picture, and make its thumbnail.

    Pictures of models and tools stay as received: signatures are bound to their bytes.

    Args:
        data: the picture.
        origin: where it is from.
        limits: what it may take.
        undrawn: it is an SVG that could not be drawn.

    Raises:
        MediaRejected: it is refused.
    """
    if origin != "upload" and is_svg(data):
        raster = examine(blank() if undrawn else drawn(data), origin, limits)
        return replace(raster, data=data, note=UNDRAWN if undrawn else "")
    opened = Opened(data, limits)
    kept = stripped(opened) if origin == "upload" else data
    size = shown(opened.image.size, opened.meaning.orientation)
    if kept is not None and opened.form == JPEG:
        # Scaling while decoding still reads every coefficient, so damage is found all the same.
        opened.image.draft(None, thumbnail_room(opened.image.size))
    opened.load()
    if origin == "upload" and (opened.damaged or hides_colours(opened.image)):
        kept = None
    notes = [BROKEN_OFF] if opened.damaged else []
    if kept is not None:
        small = thumbnail(opened.image, opened.meaning, opened.low)
        return Examined(kept, *size, small, " ".join(notes))
    image = plain(opened.image, opened.meaning, opened.low)
    notes += [STILL] if opened.animated else []
    notes += [scaled_down(size, image.size)] if opened.factor > 1 else []
    fresh = from_pixels(image, opened, limits)
    return Examined(fresh, *image.size, thumbnail(image, Meaning()), " ".join(notes))


def is_large(data: bytes, limits: Limits) -> bool:
    """Whether a picture is one of those that are worked on one at a time.

    Raises:
        MediaRejected: it is refused by its header.
    """
    if is_svg(data):
        return False  # its time is counted
    width, height = Opened(data, limits).image.size
    return width * height > limits.quick_pixels


def fit(data: bytes, max_bytes: int, max_side_px: int, limits: Limits) -> Examined:
    """A copy that a model can take; the picture itself if it can be taken as it is.

    Raises:
        MediaRejected: it cannot be opened, or not be made small enough.
    """
    if is_svg(data):
        data = drawn(data)
    opened = Opened(data, limits)
    size = shown(opened.image.size, opened.meaning.orientation)
    takes = (
        opened.form in _MODEL_FORMATS
        and not opened.animated
        and shows_srgb(opened.image, opened.meaning)  # models do not read what says otherwise
    )
    if takes and len(data) <= max_bytes and max(size) <= max_side_px:
        return Examined(data, *size)
    if opened.form == JPEG:
        opened.image.draft(None, within(opened.image.size, max_side_px))
    opened.load()
    image = smaller(plain(opened.image, opened.meaning, opened.low), max_side_px)
    if image.mode == "RGBA" or opened.form.lossless:
        exact = encode_png(image)
        if len(exact) <= max_bytes:
            return Examined(exact, *image.size)
    return _squeezed(on_white(image), max_bytes)


def _squeezed(image: Image.Image, max_bytes: int) -> Examined:
    while True:
        for quality in _FIT_QUALITIES:
            data = encode_jpeg(image, quality)
            if len(data) <= max_bytes:
                return Examined(data, *image.size)
        side_px = int(max(image.size) * min(0.9, 0.95 * math.sqrt(max_bytes / len(data))))
        if side_px < _SMALLEST_SIDE_PX:
            raise MediaRejected("The picture cannot be made small enough for the model.")
        image = smaller(image, side_px)
