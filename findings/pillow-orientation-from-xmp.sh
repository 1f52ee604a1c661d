#!/bin/sh
# Pillow 12.3.0, Image.getexif and ImageOps.exif_transpose.
#
# One would guess that getexif tells what stands in a file's EXIF block, and that exif_transpose
# turns a picture as a browser does.
# Seen: a JPEG without any EXIF, whose XMP says tiff:Orientation="6", gets orientation 6 from
# getexif, and exif_transpose turns it; browsers ask EXIF alone and show it as it is. Reading
# image.info["exif"] instead tells the two apart.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pillow==12.3.0
"$place/venv/bin/python" - <<'PYTHON'
import io

import PIL
from PIL import Image, ImageOps

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)
out = io.BytesIO()
Image.new("RGB", (64, 48)).save(out, "JPEG", xmp=XMP)
image = Image.open(io.BytesIO(out.getvalue()))
has_exif, tag = "exif" in image.info, image.getexif().get(0x0112)
turned = ImageOps.exif_transpose(image).size
print("pillow", PIL.__version__)
print("has an EXIF block:", has_exif, "| orientation:", tag, "| after exif_transpose:", turned)
if (has_exif, tag, turned) != (False, 6, (48, 64)):
    raise SystemExit("changed: XMP no longer turns a picture without EXIF")
PYTHON
