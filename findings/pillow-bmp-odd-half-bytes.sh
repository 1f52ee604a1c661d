#!/bin/sh
# Pillow 12.3.0, BMP.
#
# One would guess that a BMP of 4 bits in runs (RLE4) is read whole, as one of 8 bits in runs is.
# Seen: where an odd number of pixels stands one by one, the last of them is left out, and its byte is
# taken for the number of those that follow. There is no error, only another picture.
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

palette = b"".join(bytes((level, level, level, 0)) for level in range(16))
# Five pixels one by one: 1 2 3 4 5; three of 9; the end of the row, and of all.
runs = b"\0\5\x12\x34\x50\0\3\x99\0\0\0\1"
start = 54 + len(palette)
head = struct.pack("<2sIII", b"BM", start + len(runs), 0, start)
head += struct.pack("<IiiHHIIiiII", 40, 8, 1, 1, 4, 2, len(runs), 0, 0, 16, 0)
right = [1, 2, 3, 4, 5, 9, 9, 9]

print("Pillow", PIL.__version__)
print("one would guess:", right)
with Image.open(io.BytesIO(head + palette + runs)) as image:
    seen = list(image.convert("L").tobytes())
print("seen:           ", seen)
if seen == right:
    raise SystemExit("changed: odd numbers of half bytes are read")
PYTHON
