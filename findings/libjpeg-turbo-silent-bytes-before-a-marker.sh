#!/bin/sh
# libjpeg-turbo 3.1.2 as simplejpeg 1.9.0 carries it, decoding with every warning an error.
#
# One would guess that bytes which belong to no pixel, between the coded pixels of a JPEG and its
# next marker, are all told of: the library has a warning for just that.
# Seen: it reads ahead up to eight bytes while it decodes, and what it has read by the end of a
# scan or a restart interval is dropped without a word. So one byte before the end of a baseline
# picture, and several before the end of a progressive one or before a restart marker, pass as
# clean. Taking the last coded byte away tells: if that decodes without a warning, too, it was
# needed for nothing.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check \
    simplejpeg==1.9.0 pillow==12.3.0 numpy==2.4.6
"$place/venv/bin/python" - <<'PYTHON'
import io
import random
from importlib.metadata import version

import simplejpeg
from PIL import Image

noise = Image.frombytes("RGB", (300, 200), random.Random(7).randbytes(300 * 200 * 3))


def jpeg(**options):
    out = io.BytesIO()
    noise.save(out, "JPEG", **options)
    return out.getvalue()


def clean(data):
    try:
        simplejpeg.decode_jpeg(data, strict=True)
    except ValueError:
        return False
    return True


def silent(data):
    """The most bytes that may stand before the end marker without a warning."""
    return next(n for n in range(20) if not clean(data[:-2] + b"C" * (n + 1) + data[-2:]))


baseline, progressive = silent(jpeg()), silent(jpeg(progressive=True))
restarts = silent(jpeg(restart_marker_rows=1))
shortened = [clean(data[:-3] + data[-2:]) for data in (jpeg(), jpeg(progressive=True))]
print("simplejpeg", version("simplejpeg"))
print("silent bytes: baseline", baseline, "progressive", progressive, "restarts", restarts)
print("without the last coded byte, no warning:", shortened)
if not (baseline and progressive > baseline and restarts > baseline) or any(shortened):
    raise SystemExit("changed: the bytes that pass in silence are others now")
PYTHON
