"""A picture as numbers, in its own colours and its own depth, and the way back into a file.

:func:`read` keeps what a decoder gives: sixteen bits of a PNG, a grey picture grey, an ICC
profile beside its pixels. Only what no lossless web format can hold, or what no step here could
calculate with, is converted to sRGB, and ``own_colours`` says so. Runs in the picture process.
"""

import zlib
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from chat.core.errors import MediaRejected
from chat.images import png
from chat.images.decoding import DecodedImage
from chat.images.formats import is_svg
from chat.images.limits import Limits, too_many_pixels
from chat.images.pixels import (
    PLAIN_MODES,
    UPRIGHT,
    Meaning,
    colour_transform,
    is_plain,
    is_usable,
    on_white,
    plain,
    straight,
)
from chat.images.processing import STILL
from chat.images.vector import drawn

Pixels: TypeAlias = NDArray[np.unsignedinteger[Any]]
"""Of 8 or 16 bits."""

OutputForm: TypeAlias = Literal["png", "jpeg", "webp", "avif"]

# Levels above cost many seconds at 24 megapixels and save a sixth of the bytes.
_PNG_LEVEL = 1
_STRIP_ROWS = 256
MAX_SIDE_PX = {"jpeg": 65500, "webp": 16383, "avif": 65536}
"""The longest side that each form can have, of those with a bound that pictures here meet."""
MOST_AVIF_PIXELS = 25_000_000
"""libavif 1.4 asks for about 45 bytes a pixel, and some way above this does not look whether it got
them (2026-11-30)."""

_NO_MEMORY = (
    "As {} the picture takes more memory than Easel gives one picture. "
    "Choose JPEG or PNG, or make it smaller first."
)
_FORM_NAMES = {"jpeg": "JPEG", "webp": "WebP", "avif": "AVIF"}


@dataclass(frozen=True, slots=True)
class Output:
    """How a raster is to be written."""

    form: OutputForm = "png"
    quality: int = 92
    """From 1 to 100; 100 is lossless for WebP. Without meaning for PNG."""


@dataclass(frozen=True, slots=True)
class Raster:
    """Pixels and what they mean."""

    pixels: Pixels
    """Shape (height, width, channels); 1 channel is grey, 3 are RGB, 4 RGBA with straight alpha."""
    profile: bytes = b""
    """The ICC profile of the colours; empty for sRGB."""
    own_colours: bool = True
    """Whether these are the numbers of the file. Otherwise they are what it shows, in sRGB."""
    output: Output = field(default_factory=Output)
    new_area: NDArray[np.uint8] | None = None
    """Shape (height, width): 255 where the canvas was extended."""
    note: str = ""

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.pixels.shape[0])

    @property
    def has_alpha(self) -> bool:
        """Whether the last channel is alpha."""
        return bool(self.pixels.shape[2] == 4)

    @property
    def most(self) -> int:
        """The level of white: 255 or 65535."""
        return 65535 if self.pixels.dtype == np.uint16 else 255


def read(data: bytes, limits: Limits) -> Raster:
    """Decode a file, upright, as exactly as it can be held.

    Raises:
        MediaRejected: it is no picture, is damaged, or has more pixels than are decoded whole.
    """
    decoded = _opened(data, limits)
    image, meaning = decoded.image, decoded.meaning
    note = STILL if decoded.animated else ""
    if image.mode == "CMYK" or meaning.encoding:
        shown = _array(plain(image, meaning, decoded.low))
        return Raster(shown, own_colours=False, note=note)
    deep = decoded.deep_pixels()
    if deep is None:
        deep = _grey16(image) if image.mode.startswith("I;16") else None
    pixels = _array(_straight(decoded)) if deep is None else _three_or_four(deep)
    profile = meaning.profile if is_usable(meaning.profile, image.mode) else b""
    if profile and (pixels.shape[2] == 1) != (image.mode in {"1", "L", "I;16", "I;16B"}):
        profile = b""
    return Raster(_turned(pixels, meaning.orientation), profile, note=note)


def read_srgb(data: bytes, limits: Limits) -> Raster:
    """Decode a file to what it shows: upright, 8 bits, sRGB.

    Raises:
        MediaRejected: as :func:`read`.
    """
    decoded = _opened(data, limits)
    image, meaning = decoded.image, decoded.meaning
    as_it_is = image.mode != "RGBA" and is_plain(image, meaning)
    shown = image if as_it_is else plain(image, meaning, decoded.low)
    return Raster(_array(shown), own_colours=False)


def to_srgb(raster: Raster) -> Raster:
    """What a raster shows, in 8 bits and sRGB; itself where it is that already."""
    eight = eight_bits(raster.pixels)
    if raster.profile:
        eight = _array(plain(as_image(eight), Meaning(profile=raster.profile)))
    if eight is raster.pixels:
        return raster
    return replace(raster, pixels=eight, profile=b"", own_colours=False)


def from_srgb(pixels: Pixels, profile: bytes) -> Pixels:
    """SRGB pixels of 8 bits, RGB or RGBA, in the colours of an RGB profile."""
    image = as_image(pixels)
    if not profile or colour_transform(image, Meaning(profile=profile)) is None:
        return pixels
    made = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        image.mode,
        image.mode,
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    turned = ImageCms.applyTransform(image, made) or image
    if image.mode == "RGBA":
        turned.putalpha(image.getchannel("A"))
    return _array(turned)


def eight_bits(pixels: Pixels) -> NDArray[np.uint8]:
    """The same with 8 bits a channel, rounded; the very object where it has them."""
    if pixels.dtype == np.uint8:
        return pixels.view(np.uint8)
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)


def coloured(pixels: Pixels) -> Pixels:
    """Grey as RGB; all else as it is."""
    return pixels.repeat(3, axis=2) if pixels.shape[2] == 1 else pixels


def with_alpha(pixels: Pixels) -> Pixels:
    """RGBA, opaque where there was no alpha."""
    if pixels.shape[2] == 4:
        return pixels
    rgb = coloured(pixels)
    most = 65535 if rgb.dtype == np.uint16 else 255
    opaque = np.full((*rgb.shape[:2], 1), most, rgb.dtype)
    return np.concatenate((rgb, opaque), axis=2)


def write(raster: Raster) -> bytes:
    """The file, in the raster's output form.

    Raises:
        MediaRejected: the form cannot hold a picture of that size.
    """
    form, quality = raster.output.form, raster.output.quality
    if form == "png":
        return _write_png(raster)
    if max(raster.pixels.shape[:2]) > MAX_SIDE_PX[form]:
        raise MediaRejected(
            f"A {_FORM_NAMES[form]} picture has at most {MAX_SIDE_PX[form]} pixels a side."
        )
    image = as_image(eight_bits(raster.pixels))
    out = BytesIO()
    if form == "jpeg":
        on_white(image).save(
            out, "JPEG", quality=quality, subsampling=0, icc_profile=raster.profile or None
        )
        return out.getvalue()
    profile = raster.profile
    if image.mode == "L":
        # Neither keeps grey as a form of its own, and a grey profile means nothing for RGB.
        if profile:
            image = plain(image, Meaning(profile=profile))
            profile = b""
        image = image.convert("RGB")
    options: dict[str, Any] = {"quality": quality, "icc_profile": profile}
    if form == "avif":
        options |= {"subsampling": "4:4:4", "speed": 8}
        if raster.width * raster.height > MOST_AVIF_PIXELS:
            raise MediaRejected(_NO_MEMORY.format(_FORM_NAMES[form]))
    else:
        options |= {"method": 2}
        if quality == 100:
            options |= {"lossless": True, "exact": True, "quality": 30}
    try:
        image.save(out, form.upper(), **options)
    except (ValueError, RuntimeError) as error:
        if not _is_no_memory(error):
            raise
        raise MediaRejected(_NO_MEMORY.format(_FORM_NAMES[form])) from error
    return out.getvalue()


def _is_no_memory(error: Exception) -> bool:
    """Whether an encoder says that it found no memory, each in words of its own.

    Source: ``VP8_ENC_ERROR_OUT_OF_MEMORY`` of libwebp 1.6; libavif 1.4 names the step that failed.
    """
    return str(error) == "encoding error 1" or str(error).startswith("Failed to encode image")


def mask_of(data: bytes, size: tuple[int, int], limits: Limits) -> NDArray[np.uint8]:
    """How much of each pixel a mask marks: 0 outside, 255 wholly; shape (height, width).

    With an alpha channel what is see-through is marked, as in masks for models; without one what
    is white.

    Args:
        data: The mask.
        size: Width and height of the picture that it belongs to, as shown.
        limits: What it may take.

    Raises:
        MediaRejected: it is no picture, or of another size.
    """
    mask = mask_alone(data, limits)
    if mask.shape != size[::-1]:
        raise MediaRejected(
            f"The mask is {mask.shape[1]} × {mask.shape[0]} pixels; "
            f"its picture is {size[0]} × {size[1]}."
        )
    return mask


def mask_alone(data: bytes, limits: Limits) -> NDArray[np.uint8]:
    """The same of a mask whose picture is not at hand. Raises ``MediaRejected``."""
    decoded = _opened(data, limits)
    turned = _turned(_array(_straight(decoded)), decoded.meaning.orientation)
    if turned.shape[2] == 4:
        return 255 - np.ascontiguousarray(turned[..., 3]).view(np.uint8)
    return np.asarray(as_image(turned).convert("L"))


def mask_file(mask: NDArray[np.uint8]) -> bytes:
    """A grey PNG of a mask."""
    out = BytesIO()
    Image.fromarray(np.ascontiguousarray(mask)).save(out, "PNG", compress_level=_PNG_LEVEL)
    return out.getvalue()


def as_image(pixels: Pixels) -> Image.Image:
    """8-bit pixels for Pillow: mode L, RGB or RGBA."""
    flat = pixels[..., 0] if pixels.shape[2] == 1 else pixels
    return Image.fromarray(np.ascontiguousarray(flat))


def _opened(data: bytes, limits: Limits) -> DecodedImage:
    decoded = DecodedImage(drawn(data) if is_svg(data) else data, limits)
    if decoded.factor > 1:
        raise MediaRejected(too_many_pixels(limits.max_pixels))
    decoded.load()
    return decoded


def _array(image: Image.Image) -> NDArray[np.uint8]:
    """Row by row: of a whole picture Pillow would make two copies on the way."""
    made = np.empty((image.height, image.width, len(image.getbands())), np.uint8)
    for top in range(0, image.height, _STRIP_ROWS):
        low = min(top + _STRIP_ROWS, image.height)
        strip = np.asarray(image.crop((0, top, image.width, low)))
        made[top:low] = strip[..., None] if strip.ndim == 2 else strip
    return made


def _straight(decoded: DecodedImage) -> Image.Image:
    """Grey, RGB or RGBA; the very picture where it is one of them."""
    image = decoded.image
    if image.mode in PLAIN_MODES and "transparency" not in image.info:
        return image
    return straight(image, decoded.meaning)


def _grey16(image: Image.Image) -> NDArray[np.uint16]:
    """A grey picture of sixteen bits, with alpha where a level is named see-through."""
    wide = np.asarray(image).astype(np.uint16)[..., None]
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return wide
    return np.concatenate((wide, np.where(wide == key, 0, 65535).astype(np.uint16)), axis=2)


def _three_or_four(wide: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Grey with alpha as RGBA; all else as it is."""
    return wide[..., [0, 0, 0, 1]] if wide.shape[2] == 2 else wide


def _turned(pixels: Pixels, orientation: int) -> Pixels:
    """Upright. The arrays of numpy turn sixteen bits, which Pillow does not for RGB."""
    turn = UPRIGHT.get(orientation)
    if turn is None:
        return pixels
    turned = {
        Image.Transpose.FLIP_LEFT_RIGHT: lambda one: one[:, ::-1],
        Image.Transpose.ROTATE_180: lambda one: one[::-1, ::-1],
        Image.Transpose.FLIP_TOP_BOTTOM: lambda one: one[::-1],
        Image.Transpose.TRANSPOSE: lambda one: one.swapaxes(0, 1),
        Image.Transpose.ROTATE_270: lambda one: np.rot90(one, -1),
        Image.Transpose.TRANSVERSE: lambda one: np.rot90(one, 2).swapaxes(0, 1),
        Image.Transpose.ROTATE_90: lambda one: np.rot90(one),
    }[turn](pixels)
    return np.ascontiguousarray(turned)


def _write_png(raster: Raster) -> bytes:
    """By OpenCV, which takes half of Pillow's time and writes RGB of sixteen bits, too."""
    import cv2

    channels = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[raster.pixels.shape[2]]
    swapped = np.ascontiguousarray(raster.pixels[..., channels])
    how = [
        cv2.IMWRITE_PNG_COMPRESSION,
        _PNG_LEVEL,
        cv2.IMWRITE_PNG_FILTER,
        cv2.IMWRITE_PNG_FAST_FILTERS,
    ]
    done, coded = cv2.imencode(".png", swapped, how)
    if not done:
        raise RuntimeError("the picture could not be written as PNG")
    data: bytes = coded.tobytes()
    if not raster.profile:
        return data
    header = next(png.chunks(data))
    note = png.chunk(b"iCCP", b"icc\0\0" + zlib.compress(raster.profile))
    return data[: header.end + 4] + note + data[header.end + 4 :]
