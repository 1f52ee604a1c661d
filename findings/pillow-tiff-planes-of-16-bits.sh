#!/bin/sh
# Pillow 12.3.0, TIFF.
#
# One would guess that a TIFF whose red, green and blue lie in planes of their own (planar
# configuration 2) is read alike whether its samples have 8 or 16 bits, as it is where the planes
# are packed; or that it is refused.
# Seen: without compression, planes of 16 bits are read as if they had 8: each byte becomes a pixel,
# and half of each plane is left out. There is no error, only another picture.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pillow==12.3.0
"$place/venv/bin/python" - <<'PYTHON'
import io
import struct

import PIL
from PIL import Image

WIDTH = HEIGHT = 16


def tiff(bits: int) -> bytes:
    """Red on the left, blue on the right."""
    most, none = b"\xff" * (bits // 8), b"\0" * (bits // 8)
    left, right = most * 8 + none * 8, none * 8 + most * 8
    planes = (left * HEIGHT, none * WIDTH * HEIGHT, right * HEIGHT)
    size = len(planes[0])
    entries, behind = 10, 8 + 2 + 10 * 12 + 4
    depths, offsets, counts, start = behind, behind + 6, behind + 18, behind + 30
    told = (
        (256, 3, 1, WIDTH), (257, 3, 1, HEIGHT), (258, 3, 3, depths), (259, 3, 1, 1),
        (262, 3, 1, 2), (273, 4, 3, offsets), (277, 3, 1, 3), (278, 3, 1, HEIGHT),
        (279, 4, 3, counts), (284, 3, 1, 2),
    )
    out = b"II*\0" + struct.pack("<IH", 8, entries)
    out += b"".join(struct.pack("<HHII", *entry) for entry in told) + bytes(4)
    out += struct.pack("<3H3I3I", *[bits] * 3, *(start + size * at for at in range(3)), *[size] * 3)
    return out + b"".join(planes)


def ends(bits: int) -> tuple:
    with Image.open(io.BytesIO(tiff(bits))) as image:
        return image.convert("RGB").getpixel((0, 0)), image.convert("RGB").getpixel((15, 15))


print("pillow", PIL.__version__)
print("planes of  8 bits, left and right:", *ends(8))
print("planes of 16 bits, left and right:", *ends(16), "| row 0 must be", ((255, 0, 0), (0, 0, 255)))
with Image.open(io.BytesIO(tiff(16))) as image:
    row = [image.convert("RGB").getpixel((x, 0)) for x in range(WIDTH)]
print("the first row of 16 bits:", row)
if row[:8] != [(255, 0, 0)] * 8 or row[8:] != [(0, 0, 255)] * 8:
    print("seen: it is another picture")
else:
    raise SystemExit("changed: planes of 16 bits are read as they are")
PYTHON
