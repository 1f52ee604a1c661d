"""What pixels mean: which way is up, which colours they are, what shows through.

``plain`` answers all of that once and for all: the picture it makes is upright, sRGB, 8 bits
a channel, and carries nothing but pixels.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image, ImageChops, ImageCms

from chat.images import colour

Size = tuple[int, int]

PLAIN_MODES = ("L", "RGB", "RGBA")

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_WHITES = {"I": (255.0, 65535.0), "F": (1.0, 255.0, 65535.0)}
"""What numbers may stand for white: the least that none is above, or else the largest number."""

_SPACES = {"L": "GRAY", "RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """How the numbers that a decoder gives are to be shown."""

    orientation: int = 1
    """How the camera was held: 1 is upright, up to 8 as in EXIF."""
    profile: bytes = b""
    """An ICC profile; empty for a picture without one."""
    encoding: colour.Encoding | None = None
    """Colours told without a profile; ``None`` for sRGB. A usable profile goes first."""
    depth: int = 8
    """Bits per channel of the file, where the decoder does not already make it 8."""


def orientation(exif: bytes) -> int:
    """How the camera was held, from an EXIF block. Browsers do not ask XMP, nor is it asked here.

    Pillow's own ``getexif`` of a picture falls back on XMP.
    """
    tags = Image.Exif()
    try:
        tags.load(exif)
        tag = tags.get(ExifTags.Base.Orientation, 1)
    except Exception:  # broken metadata must not cost the picture
        return 1
    return tag if isinstance(tag, int) and tag in UPRIGHT else 1


def shown(size: Size, turned: int) -> Size:
    """Width and height on the screen."""
    return (size[1], size[0]) if turned >= 5 else size


def within(size: Size, side_px: int) -> Size:
    """The size fitted into a square, never enlarged, no side below one pixel."""
    longest = max(size)
    if longest <= side_px:
        return size
    return (max(1, size[0] * side_px // longest), max(1, size[1] * side_px // longest))


def is_plain(image: Image.Image, meaning: Meaning) -> bool:
    """Whether :func:`plain` would leave the pixels as they are."""
    return (
        image.mode in PLAIN_MODES
        and "transparency" not in image.info
        and meaning.orientation == 1
        and shows_srgb(image, meaning)
    )


def shows_srgb(image: Image.Image, meaning: Meaning) -> bool:
    """Whether its numbers are sRGB already."""
    return (
        image.mode != "CMYK" and not meaning.encoding and colour_transform(image, meaning) is None
    )


def plain(image: Image.Image, meaning: Meaning, low: Image.Image | None = None) -> Image.Image:
    """A new picture of mode L, RGB or RGBA, made of the pixels alone.

    Args:
        image: As decoded.
        meaning: How its numbers are to be shown.
        low: The lower eight bits of each channel, where the file has sixteen and they count.
    """
    wide_grey = image.mode.startswith("I;16")
    grey_alone = _colour_mode(image.mode) == "L"
    image = straight(image, meaning)
    if grey_alone and image.mode == "RGBA":
        image = _grey_with_alpha(image, meaning)
    transform = colour_transform(image, meaning)
    if transform is not None:
        grey = image.mode == "L"
        image = ImageCms.applyTransform(image, transform) or image
        image = image.convert("L") if grey else image
    elif image.mode == "CMYK":
        image = image.convert("RGB")
    elif meaning.encoding and not wide_grey:
        image = colour.to_srgb(image, meaning.encoding, low)
    if image.mode == "RGBA":
        opaque = image.getchannel("A").getextrema() == (255, 255)
        image = image.convert("RGB") if opaque else _composed(image, _empty(image))
    if meaning.orientation != 1:
        image = image.transpose(UPRIGHT[meaning.orientation])
    image.info = {}
    return image


def _grey_with_alpha(image: Image.Image, meaning: Meaning) -> Image.Image:
    """A grey picture in RGBA, its grey as a profile for grey ones says it is to be shown."""
    transform = _to_srgb(meaning.profile, "L") if meaning.profile else None
    if transform is None:
        return image
    grey = image.getchannel("R")
    grey = (ImageCms.applyTransform(grey, transform) or grey).convert("L")
    return Image.merge("RGBA", (grey, grey, grey, image.getchannel("A")))


def hides_colours(image: Image.Image) -> bool:
    """Whether there are colours below what is wholly see-through."""
    if image.mode != "RGBA":
        return False
    hidden = _composed(_empty(image), image).convert("RGB")
    return any(band.getbbox() is not None for band in hidden.split())


def _composed(shown: Image.Image, hidden: Image.Image) -> Image.Image:
    """The one picture where either can be seen at all, the other where nothing can.

    Both are RGBA; one of them is wholly see-through.
    """
    alphas = (one.getchannel("A") for one in (shown, hidden))
    seen = ImageChops.lighter(*alphas).point([0, *[255] * 255])
    return Image.composite(shown, hidden, seen)


def _empty(image: Image.Image) -> Image.Image:
    return Image.new("RGBA", image.size, (0, 0, 0, 0))


def on_white(image: Image.Image) -> Image.Image:
    """Without alpha. What was see-through becomes white, never the colour hidden below."""
    if image.mode != "RGBA":
        return image
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A"))
    return page


def straight(image: Image.Image, meaning: Meaning) -> Image.Image:
    """8 bits a channel, alpha as a channel: mode L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I;16"):
        return _from_grey16(image, meaning.encoding)
    if "transparency" in image.info and image.mode in {"1", "L", "RGB"}:
        keyed = image.convert("L") if image.mode == "1" else image.copy()
        keyed.info["transparency"] = _key8(image.info["transparency"], image.mode, meaning.depth)
        return keyed.convert("RGBA")
    if image.mode in {*PLAIN_MODES, "CMYK"}:
        return image.copy()
    if image.mode in _WHITES:
        return _from_numbers(image)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def _from_grey16(image: Image.Image, encoding: colour.Encoding | None) -> Image.Image:
    """Scale to 8 bits; Pillow's own conversion clips everything above 255 to white."""
    key = image.info.get("transparency")
    wide = image.convert("I")
    if encoding:
        levels = colour.grey_levels(encoding, 65535)
    else:
        levels = [(value + 128) // 257 for value in range(65536)]
    grey = wide.point(levels, "L")
    if not isinstance(key, int):
        return grey
    alpha = wide.point([0 if value == key else 255 for value in range(65536)], "L")
    return Image.merge("RGBA", (grey, grey, grey, alpha))


def _from_numbers(image: Image.Image) -> Image.Image:
    """Grey of whole or broken numbers in 8 bits; Pillow's own conversion clips them."""
    numbers = np.nan_to_num(np.asarray(image, np.float32), posinf=0, neginf=0)
    most = float(numbers.max())
    white = next((white for white in _WHITES[image.mode] if most <= white), most)
    return Image.fromarray((numbers * (255 / white) + 0.5).clip(0, 255).astype(np.uint8))


def _key8(key: object, mode: str, depth: int) -> object:
    """PNG names its see-through colour in the file's own depth; pixels have 8 bits by now."""
    if isinstance(key, tuple):
        return tuple(part >> 8 for part in key) if depth == 16 else key
    if isinstance(key, int) and mode == "L":
        return key * 255 // ((1 << depth) - 1)
    return key


def is_usable(profile: bytes, mode: str) -> bool:
    """Whether an ICC profile can be read and is one for pictures of this mode."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
    return source.profile.xcolor_space == _SPACES.get(_colour_mode(mode))


def _colour_mode(mode: str) -> str:
    """The mode that a decoded picture's colours are converted in."""
    if mode.startswith("I;16") or mode in {"1", "LA"}:
        return "L"
    return mode if mode in _SPACES else "RGB"


def colour_transform(image: Image.Image, meaning: Meaning) -> ImageCms.ImageCmsTransform | None:
    """The way from its profile to sRGB; ``None`` where there is nothing to convert."""
    mode = _colour_mode(image.mode)
    return _to_srgb(meaning.profile, mode) if meaning.profile else None


@lru_cache(maxsize=4)
def _to_srgb(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The way to sRGB; ``None`` where it leads nowhere: sRGB by another name, or unreadable."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space != _SPACES[mode]:
            return None
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            mode if mode == "RGBA" else "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    return None if mode != "CMYK" and _changes_nothing(transform, mode) else transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    levels = range(0, 256, 51)
    swatches = Image.new("RGB", (216, 1))
    swatches.putdata([(red, green, blue) for red in levels for green in levels for blue in levels])
    before = swatches.convert(mode)
    after = ImageCms.applyTransform(before, transform)
    if after is None:
        return True
    difference = ImageChops.difference(before.convert("RGB"), after.convert("RGB"))
    return max(difference.tobytes()) <= colour.SAME_COLOUR
