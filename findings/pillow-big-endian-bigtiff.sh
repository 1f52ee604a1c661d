#!/bin/sh
# Pillow 12.3.0, TIFF.
#
# One would guess that a BigTIFF is read in both orders of bytes: TiffImagePlugin names the first
# bytes of both among those it accepts, and reads and writes little-endian ones.
# Seen: a big-endian one cannot be identified. Which version it has is read from the third byte of
# the file alone, and in that order it stands in the fourth.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pillow==12.3.0
"$place/venv/bin/python" - <<'PYTHON'
import io
import struct

import PIL
from PIL import Image, UnidentifiedImageError


def big_tiff(order: str) -> bytes:
    """Four grey pixels in a row."""
    tags = {256: 4, 257: 1, 258: 8, 259: 1, 262: 1, 273: 0, 277: 1, 278: 1, 279: 4}
    tags[273] = 16 + 8 + 20 * len(tags) + 8
    entries = b"".join(struct.pack(order + "HHQQ", tag, 16, 1, tags[tag]) for tag in tags)
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HHHQ", 43, 8, 0, 16)
    return head + struct.pack(order + "Q", len(tags)) + entries + bytes(8) + bytes((0, 50, 99, 255))


print("Pillow", PIL.__version__)
with Image.open(io.BytesIO(big_tiff("<"))) as image:
    print("little-endian:", image.tobytes())
try:
    Image.open(io.BytesIO(big_tiff(">"))).load()
except UnidentifiedImageError as error:
    print("big-endian:", str(error).partition(" <")[0])
else:
    raise SystemExit("changed: big-endian BigTIFF is read")
PYTHON
