"""Odd and hostile pictures of the kinds that people, phones and attackers send.

Each is drawn or put together here, byte by byte where no library would write it, with what is to
become of it: accepted, refused, or either of them in good order.
"""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import numpy as np
import pillow_heif
from PIL import Image

from chat.images.webp import chunks as webp_chunks
from tests.unit.images.pictures import (
    chunk,
    encoded,
    exif,
    noise,
    png,
    quarters,
    srgb_profile,
    swapped_profile,
)

Expected = Literal["accept", "reject", "tolerate"]


@dataclass(frozen=True)
class Specimen:
    """A file, what is to become of it, and what must then be true."""

    data: bytes
    expect: Expected
    checks: tuple[str, ...] = ()


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,31.2N"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
PNG = encoded(quarters(), "PNG")
JPEG = encoded(quarters(), "JPEG", quality=95)
GIF_FRAME = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"


def _accepted(data: bytes, *checks: str) -> Specimen:
    return Specimen(data, "accept", checks)


def _refused(data: bytes, *checks: str) -> Specimen:
    return Specimen(data, "reject", checks)


def _either(data: bytes, *checks: str) -> Specimen:
    return Specimen(data, "tolerate", checks)


def _before_pixels(*chunks: bytes, data: bytes = PNG) -> bytes:
    """A PNG with more chunks behind its header."""
    return data[:33] + b"".join(chunks) + data[33:]


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def _see_through() -> Image.Image:
    image = quarters().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


def _sixteen_bits(colour: int, samples: int, *before: bytes) -> bytes:
    rows = b"".join(b"\0" + struct.pack(">H", y * 2000) * samples * 32 for y in range(32))
    return png(32, 32, 16, colour, rows, *before)


def _held(orientation: int) -> bytes:
    """The picture as a camera stores it that was held this way, with the tag that says so."""
    undone = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = quarters().transpose(undone[orientation])
    return encoded(stored, "JPEG", quality=95, exif=exif(orientation))


def _located() -> bytes:
    tags = exif()
    tags.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return encoded(quarters(), "JPEG", exif=tags)


def _tiff_block(*entries: tuple[int, int, int, bytes]) -> bytes:
    """An EXIF block of one directory: tag, type, count and four bytes of value each."""
    body = b"".join(
        struct.pack(">HHI", tag, kind, count) + value for tag, kind, count, value in entries
    )
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", len(entries)) + body + bytes(4)


def _with_exif(block: bytes) -> bytes:
    return JPEG[:2] + _segment(0xE1, b"Exif\0\0" + block) + JPEG[2:]


def _cmyk() -> bytes:
    """Red left of black, in the four inks; Adobe's marker says that they are stored inverted."""
    image = Image.new("CMYK", (100, 100), (0, 0, 0, 255))
    image.paste((0, 255, 255, 0), (0, 0, 40, 40))
    return encoded(image, "JPEG", quality=95)


def _large_profile() -> bytes:
    profile = bytearray(srgb_profile() + noise(400, 420).tobytes())
    profile[:4] = len(profile).to_bytes(4, "big")
    return encoded(quarters(), "JPEG", icc_profile=bytes(profile))


def _twelve_bits() -> bytes:
    at = JPEG.index(b"\xff\xc0")
    return JPEG[: at + 1] + b"\xc1" + JPEG[at + 2 : at + 4] + b"\x0c" + JPEG[at + 5 :]


def _frames(form: str, count: int, **options: object) -> bytes:
    images = [quarters().rotate(7 * turn) for turn in range(count)]
    return encoded(images[0], form, save_all=True, append_images=images[1:], **options)


def _lying_animation() -> bytes:
    data = _frames("PNG", 3)
    at = data.index(b"acTL")
    return data[: at - 4] + chunk(b"acTL", struct.pack(">II", 0, 0)) + data[at + 16 :]


def _gif(width: int, height: int, *frames: bytes) -> bytes:
    head = struct.pack("<HH", width, height) + b"\x80\0\0" + b"\xff\0\0\0\0\xff"
    return b"GIF89a" + head + b"".join(frames) + b";"


def _gif_frame(left: int, top: int, width: int, height: int) -> bytes:
    return b"," + struct.pack("<HHHH", left, top, width, height) + GIF_FRAME[9:]


def _heic() -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(quarters()).save(out, quality=90)
    return out.getvalue()


def _tall_webp() -> bytes:
    """A still picture whose canvas is declared taller than it is."""
    stream = dict(webp_chunks(encoded(quarters(), "WEBP")))[b"VP8 "]
    canvas = b"\0\0\0\0" + (63).to_bytes(3, "little") + (16_382).to_bytes(3, "little")
    parts = ((b"VP8X", canvas), (b"VP8 ", stream))
    body = b"WEBP" + b"".join(
        name + len(part).to_bytes(4, "little") + part + b"\0" * (len(part) % 2)
        for name, part in parts
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def _flic() -> bytes:
    """An animation of the nineties whose first frame promises more than it holds."""
    head = struct.pack("<IHHHHHHI", 200, 0xAF11, 2, 64, 48, 8, 3, 5)
    return head.ljust(128, b"\0") + struct.pack("<IHH", 0xFFFFFFF0, 0xF1FA, 9) + bytes(64)


def _tiff(*entries: tuple[int, int, int, bytes]) -> bytes:
    return _tiff_block((256, 4, 1, b"\0\0\x40\0"), (257, 4, 1, b"\0\0\x40\0"), *entries) + bytes(64)


def _all_notes() -> bytes:
    script = b"<script>alert(1)</script>"
    return _before_pixels(
        chunk(b"tEXt", b"Comment\0" + script),
        chunk(b"zTXt", b"Author\0\0" + zlib.compress(script)),
        chunk(b"iTXt", b"Title\0\0\0\0\0" + script),
        chunk(b"eXIf", _tiff_block((270, 2, 4, b"<b>\0")) + script),
    )


def _wrong_sum(name: bytes) -> bytes:
    """The PNG, with a checksum of this chunk that is not its own."""
    at = PNG.index(name)
    end = at + 4 + int.from_bytes(PNG[at - 4 : at], "big")
    return PNG[:end] + bytes(byte ^ 0xFF for byte in PNG[end : end + 4]) + PNG[end + 4 :]


def _padded() -> bytes:
    """Pixels spread over many chunks, some of them empty, as the standard allows."""
    size = int.from_bytes(PNG[33:37], "big")
    pixels = PNG[41 : 41 + size]
    pieces = [b"", *(pixels[at : at + 9] for at in range(0, size, 9)), b""]
    return PNG[:33] + b"".join(chunk(b"IDAT", piece) for piece in pieces) + chunk(b"IEND", b"")


def _deep_profile() -> bytes:
    packed = zlib.compress(bytes(100_000_000), 9)
    return _before_pixels(chunk(b"iCCP", b"p\0\0" + packed))


def _entities() -> bytes:
    lines = [b'<!ENTITY a0 "ha">']
    lines += [b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)]
    return (
        b"<!DOCTYPE svg ["
        + b"".join(lines)
        + b"]><svg xmlns='http://www.w3.org/2000/svg'>&a9;</svg>"
    )


def _near_white_words() -> bytes:
    """Pixels that a person does not see as a picture and a model may read."""
    pixels = np.full((60, 200, 3), 255, np.uint8)
    pixels[20:40, 20:180:4] = 252
    return encoded(Image.fromarray(pixels), "PNG")


MADE: dict[str, Callable[[], Specimen]] = {
    # What is common.
    "rgb.png": lambda: _accepted(encoded(quarters(128, 128), "PNG"), "128 by 128"),
    "lossy.webp": lambda: _accepted(encoded(quarters(128, 128), "WEBP"), "128 by 128"),
    "grey.jpg": lambda: _accepted(encoded(quarters().convert("L"), "JPEG"), "plain colours"),
    "one_colour_clear.png": lambda: _accepted(
        encoded(quarters(), "PNG", transparency=(255, 0, 0)), "alpha"
    ),
    "rgba.png": lambda: _accepted(encoded(_see_through(), "PNG"), "alpha"),
    "rgba.avif": lambda: _accepted(encoded(_see_through(), "AVIF"), "alpha"),
    "rgba16.png": lambda: _accepted(_sixteen_bits(6, 4), "plain colours"),
    "rgb16_clear.png": lambda: _accepted(
        _sixteen_bits(2, 3, chunk(b"tRNS", bytes(6))), "plain colours"
    ),
    "one_pixel.png": lambda: _accepted(encoded(Image.new("RGB", (1, 1)), "PNG"), "plain colours"),
    "japanese_title.png": lambda: _accepted(
        _before_pixels(chunk(b"iTXt", b"Title\0\0\0ja\0\0" + "題名".encode())), "no text"
    ),
    "no_name.png": lambda: _accepted(PNG, "a PNG"),
    "grey_alpha.png": lambda: _accepted(
        encoded(_see_through().convert("LA"), "PNG"), "plain colours"
    ),
    "one_bit.png": lambda: _accepted(encoded(quarters().convert("1"), "PNG"), "plain colours"),
    # Which way is up.
    **{
        f"held_{way}.jpg": lambda way=way: _accepted(_held(way), "upright", "no tags")  # type: ignore[misc]
        for way in range(2, 9)
    },
    "tall_when_upright.jpg": lambda: _accepted(
        encoded(Image.new("RGB", (2, 1)), "JPEG", exif=exif(6)), "one by two"
    ),
    # What people do not know that they tell.
    "located.jpg": lambda: _accepted(_located(), "no place"),
    "located_badly.jpg": lambda: _accepted(
        _with_exif(_tiff_block((0x8825, 2, 4, b"nowh"), (0x0112, 3, 1, b"\0\1\0\0"))), "no place"
    ),
    "xmp.png": lambda: _accepted(
        _before_pixels(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
        "no text",
        "no latitude",
    ),
    "xmp.jpg": lambda: _accepted(encoded(quarters(), "JPEG", xmp=XMP), "no xmp", "no latitude"),
    "all_notes.png": lambda: _accepted(_all_notes(), "no notes"),
    # Colours.
    "inks.jpg": lambda: _accepted(_cmyk(), "not inverted", "red, green and blue"),
    "profile.png": lambda: _accepted(
        encoded(quarters(), "PNG", icc_profile=swapped_profile()), "no profile"
    ),
    "large_profile.jpg": lambda: _accepted(_large_profile(), "no profile"),
    "twelve_bits.jpg": lambda: _either(_twelve_bits()),
    # What moves.
    "moving.gif": lambda: _accepted(_frames("GIF", 4, disposal=2, duration=50), "still"),
    "moving.webp": lambda: _accepted(_frames("WEBP", 42, duration=20), "still"),
    "moving.avif": lambda: _accepted(_frames("AVIF", 3), "still"),
    "no_frames.png": lambda: _either(_lying_animation(), "still"),
    "frame_outside.gif": lambda: _either(_gif(8, 8, _gif_frame(90, 90, 1, 1))),
    # What phones, scanners and old programs make.
    "phone.heic": lambda: _accepted(_heic(), "upright"),
    "two.mpo": lambda: _accepted(_frames("MPO", 2), "still", "upright"),
    "paint.bmp": lambda: _accepted(encoded(quarters(), "BMP")),
    "scan16.tif": lambda: _accepted(encoded(Image.new("I;16", (9, 9), 900), "TIFF")),
    "codestream.jxl": lambda: _refused(b"\xff\x0a" + noise(8, 8).tobytes(), "names the format"),
    "boxes.jxl": lambda: _refused(
        b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a" + _box(b"ftyp", b"jxl \0\0\0\0jxl "), "names the format"
    ),
    "resolution_of_nothing.jpg": lambda: _accepted(
        _with_exif(_tiff_block((0x011A, 5, 1, b"\0\0\xff\xff"), (0x0128, 3, 1, b"\0\2\0\0")))
    ),
    "exif_of_nothing.jpg": lambda: _accepted(_with_exif(b"nonsense"), "no tags"),
    # Damage.
    "cut.jpg": lambda: _either(encoded(noise(200, 200), "JPEG")[:9_000], "says damaged"),
    "header_of_noise.jpg": lambda: _refused(JPEG[:2] + noise(9, 9).tobytes()),
    "broken_chunk.png": lambda: _either(_before_pixels(b"\xff\xff\xff\xffteXt" + bytes(9))),
    "padded.png": lambda: _accepted(_padded(), "upright"),
    "first_byte.png": lambda: _refused(b"\x09" + PNG[1:]),
    "no_bits.png": lambda: _refused(png(8, 8, 0, 2, bytes(200))),
    "wrong_sum.png": lambda: _accepted(_wrong_sum(b"IDAT"), "upright"),
    "wrong_sum_of_header.png": lambda: _refused(_wrong_sum(b"IHDR")),
    "no_header.png": lambda: _refused(PNG[:8] + PNG[33:]),
    "colour_of_no_palette.png": lambda: _either(
        png(8, 8, 8, 3, (b"\0" + bytes(range(8))) * 8, chunk(b"PLTE", b"\xff\0\0"))
    ),
    "half.png": lambda: _either(encoded(noise(64, 48), "PNG")[:5_000], "says damaged"),
    "no_end.png": lambda: _accepted(PNG[:-12], "upright"),
    "no_end.jpg": lambda: _either(JPEG[:-2]),
    "header_only.png": lambda: _refused(PNG[:33]),
    "nothing.png": lambda: _refused(b"", "says empty"),
    # Bombs.
    "sixteen_gigapixels.png": lambda: _refused(
        png(65_536, 65_536, 8, 2, bytes(99)), "says megapixels"
    ),
    "one_bit_each.png": lambda: _refused(png(45_000, 45_000, 1, 0, bytes(99)), "says megapixels"),
    "two_rows_of_many.png": lambda: _refused(
        png(30_000, 30_000, 8, 2, bytes(180_002)), "says megapixels"
    ),
    "huge.gif": lambda: _refused(_gif(65_535, 65_535, GIF_FRAME), "says megapixels"),
    "huge_and_moving.gif": lambda: _refused(
        _gif(30_000, 30_000, *[GIF_FRAME] * 50), "says megapixels"
    ),
    "frame_of_everything.gif": lambda: _either(
        _gif(8, 8, GIF_FRAME, _gif_frame(0, 0, 65_535, 65_535))
    ),
    "tall.webp": lambda: _either(_tall_webp()),
    "deep_profile.png": lambda: _accepted(_deep_profile(), "no profile"),
    "narrow.png": lambda: _accepted(
        encoded(Image.new("RGB", (60_000, 1)), "PNG"), "thumbnail of a line"
    ),
    # Parsers that nobody needs.
    "nineties.fli": lambda: _refused(_flic(), "says unsupported"),
    "game.blp": lambda: _refused(
        b"BLP2" + struct.pack("<IBBBBII", 1, 2, 8, 8, 0, 9, 9) + bytes(999), "says unsupported"
    ),
    "far_away.tif": lambda: _refused(_tiff((273, 4, 1, b"\xff\xff\xff\xff"))),
    "many_strips.tif": lambda: _refused(_tiff((273, 4, 0xFFFFFF, b"\0\0\0\x08"))),
    "drawing.eps": lambda: _refused(
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 0 0\nshowpage\n", "says EPS"
    ),
    # Not pictures.
    "page.png": lambda: _refused(b"<!DOCTYPE html><script>alert(1)</script>", "says unsupported"),
    "film.jpg": lambda: _refused(_box(b"ftyp", b"isom\0\0\2\0isommp41") + _box(b"mdat", bytes(64))),
    "script.svg": lambda: _refused(
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    ),
    "entities.svg": lambda: _refused(_entities()),
    "page_behind.jpg": lambda: _accepted(
        JPEG + b"<!DOCTYPE html><html><script>alert(1)</script></html>", "no page behind"
    ),
    "words_for_a_model.png": lambda: _accepted(_near_white_words(), "plain colours"),
}
