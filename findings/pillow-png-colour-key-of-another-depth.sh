#!/bin/sh
# Pillow 12.3.0, PNG whose see-through colour is named in tRNS.
#
# One would guess that the named colour is see-through after convert("RGBA"), whatever depth the file
# has, as it is with 1 and 8 bits a sample.
# Seen: with 2, 4 and 16 bits it stays opaque, without an error. The pixels come scaled to 8 bits,
# info["transparency"] in the file's own depth (PNG, tRNS), and convert compares the two. Scaling the
# key first, by 255 / 15 for 4 bits, makes the picture what browsers show.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pillow==12.3.0
"$place/venv/bin/python" - <<'PYTHON'
import io
import struct
import zlib

import PIL
from PIL import Image


def chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def alphas(depth: int, colours: int, row: bytes, key: bytes) -> list[int]:
    """Two pixels in a row, the left one of them of the colour that tRNS names."""
    header = struct.pack(">IIBBBBB", 2, 1, depth, colours, 0, 0, 0)
    parts = {b"IHDR": header, b"tRNS": key, b"IDAT": zlib.compress(b"\0" + row), b"IEND": b""}
    data = b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts.items())
    with Image.open(io.BytesIO(data)) as image:
        print("   ", image.mode, "of depth", depth, "key", image.info["transparency"], end=": ")
        return [image.convert("RGBA").getpixel((x, 0))[3] for x in range(2)]


print("pillow", PIL.__version__)
seen = {}
for name, given in {
    "grey of 1 bit": (1, 0, b"\x80", b"\0\1"),
    "grey of 2 bits": (2, 0, b"\xd0", b"\0\3"),
    "grey of 4 bits": (4, 0, b"\xa3", b"\0\x0a"),
    "grey of 8 bits": (8, 0, b"\xa0\x30", b"\0\xa0"),
    "grey of 16 bits": (16, 0, b"\x12\x34\x00\x30", b"\x12\x34"),
    "colours of 8 bits": (8, 2, b"\x10\x20\x30\0\0\0", b"\0\x10\0\x20\0\x30"),
    "colours of 16 bits": (16, 2, b"\x12\x34" * 3 + bytes(6), b"\x12\x34" * 3),
}.items():
    seen[name] = alphas(*given)
    print("alpha of two pixels", seen[name], "must be [0, 255] |", name)
kept = [name for name, alpha in seen.items() if alpha == [255, 255]]
if kept != ["grey of 2 bits", "grey of 4 bits", "grey of 16 bits", "colours of 16 bits"]:
    raise SystemExit(f"changed: opaque are now {kept}")
PYTHON
