#!/bin/sh
# resvg_py 0.5.0, a drawing whose size is given in millimetres, as a page layout has it.
#
# One would guess that it is drawn like one in pixels: a millimetre is 96 / 25.4 of them.
# Seen: "SVG has an invalid size". The default of dpi is 0, which the help calls the default of SVG,
# and with it every length in mm, cm, in, pt or pc is 0. With dpi=96 it is drawn.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check resvg-py==0.5.0
"$place/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from resvg_py import svg_to_bytes

drawing = '<svg xmlns="http://www.w3.org/2000/svg" {}><rect width="9" height="9"/></svg>'
print("resvg-py", version("resvg-py"))
for size in ('width="100" height="50"', 'width="100mm" height="50mm"'):
    for more in ({}, {"dpi": 96}):
        try:
            seen = f"{len(bytes(svg_to_bytes(svg_string=drawing.format(size), **more)))} bytes"
        except ValueError as error:
            seen = str(error)
        print(size, more or "default dpi", "->", seen)
PYTHON
