"""Nothing that somebody hid in a file, or left in it unknowingly, goes on with the picture.

Each source holds a word outside its pixels. It must not be in what is stored, in the thumbnail,
or in what a model is sent: as it is, inflated, or in pixels that nobody sees.
"""

import re
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from chat.images.ingest import ImageIngest
from chat.images.webp import chunks as webp_chunks
from tests.unit.images.pictures import (
    CORNERS,
    chunk,
    corners,
    decoded,
    encoded,
    exif,
    far,
    noise,
    png,
    quarters,
    srgb_profile,
)

WORD = b"CANARY-5e1f"
SHORT = b"CANARY"
PNG = encoded(quarters(), "PNG")
JPEG = encoded(quarters(), "JPEG", quality=95)
WEBP = encoded(quarters(), "WEBP")
RAW = b"".join(b"\0" + row.tobytes() for row in np.asarray(quarters()))


def of_rows(rows: bytes, *before: bytes) -> bytes:
    return png(64, 48, 8, 2, rows, *before)


def of_stream(*idat: bytes) -> bytes:
    pieces = b"".join(chunk(b"IDAT", one) for one in idat)
    return PNG[:33] + pieces + chunk(b"IEND", b"")


def before_idat(*chunks: bytes) -> bytes:
    return PNG[:33] + b"".join(chunks) + PNG[33:]


def interlaced_with_more() -> bytes:
    rows = b"".join(
        b"\0" + np.asarray(quarters())[y::dy, x::dx].tobytes()[at * 3 * w : (at + 1) * 3 * w]
        for x, y, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4),
                             (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
        for w in [len(range(x, 64, dx))]
        for at in range(len(range(y, 48, dy)))
    )  # fmt: skip
    data = bytearray(png(64, 48, 8, 2, rows + WORD))
    data[28] = 1
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


def webp(*parts: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
        for name, content in parts
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def webp_with(name: bytes, word: bytes, **options: object) -> bytes:
    """A WebP with a word behind one of its streams."""
    image = quarters().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((64, 48)))
    source = image if name == b"ALPH" or options.get("lossless") else quarters()
    parts = dict(webp_chunks(encoded(source, "WEBP", **options)))
    parts[name] += word
    return webp(*parts.items())


def webp_first_part() -> bytes:
    content = dict(webp_chunks(WEBP))[b"VP8 "]
    tag = int.from_bytes(content[:3], "little")
    size = tag >> 5
    longer = (tag & 31 | (size + len(WORD)) << 5).to_bytes(3, "little")
    return webp((b"VP8 ", longer + content[3 : 10 + size] + WORD + content[10 + size :]))


def extended(alpha: bool) -> bytes:
    return bytes((0x10 * alpha, 0, 0, 0)) + (63).to_bytes(3, "little") + (47).to_bytes(3, "little")


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def before_scan(extra: bytes, data: bytes = JPEG) -> bytes:
    at = data.index(b"\xff\xda")
    return data[:at] + extra + data[at:]


def before_end(extra: bytes, data: bytes = JPEG) -> bytes:
    return data[:-2] + extra + data[-2:]


def before_restart(extra: bytes) -> bytes:
    data = encoded(noise(64, 48), "JPEG", restart_marker_rows=1)
    at = [found.start() for found in re.finditer(rb"\xff[\xd0-\xd7]", data)][-1]
    return data[:at] + extra + data[at:]


def behind_restart(extra: bytes) -> bytes:
    data = encoded(noise(64, 48), "JPEG", restart_marker_rows=1)
    return before_end(b"\xff\xd1" + extra, data)


def between_scans(extra: bytes) -> bytes:
    data = encoded(noise(64, 48), "JPEG", progressive=True)
    at = [found.start() for found in re.finditer(rb"\xff\xc4", data)][4]
    return data[:at] + extra + data[at:]


def unused_table() -> bytes:
    return segment(0xC4, b"\x13" + b"\0" * 7 + bytes((len(WORD),)) + b"\0" * 8 + WORD)


def erased(form: str, **options: object) -> bytes:
    """The word in the colours of pixels that were made see-through."""
    image = quarters().convert("RGBA")
    pixels = np.array(image)
    pixels[20:28, :, 3] = 0
    pixels[22, 4 : 4 + len(WORD), 0] = list(WORD)
    return encoded(Image.fromarray(pixels), form, **options)


def heic(**options: object) -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(quarters()).save(out, quality=90, **options)
    return out.getvalue()


def grey_png_padding() -> bytes:
    """One bit a pixel, three pixels a row: five bits of each row belong to none."""
    return png(3, len(WORD), 1, 0, b"".join(b"\0" + bytes((byte,)) for byte in WORD))


SOURCES = {
    "png: text": before_idat(chunk(b"tEXt", b"Author\0" + WORD)),
    "png: packed text": before_idat(chunk(b"zTXt", b"Author\0\0" + zlib.compress(WORD))),
    "png: international text": before_idat(chunk(b"iTXt", b"a\0\0\0\0\0" + WORD)),
    "png: time": before_idat(chunk(b"tIME", WORD[:7])),
    "png: exif": encoded(quarters(), "PNG", exif=b"Exif\0\0" + WORD),
    "png: profile": encoded(quarters(), "PNG", icc_profile=srgb_profile() + WORD),
    "png: private chunk": before_idat(chunk(b"caNy", WORD)),
    "png: behind its header": PNG[:8] + chunk(b"IHDR", PNG[16:29] + WORD) + PNG[33:],
    "png: in its end": PNG[:-12] + chunk(b"IEND", WORD),
    "png: suggested palette": before_idat(chunk(b"sPLT", WORD + b"\0\x08" + WORD[:6])),
    "png: palette of a picture without one": before_idat(chunk(b"PLTE", (WORD + b"!")[:12])),
    "png: background": before_idat(chunk(b"bKGD", WORD[:6])),
    "png: size of pixels": before_idat(chunk(b"pHYs", WORD[:9])),
    "png: long cHRM": before_idat(chunk(b"cHRM", bytes(32) + WORD)),
    "png: cHRM of words": before_idat(
        chunk(b"gAMA", b"\0\0\xb1\x8f"), chunk(b"cHRM", (WORD * 3)[:32])
    ),
    "png: gAMA of words": before_idat(chunk(b"sRGB", b"\0"), chunk(b"gAMA", WORD[:4])),
    "png: behind the end": PNG + WORD,
    "png: behind the pixels": PNG[:-12] + chunk(b"tEXt", b"a\0" + WORD) + PNG[-12:],
    "png: bytes behind the stream": of_stream(zlib.compress(RAW) + WORD),
    "png: bytes behind the stream in a chunk": of_stream(zlib.compress(RAW), WORD),
    "png: a second stream": of_stream(zlib.compress(RAW) + zlib.compress(WORD)),
    "png: a second stream in a chunk": of_stream(zlib.compress(RAW), zlib.compress(WORD)),
    "png: bytes behind the rows": of_rows(RAW + WORD),
    "png: extra rows": of_rows(RAW + (b"\0" + WORD * 20)[:193]),
    "png: extra bytes, interlaced": interlaced_with_more(),
    "png: unused entries of the palette": png(
        64, 48, 8, 3, (b"\0" + bytes(64)) * 48, chunk(b"PLTE", b"\xff\0\0" + WORD + b"!")
    ),
    "png: unused entries of its alpha": png(
        64, 48, 8, 3, (b"\0" + bytes(64)) * 48,
        chunk(b"PLTE", b"\xff\0\0" * 12), chunk(b"tRNS", b"\xff" + WORD),
    ),
    "png: bits of no pixel": grey_png_padding(),
    "png: lower halves": png(
        len(WORD), 2, 16, 0, (b"\0" + b"".join(b"\x40" + WORD[at : at + 1] for at in range(11))) * 2
    ),
    "png: erased": erased("PNG"),
    "png: second picture": encoded(quarters(), "PNG", save_all=True, append_images=[noise(64, 48)]),
    "jpeg: comment": encoded(quarters(), "JPEG", comment=WORD),
    "jpeg: exif": encoded(quarters(), "JPEG", exif=exif()),
    "jpeg: xmp": encoded(quarters(), "JPEG", xmp=WORD),
    "jpeg: profile": encoded(quarters(), "JPEG", icc_profile=srgb_profile() + WORD),
    "jpeg: a note of Photoshop": before_scan(segment(0xED, b"Photoshop 3.0\0" + WORD)),
    "jpeg: a thumbnail in JFIF": JPEG[:2]
    + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\2\2" + (WORD + b"!")[:12])
    + JPEG[20:],
    "jpeg: density": JPEG[:2] + segment(0xE0, b"JFIF\0\1\1\1CANA\0\0") + JPEG[20:],
    "jpeg: behind Adobe's note": before_scan(segment(0xEE, b"Adobe\0\x64\0\0\0\0\1" + WORD)),
    "jpeg: in Adobe's note": before_scan(segment(0xEE, b"Adobe" + SHORT + b"\1")),
    "jpeg: a second Adobe's note": before_scan(
        segment(0xEE, b"Adobe\0\x64\0\0\0\0\1") + segment(0xEE, WORD)
    ),
    "jpeg: behind the end": JPEG + WORD,
    "jpeg: before the end": before_end(WORD),
    "jpeg: a few bytes before the end": before_end(SHORT[:4]),
    "jpeg: before a restart": before_restart(WORD),
    "jpeg: a few bytes before a restart": before_restart(SHORT),
    "jpeg: behind a restart": behind_restart(WORD),
    "jpeg: a few bytes behind a restart": behind_restart(SHORT),
    "jpeg: a restart where there are none": before_end(b"\xff\xd0" + WORD),
    "jpeg: between scans": between_scans(WORD),
    "jpeg: a few bytes between scans": between_scans(SHORT),
    "jpeg: before the end of the last scan": before_end(
        SHORT, encoded(noise(64, 48), "JPEG", progressive=True)
    ),
    "jpeg: a table that no scan uses": before_scan(unused_table()),
    "jpeg: a quantiser that nothing uses": before_scan(
        segment(0xDB, b"\x03" + (WORD * 6)[:64])
    ),
    "jpeg: fill bytes and a note": before_scan(b"\xff" * 8 + segment(0xFE, WORD)),
    "webp: exif": encoded(quarters(), "WEBP", exif=exif()),
    "webp: xmp": encoded(quarters(), "WEBP", xmp=WORD),
    "webp: profile": encoded(quarters(), "WEBP", icc_profile=srgb_profile() + WORD),
    "webp: unknown chunk": webp((b"VP8X", extended(False)), *webp_chunks(WEBP), (b"CANY", WORD)),
    "webp: behind the end": WEBP + WORD,
    "webp: behind the pixels": webp_with(b"VP8 ", WORD),
    "webp: behind the modes": webp_first_part(),
    "webp: behind lossless pixels": webp_with(b"VP8L", WORD, lossless=True),
    "webp: behind the alpha": webp_with(b"ALPH", WORD),
    "webp: an alpha that is none": webp(
        (b"VP8X", extended(False)), (b"ALPH", b"\0" + WORD), *webp_chunks(WEBP)
    ),
    "webp: behind an alpha that is not packed": webp(
        (b"VP8X", extended(True)),
        (b"ALPH", b"\0" + bytes(range(64, 128)) * 48 + WORD),
        *webp_chunks(WEBP),
    ),
    "webp: erased, lossless": erased("WEBP", lossless=True, exact=True),
    "webp: erased": erased("WEBP", quality=100, exact=True),
    "gif: comment": encoded(quarters(), "GIF", comment=WORD),
    "gif: behind the end": encoded(quarters(), "GIF") + WORD,
    "avif: exif": encoded(quarters(), "AVIF", exif=exif()),
    "avif: xmp": encoded(quarters(), "AVIF", xmp=WORD),
    "heic: exif": heic(exif=b"Exif\0\0" + WORD),
    "heic: xmp": heic(xmp=WORD),
}  # fmt: skip


def places(data: bytes) -> list[bytes]:
    """The bytes, and what they hold in pixels and streams that nobody looks at."""
    found = [data]
    image = decoded(data)
    found += [band.tobytes() for band in image.split()]
    if data.startswith(b"\x89PNG"):
        stream = zlib.decompressobj()
        packed = b"".join(
            data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")]
            for at in (match.start() for match in re.finditer(b"IDAT", data))
        )
        found += [stream.decompress(packed), stream.unused_data]
    return found


# Nothing but a decoder could show these.
UNSEEN = {"png: bits of no pixel", "png: lower halves", "png: second picture", "webp: erased"}


@pytest.mark.parametrize("name", [name for name in SOURCES if name not in UNSEEN])
def test_every_source_holds_its_word(name: str) -> None:
    data = SOURCES[name]
    found = [data]
    for at in (match.start() for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data)):
        with suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(data[at:]))
    if "erased" in name:
        found += places(data)
    assert any(re.search(rb"CANA|Canary Camera", one) for one in found)


@pytest.mark.parametrize("name", SOURCES)
def test_a_hidden_word_goes_nowhere(ingest: ImageIngest, name: str) -> None:
    stored = ingest.ingest(SOURCES[name], "upload")
    sent, _ = ingest.fit(stored.data, 10_000_000)
    small, _ = ingest.fit(stored.data, 10_000_000, max_side_px=40)
    for copy in (stored.data, stored.thumbnail, sent, small):
        for place in places(copy):
            assert not re.search(rb"CANA|Canary Camera", place)
    assert ingest.ingest(stored.data, "upload").data == stored.data


@pytest.mark.parametrize("name", SOURCES)
def test_whatever_was_hidden_the_picture_is_still_the_same(ingest: ImageIngest, name: str) -> None:
    uploaded, made = ingest.ingest(SOURCES[name], "upload"), ingest.ingest(SOURCES[name], "model")
    assert uploaded.note in {"", "Only the first frame of the animation is used."}
    assert (uploaded.ref.width_px, uploaded.ref.height_px) == (
        made.ref.width_px,
        made.ref.height_px,
    )
    found = zip(corners(decoded(uploaded.data)), corners(decoded(made.thumbnail)), strict=True)
    assert name.startswith("png: lower") or all(far(a, b) <= 30 for a, b in found)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (300, 200)])
def test_a_file_that_holds_its_pixels_only_keeps_every_byte(
    ingest: ImageIngest, form: str, size: tuple[int, int]
) -> None:
    for image in (quarters(*size), noise(*size), noise(*size).convert("L")):
        data = encoded(image, form)
        assert ingest.ingest(data, "upload").data == data


def test_the_note_that_decides_over_a_jpegs_colours_stays(ingest: ImageIngest) -> None:
    """Without it, RGB is shown as luma and colour differences: green skin."""
    plain = encoded(quarters(), "JPEG", keep_rgb=True, quality=95)
    assert b"Adobe" in plain
    longer = plain.replace(
        b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0", segment(0xEE, b"Adobe\0\x64\0\0\0\0\0more")
    )
    assert longer != plain
    for data in (plain, longer):
        stored = ingest.ingest(data, "upload").data
        assert b"more" not in stored
        assert all(far(a, b) <= 8 for a, b in zip(corners(decoded(stored)), CORNERS, strict=True))


def test_a_jfif_note_with_a_thumbnail_still_says_which_colours(ingest: ImageIngest) -> None:
    """A file whose components are called R, G and B is YCbCr only because of that note."""
    named = bytearray(JPEG)
    frame = named.index(b"\xff\xc0") + 10
    scan = named.index(b"\xff\xda") + 5
    for at, letter in enumerate(b"RGB"):
        named[frame + 3 * at] = letter
        named[scan + 2 * at] = letter
    noted = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\1\1abc") + bytes(named[20:])
    stored = ingest.ingest(bytes(named[:2]) + noted, "upload").data
    assert b"abc" not in stored
    assert all(far(a, b) <= 8 for a, b in zip(corners(decoded(stored)), CORNERS, strict=True))


@pytest.mark.parametrize(
    "data",
    [
        erased("PNG"),
        erased("WEBP", lossless=True, exact=True),
        erased("WEBP", quality=90, exact=True),
        erased("WEBP"),
        erased("AVIF"),
    ],
)
def test_what_was_erased_has_no_colour_below(ingest: ImageIngest, data: bytes) -> None:
    pixels = np.asarray(decoded(ingest.ingest(data, "upload").data))
    assert pixels.shape == (48, 64, 4)
    assert not pixels[pixels[..., 3] == 0].any()
    assert ingest.ingest(data, "model").data == data
