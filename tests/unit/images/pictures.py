"""Draws the pictures that the tests of this room feed in, so that they need no files."""

import random
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageDraw

CORNERS = ((255, 0, 0), (0, 160, 0), (0, 0, 255), (255, 220, 0))
"""Top left, top right, bottom left, bottom right."""


def quarters(width: int = 64, height: int = 48) -> Image.Image:
    """A picture whose corners tell which way is up."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    halves = [(0, 0), (width // 2, 0), (0, height // 2), (width // 2, height // 2)]
    for (left, top), colour in zip(halves, CORNERS, strict=True):
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return image


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture that no encoder can make small."""
    size = width * height * len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, (width, height), random.Random(7).randbytes(size))


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """The file."""
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    """The picture in a file, its pixels loaded."""
    with Image.open(BytesIO(data)) as image:
        image.load()
        return image


def corners(image: Image.Image) -> list[tuple[int, int, int]]:
    """The colours near the four corners, in the order of ``CORNERS``."""
    rgb = image.convert("RGB")
    across, down = rgb.width // 8, rgb.height // 8
    spots = [
        (x, y) for y in (down, rgb.height - 1 - down) for x in (across, rgb.width - 1 - across)
    ]
    found = [rgb.getpixel(spot) for spot in spots]
    return [(int(c[0]), int(c[1]), int(c[2])) for c in found if isinstance(c, tuple)]


def far(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How far two colours lie apart: the largest difference of a channel."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes: how it was held, who made it, where it was."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "Canary Camera"
    tags.get_ifd(0x8825)[1] = "N"
    return tags


def chunk(name: bytes, content: bytes) -> bytes:
    """A PNG chunk."""
    checksum = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + checksum


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *before: bytes) -> bytes:
    """A PNG from raw filtered rows, for what Pillow itself cannot write."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((depth, colour, 0, 0, 0))
    parts = (chunk(b"IHDR", header), *before, chunk(b"IDAT", zlib.compress(rows)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def srgb_profile() -> bytes:
    """The ICC profile that changes nothing."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """An ICC profile whose red and blue primaries have changed places."""
    profile = bytearray(srgb_profile())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * profile[131], 12)}
    red, blue = tags[b"rXYZ"] + 4, tags[b"bXYZ"] + 4
    profile[red : red + 8], profile[blue : blue + 8] = (
        profile[blue : blue + 8],
        profile[red : red + 8],
    )
    return bytes(profile)


def grey_profile(gamma: float) -> bytes:
    """An ICC profile for grey pictures whose numbers are light to the power of 1 / gamma."""
    white = struct.pack(">3i", 63190, 65536, 54061)
    tags = {
        b"desc": b"desc\0\0\0\0\0\0\0\5grey\0" + bytes(78),
        b"cprt": b"text\0\0\0\0none",
        b"wtpt": b"XYZ \0\0\0\0" + white,
        b"kTRC": b"curv\0\0\0\0\0\0\0\1" + struct.pack(">H", round(gamma * 256)) + bytes(2),
    }
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    size = start + len(body)
    head = struct.pack(">I4sI", size, b"lcms", 0x02400000) + b"mntrGRAYXYZ " + bytes(12) + b"acsp"
    return (head + bytes(28) + white).ljust(128, b"\0") + table + body
