"""A rare kind of a known format is opened as it is meant, or called what it is: never damaged."""

import struct
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from chat.core.errors import MediaRejected
from chat.images.ingest import ImageIngest
from tests.unit.images.pictures import corners, decoded, encoded, far, quarters

GREYS = b"".join(bytes((level, level, level, 0)) for level in range(256))


def bmp(
    bits: int, packing: int, body: bytes, palette: bytes = GREYS, reserved: int = 0, height: int = 4
) -> bytes:
    """A BMP of 4 by 4 pixels."""
    start = 54 + len(palette)
    file = struct.pack("<2sIII", b"BM", start + len(body), reserved, start)
    sizes = (4, height, 1, bits, packing, len(body), 0, 0, len(palette) // 4, 0)
    return file + struct.pack("<IiiHHIIiiII", 40, *sizes) + palette + body


def tiff(order: str, *told: tuple[int, Any], big: bool = False, bits: int = 8) -> bytes:
    """A TIFF of 4 by 4 pixels in RGB, but for what is told; each value has a type of its own."""
    body = bytes(range(48)) * (bits // 8)
    tags = {256: 4, 257: 4, 258: bits, 259: 1, 262: 2, 273: 0, 277: 3, 278: 4, 279: len(body)}
    tags |= dict(told)
    count, number, head = ("Q", "Q", 16) if big else ("H", "I", 8)
    entry = struct.Struct(f"{order}HH{number}{number}")
    end = head + struct.calcsize(f"{order}{count}") + entry.size * len(tags) + (8 if big else 4)
    tags[273] = end
    kind = 16 if big else 4
    entries = b"".join(entry.pack(tag, kind, 1, tags[tag]) for tag in sorted(tags))
    magic = struct.pack(f"{order}HHHQ", 43, 8, 0, head) if big else struct.pack(f"{order}HI", 42, 8)
    begins = (b"II" if order == "<" else b"MM") + magic
    return begins + struct.pack(order + count, len(tags)) + entries + bytes(8 if big else 4) + body


def levels(data: bytes) -> list[list[int]]:
    found: list[list[int]] = np.asarray(Image.open(BytesIO(data)).convert("L")).tolist()
    return found


STEPS = b"\x02\x05\0\2\1\1\1\x09\0\0\0\3\1\2\3\0\0\1"
"""Two of 5; one to the right and one down; one of 9; next row; three others; end."""
STEPPED = [[0, 0, 0, 0], [1, 2, 3, 0], [0, 0, 0, 9], [5, 5, 0, 0]]
NIBBLES = b"\x03\x56\0\2\0\1\1\x90\0\0\0\3\x12\x30\0\1"
NIBBLED = [[0, 0, 0, 0], [1, 2, 3, 0], [0, 0, 0, 9], [5, 6, 5, 0]]
QUARTERED = [[0, 85, 170, 255]] * 4
TWO_BITS = b"".join(bytes((level, level, level, 0)) for level in (0, 85, 170, 255))

OPENED: dict[str, tuple[bytes, list[list[int]]]] = {
    "a BMP in runs with steps": (bmp(8, 1, STEPS), STEPPED),
    "a BMP in runs of half bytes with steps": (bmp(4, 2, NIBBLES, GREYS[:64]), NIBBLED),
    "a BMP in runs to its last pixel": (bmp(8, 1, b"\4\7\0\0" * 3 + b"\4\7"), [[7] * 4] * 4),
    "a BMP of two bits": (bmp(2, 0, b"\x1b\0\0\0" * 4, TWO_BITS), QUARTERED),
    "a BMP of two bits from the top": (
        bmp(2, 0, b"\x1b\0\0\0" * 4, TWO_BITS, height=-4),
        QUARTERED,
    ),
    "a BMP whose head is used by a program": (
        bmp(8, 0, bytes((7,)) * 16, reserved=0x12345678),
        [[7] * 4] * 4,
    ),
}


@pytest.mark.parametrize(("data", "expected"), OPENED.values(), ids=OPENED.keys())
def test_it_is_opened_as_it_is_meant(
    ingest: ImageIngest, data: bytes, expected: list[list[int]]
) -> None:
    assert levels(ingest.ingest(data, "upload").data) == expected
    kept = ingest.ingest(data, "model")
    assert (kept.data, kept.note) == (data, "")
    assert levels(ingest.fit(data, 10_000_000)[0]) == expected


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"quality": 90}, {"exif": b"Exif\0\0II*\0"}]
)
@pytest.mark.parametrize("by", [-4, -1, 1, 2, 100_000])
def test_a_webp_whose_head_says_another_size_is_opened(
    ingest: ImageIngest, options: dict[str, Any], by: int
) -> None:
    whole = encoded(quarters(), "WEBP", **options)
    data = whole[:4] + struct.pack("<I", len(whole) - 8 + by) + whole[8:]
    kept = ingest.ingest(data, "upload")
    assert kept.data == ingest.ingest(whole, "upload").data
    assert ingest.ingest(data, "model").data == data
    sent = decoded(ingest.fit(data, 10_000_000)[0])
    assert all(far(*two) <= 24 for two in zip(corners(sent), corners(quarters()), strict=True))


NOT_READ = {
    "big-endian": (tiff(">", big=True), "A BigTIFF in big-endian order"),
    "floating-point colours": (
        tiff("<", (339, 3), bits=32),
        "A TIFF of floating-point numbers of 32 bits",
    ),
    "long floating-point": (
        tiff("<", (339, 3), (277, 1), (262, 1), bits=64),
        "A TIFF of floating-point numbers of 64 bits",
    ),
    "YCbCr": (tiff("<", (262, 6)), "A TIFF in YCbCr that is not packed"),
    "another packing": (tiff("<", (259, 34_712)), "A TIFF of this kind"),
    "64 bits": (bmp(64, 0, bytes(128), b""), "A BMP of 64 bits a pixel"),
    "a JPEG": (bmp(0, 4, bytes(99), b""), "A BMP packed as JPEG"),
}


@pytest.mark.parametrize(("data", "kind"), NOT_READ.values(), ids=NOT_READ.keys())
def test_a_kind_that_is_not_read_is_named_with_a_way_out(
    ingest: ImageIngest, data: bytes, kind: str
) -> None:
    with pytest.raises(MediaRejected) as refused:
        ingest.ingest(data, "upload")
    assert str(refused.value) == f"{kind} is not supported. Export it as PNG."
    made = ingest.ingest(data, "model")
    assert made.data == data
    named = "The TIFF picture" if kind.endswith("this kind") else kind
    assert made.note.startswith(f"{named} could not be shown here; Download gives the file ")


@pytest.mark.parametrize(
    "data",
    [
        tiff("<", (262, 6))[:-1],
        tiff(">", big=True)[:40],
        bmp(8, 1, STEPS[:9]),
        bmp(2, 0, b"\x1b\0\0\0" * 3, TWO_BITS),
        encoded(quarters(), "WEBP")[:-3],
    ],
)
def test_what_breaks_off_is_still_called_damaged(ingest: ImageIngest, data: bytes) -> None:
    with pytest.raises(MediaRejected, match="is damaged and cannot be opened"):
        ingest.ingest(data, "upload")
