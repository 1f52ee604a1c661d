"""What pixels mean: which way is up, which colours they are, what shows through.

``plain`` answers all of that once and for all: the picture it makes is upright, sRGB, 8 bits
a channel, and carries nothing but pixels.
"""

from functools import lru_cache
from io import BytesIO

from PIL import ExifTags, Image, ImageChops, ImageCms

Size = tuple[int, int]

PLAIN_MODES = ("L", "RGB", "RGBA")

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Two levels either way is what rounding costs when sRGB is turned into sRGB.
_SAME_COLOUR = 3
_SPACES = {"L": "GRAY", "RGB": "RGB ", "RGBA": "RGB ", "CMYK": "CMYK"}


def orientation(image: Image.Image) -> int:
    """How the camera was held: 1 is upright, up to 8 as in EXIF."""
    try:
        tag = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # broken metadata must not cost the picture
        return 1
    return tag if isinstance(tag, int) and tag in _UPRIGHT else 1


def shown(size: Size, turned: int) -> Size:
    """Width and height on the screen."""
    return (size[1], size[0]) if turned >= 5 else size


def within(size: Size, side_px: int) -> Size:
    """The size fitted into a square, never enlarged, no side below one pixel."""
    longest = max(size)
    if longest <= side_px:
        return size
    return (max(1, size[0] * side_px // longest), max(1, size[1] * side_px // longest))


def is_plain(image: Image.Image) -> bool:
    """Whether :func:`plain` would leave the pixels as they are."""
    return (
        image.mode in PLAIN_MODES
        and "transparency" not in image.info
        and orientation(image) == 1
        and _transform(image) is None
    )


def plain(image: Image.Image, depth: int = 8) -> Image.Image:
    """A new picture of mode L, RGB or RGBA, made of the pixels alone."""
    turned = orientation(image)
    image = _straight(image, depth)
    transform = _transform(image)
    if transform is not None:
        grey = image.mode == "L"
        image = ImageCms.applyTransform(image, transform) or image
        image = image.convert("L") if grey else image
    elif image.mode == "CMYK":
        image = image.convert("RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    if turned != 1:
        image = image.transpose(_UPRIGHT[turned])
    image.info = {}
    return image


def on_white(image: Image.Image) -> Image.Image:
    """Without alpha. What was see-through becomes white, never the colour hidden below."""
    if image.mode != "RGBA":
        return image
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A"))
    return page


def _straight(image: Image.Image, depth: int) -> Image.Image:
    """8 bits a channel, alpha as a channel: mode L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I;16"):
        return _from_grey16(image)
    if "transparency" in image.info and image.mode in {"1", "L", "RGB"}:
        keyed = image.convert("L") if image.mode == "1" else image.copy()
        keyed.info["transparency"] = _key8(image.info["transparency"], image.mode, depth)
        return keyed.convert("RGBA")
    if image.mode in {*PLAIN_MODES, "CMYK"}:
        return image.copy()
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def _from_grey16(image: Image.Image) -> Image.Image:
    """Scale to 8 bits; Pillow's own conversion clips everything above 255 to white."""
    key = image.info.get("transparency")
    profile = image.info.get("icc_profile")
    wide = image.convert("I")
    grey = wide.point([(value + 128) // 257 for value in range(65536)], "L")
    grey.info["icc_profile"] = profile
    if not isinstance(key, int):
        return grey
    alpha = wide.point([0 if value == key else 255 for value in range(65536)], "L")
    return Image.merge("RGBA", (grey, grey, grey, alpha))


def _key8(key: object, mode: str, depth: int) -> object:
    """PNG names its see-through colour in the file's own depth; pixels have 8 bits by now."""
    if isinstance(key, tuple):
        return tuple(part >> 8 for part in key) if depth == 16 else key
    if isinstance(key, int) and mode == "L":
        return key * 255 // ((1 << depth) - 1)
    return key


def _transform(image: Image.Image) -> ImageCms.ImageCmsTransform | None:
    profile = image.info.get("icc_profile")
    mode = "RGB" if image.mode in {"P", "PA"} else image.mode
    if not isinstance(profile, bytes) or mode not in _SPACES:
        return None
    return _to_srgb(profile, mode)


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
    return max(difference.tobytes()) <= _SAME_COLOUR
