"""What programs write beside a PNG's pixels never costs the picture, however long it is."""

import zlib
from collections.abc import Callable
from functools import cache

import pytest

from chat.images.ingest import ImageIngest
from tests.unit.images.pictures import (
    chunk,
    corners,
    decoded,
    encoded,
    far,
    quarters,
    swapped_profile,
)

PNG = encoded(quarters(), "PNG")
WORKFLOW = b'{"nodes": [' + b'{"id": 1, "type": "KSampler"},' * 100_000 + b"]}"


@cache
def bomb() -> bytes:
    return zlib.compress(bytes(200_000_000), 9)


def with_chunks(*chunks: bytes) -> bytes:
    return PNG[:33] + b"".join(chunks) + PNG[33:]


NOTED: dict[str, Callable[[], bytes]] = {
    "zTXt": lambda: with_chunks(chunk(b"zTXt", b"workflow\0\0" + zlib.compress(WORKFLOW))),
    "iTXt, packed": lambda: with_chunks(
        chunk(b"iTXt", b"workflow\0\1\0\0\0" + zlib.compress(WORKFLOW))
    ),
    "iTXt": lambda: with_chunks(chunk(b"iTXt", b"workflow\0\0\0\0\0" + WORKFLOW)),
    "tEXt": lambda: with_chunks(chunk(b"tEXt", b"workflow\0" + WORKFLOW)),
    "forty of them": lambda: with_chunks(
        *[chunk(b"zTXt", b"w\0\0" + zlib.compress(WORKFLOW))] * 40
    ),
    "zTXt behind the pixels": lambda: (
        PNG[:-12] + chunk(b"zTXt", b"workflow\0\0" + zlib.compress(WORKFLOW)) + PNG[-12:]
    ),
    "zTXt that is a bomb": lambda: with_chunks(chunk(b"zTXt", b"workflow\0\0" + bomb())),
    "zTXt that is garbled": lambda: with_chunks(chunk(b"zTXt", b"workflow\0\0garbled")),
    "a manifest": lambda: with_chunks(chunk(b"caBX", bytes(range(256)) * 16_000)),
    "a hundred thousand of them": lambda: with_chunks(*[chunk(b"tEXt", b"k\0v")] * 100_000),
    "iTXt packed in a way of its own": lambda: with_chunks(
        chunk(b"iTXt", b"w\0\1\7\0\0" + WORKFLOW)
    ),
    "tEXt that is all key": lambda: with_chunks(chunk(b"tEXt", WORKFLOW)),
    "tEXt without anything": lambda: with_chunks(chunk(b"tEXt", b"")),
    "something private": lambda: with_chunks(chunk(b"prVt", WORKFLOW)),
    "a suggested palette": lambda: with_chunks(chunk(b"sPLT", b"p\0\x08" + WORKFLOW)),
    "a time that is cut": lambda: with_chunks(chunk(b"tIME", b"\0")),
    "text behind the end": lambda: PNG + chunk(b"tEXt", b"a\0" + WORKFLOW),
    "two profiles": lambda: with_chunks(*[chunk(b"iCCP", b"x\0\0" + zlib.compress(WORKFLOW))] * 2),
    "a profile packed in a way of its own": lambda: with_chunks(
        chunk(b"iCCP", b"x\0\1" + WORKFLOW)
    ),
    "a profile that is a bomb": lambda: with_chunks(chunk(b"iCCP", b"x\0\0" + bomb())),
    "a profile that is garbled": lambda: with_chunks(chunk(b"iCCP", b"x\0\0garbled")),
    "a checksum that is wrong": lambda: with_chunks(chunk(b"tEXt", b"a\0b")[:-1] + b"!"),
}


@pytest.mark.parametrize("name", NOTED)
def test_a_picture_with_long_notes_is_taken_without_them(ingest: ImageIngest, name: str) -> None:
    assert ingest.ingest(NOTED[name](), "upload").data == PNG


@pytest.mark.parametrize("name", NOTED)
def test_a_paid_picture_with_long_notes_is_kept_exactly(ingest: ImageIngest, name: str) -> None:
    noted = NOTED[name]()
    made = ingest.ingest(noted, "model")
    assert made.data == noted
    assert made.note == ""


def test_a_profile_of_megabytes_is_applied(ingest: ImageIngest) -> None:
    """Profiles with tables are long; a megabyte of a private tag stands for those here."""
    profile = bytearray(swapped_profile())
    profile += bytes(range(256)) * 8192
    profile[0:4] = len(profile).to_bytes(4, "big")
    data = with_chunks(chunk(b"iCCP", b"long\0\0" + zlib.compress(bytes(profile))))
    for origin in ("upload", "model"):
        ingested = ingest.ingest(data, "upload" if origin == "upload" else "model")
        assert far(corners(decoded(ingested.thumbnail))[0], (0, 0, 255)) <= 24
