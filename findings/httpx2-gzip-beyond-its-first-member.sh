#!/bin/sh
# httpx2 2.16.2, Response with Content-Encoding: gzip.
#
# One would guess that a body is unpacked whole, or that an error says that it was not. A gzip file
# may have several members, one behind the other (RFC 1952, 2.2), and gzip, Python's own module and
# browsers unpack them all.
# Seen: the first member alone, and no error: the rest of an answer is left out without a word.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check httpx2==2.16.2
"$place/venv/bin/python" - <<'PYTHON'
import gzip

import httpx2

body = gzip.compress(b"the first half, ") + gzip.compress(b"the second half")
told = {"content-encoding": "gzip"}
unpacked = httpx2.Response(200, headers=told, content=body).content
print("httpx2", httpx2.__version__)
print("gzip.decompress:", gzip.decompress(body))
print("Response.content:", unpacked)
if unpacked != b"the first half, ":
    raise SystemExit("changed: httpx2 unpacks more than the first member")
PYTHON
