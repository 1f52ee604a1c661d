"""What happens to one picture inside the worker: it is decoded once, cleaned, and made small."""

import math
from dataclasses import dataclass, replace

from PIL import Image

from chat.core.errors import MediaRejected
from chat.core.parts import ImageOrigin
from chat.images import bmp, tiff
from chat.images.clean import encode_jpeg, encode_png, from_pixels, stripped
from chat.images.decoding import DecodedImage
from chat.images.formats import BMP, ICNS, ICO, JPEG, PNG, TIFF, WEBP, is_svg, sniff_made
from chat.images.limits import Limits, scaled_down
from chat.images.pixels import Meaning, hides_colours, on_white, plain, shown, shows_srgb, within
from chat.images.thumbnails import smaller, thumbnail, thumbnail_room
from chat.images.vector import blank, drawn

FIRST_PAGE = "Only the first page of the file is used."
STILL = "Only the first frame of the animation is used."
BROKEN_OFF = "The file was damaged at its end; what could be read is kept."

_MODEL_FORMATS = {PNG, JPEG, WEBP}
_OF_SEVERAL = {ICO, ICNS}
"""The largest picture is used; how large it is shows when it is decoded."""
_FIT_QUALITIES = (90, 80)
_SMALLEST_SIDE_PX = 16


@dataclass(frozen=True, slots=True)
class ProcessedImage:
    """Bytes to keep and their size as shown; ``data`` is the very object given where it stayed."""

    data: bytes
    width_px: int
    height_px: int
    thumbnail: bytes = b""
    note: str = ""


def process(
    data: bytes, origin: ImageOrigin, limits: Limits, *, undrawn: bool = False
) -> ProcessedImage:
    """Decide what is stored of a picture, and make its thumbnail.

    Pictures of models and tools stay as received: signatures are bound to their bytes.

    Args:
        data: the picture.
        origin: where it is from.
        limits: what it may take.
        undrawn: it is of a model, no browser shows it, and it could not be opened.

    Raises:
        MediaRejected: it is refused.
    """
    if undrawn:
        return replace(process(blank(), origin, limits), data=data, note=undrawn_note(data))
    if origin != "upload" and is_svg(data):
        return replace(process(drawn(data), origin, limits), data=data)
    decoded = DecodedImage(data, limits)
    kept = stripped(decoded) if origin == "upload" else data
    size = shown(decoded.image.size, decoded.meaning.orientation)
    if kept is not None and decoded.form == JPEG:
        # Scaling while decoding still reads every coefficient, so damage is found all the same.
        decoded.image.draft(None, thumbnail_room(decoded.image.size))
    decoded.load()
    if origin == "upload" and (decoded.damaged or hides_colours(decoded.image)):
        kept = None
    notes = [BROKEN_OFF] if decoded.damaged else []
    notes += [FIRST_PAGE] if decoded.form == TIFF and decoded.frames > 1 else []
    if kept is not None:
        if decoded.form in _OF_SEVERAL:
            size = decoded.image.size
        small = thumbnail(decoded.image, decoded.meaning, decoded.low)
        return ProcessedImage(kept, *size, small, " ".join(notes))
    image = plain(decoded.image, decoded.meaning, decoded.low)
    notes += [STILL] if decoded.animated else []
    notes += [scaled_down(size, image.size)] if decoded.factor > 1 else []
    fresh = from_pixels(image, decoded, limits)
    return ProcessedImage(fresh, *image.size, thumbnail(image, Meaning()), " ".join(notes))


def undrawn_note(data: bytes) -> str:
    """What to say of a model's picture that could not be opened: of which kind it is."""
    form, kind = sniff_made(data), ""
    if form == TIFF:
        kind = tiff.unread(data, opened=True)
    elif form == BMP:
        kind = bmp.unread(data)
    return (
        f"{kind or f'The {form.called} picture'} could not be shown here; Download gives the file "
        "as the model made it."
    )


def is_large(data: bytes, limits: Limits) -> bool:
    """Whether a picture is one of those that are worked on one at a time.

    Raises:
        MediaRejected: it is refused by its header.
    """
    if is_svg(data):
        return False  # its time is counted
    width, height = DecodedImage(data, limits).image.size
    return width * height > limits.quick_pixels


def fit(data: bytes, max_bytes: int, max_side_px: int, limits: Limits) -> ProcessedImage:
    """A copy that a model can take; the picture itself if it can be taken as it is.

    Raises:
        MediaRejected: it cannot be opened, or not be made small enough.
    """
    if is_svg(data):
        data = drawn(data)
    decoded = DecodedImage(data, limits)
    size = shown(decoded.image.size, decoded.meaning.orientation)
    takes = (
        decoded.form in _MODEL_FORMATS
        and decoded.data is data  # its head is true
        and not decoded.animated
        and shows_srgb(decoded.image, decoded.meaning)  # models do not read what says otherwise
    )
    if takes and len(data) <= max_bytes and max(size) <= max_side_px:
        return ProcessedImage(data, *size)
    if decoded.form == JPEG:
        decoded.image.draft(None, within(decoded.image.size, max_side_px))
    decoded.load()
    image = smaller(plain(decoded.image, decoded.meaning, decoded.low), max_side_px)
    if image.mode == "RGBA" or decoded.form.lossless:
        exact = encode_png(image)
        if len(exact) <= max_bytes:
            return ProcessedImage(exact, *image.size)
    return _squeezed(on_white(image), max_bytes)


def _squeezed(image: Image.Image, max_bytes: int) -> ProcessedImage:
    while True:
        for quality in _FIT_QUALITIES:
            data = encode_jpeg(image, quality)
            if len(data) <= max_bytes:
                return ProcessedImage(data, *image.size)
        side_px = int(max(image.size) * min(0.9, 0.95 * math.sqrt(max_bytes / len(data))))
        if side_px < _SMALLEST_SIDE_PX:
            raise MediaRejected("The picture cannot be made small enough for the model.")
        image = smaller(image, side_px)
