"""The size that a picture declares, read from its head alone: nothing is decoded, nothing believed.

For pictures that are kept before anybody could look at them.
"""

import re

from chat.images.formats import GIF, JPEG, PNG, WEBP, Format
from chat.images.webp import chunks

UNKNOWN_PX = (512, 512)
"""What stands for a size that nobody could read, as of a file that nothing here opens."""
READ = frozenset(form.mime for form in (PNG, JPEG, GIF, WEBP))
"""Whose heads are read here. Another picture of the unknown size may have any."""
_MOST_PX = 1 << 16
_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(..)(..)", re.DOTALL)
_HEAD_BYTES = 1 << 20


def declared_px(data: bytes, form: Format) -> tuple[int, int]:
    """Width and height; a square where the head does not say, or says what cannot be."""
    width, height = _declared(data, form)
    return (width, height) if 0 < width < _MOST_PX and 0 < height < _MOST_PX else UNKNOWN_PX


def _declared(data: bytes, form: Format) -> tuple[int, int]:
    if form == PNG:
        return _big(data[16:20]), _big(data[20:24])
    if form == GIF:
        return _little(data[6:8]), _little(data[8:10])
    if form == JPEG:
        frame = _FRAME.search(data, 0, _HEAD_BYTES)
        return (_big(frame[2]), _big(frame[1])) if frame else (0, 0)
    if form == WEBP:
        return _webp(data)
    return 0, 0


def _webp(data: bytes) -> tuple[int, int]:
    name, content = next(chunks(data), (b"", b""))
    if name == b"VP8X":
        return 1 + _little(content[4:7]), 1 + _little(content[7:10])
    if name == b"VP8L":
        packed = _little(content[1:5])
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    return _little(content[6:8]) & 0x3FFF, _little(content[8:10]) & 0x3FFF


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
