"""Takes a PNG, JPEG or WebP file apart and puts back only what its pixels need.

Comments, EXIF, XMP, GPS, colour profiles, embedded thumbnails and whatever was glued to the
end are left out; compressed pixels are copied as they are, so nothing is lost. A file that
comes back unchanged was clean. What a walker does not know it does not guess at: it answers
``None``, and the picture is made anew from its pixels instead.
"""

import re
import zlib
from collections.abc import Callable, Iterator

from chat.images.formats import JPEG, PNG, WEBP, Format

# Chunks that say how pixels are meant, with the one length each may have: too short to carry
# anything else.
_PNG_NOTES = {b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"cICP": 4, b"pHYs": 9}
_PNG_COLOUR_TYPES = {0, 2, 6}  # grey, RGB, RGBA

_SCAN_END = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")  # not stuffing, not a restart marker
_SOS, _EOI, _COM = 0xDA, 0xD9, 0xFE
_JPEG_TABLES = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD}  # baseline and progressive frames, tables
_JPEG_NOTES = {(0xE0, b"JFIF\0", 14), (0xEE, b"Adobe", 12)}

_WEBP_HAS_ALPHA = 0x10


def strip(data: bytes, form: Format) -> bytes | None:
    """The same picture without anything but its pixels; ``None`` where that takes a decoder."""
    walker = _WALKERS.get(form.name)
    return walker(data) if walker else None


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk up to the first that is cut short."""
    at, end = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            return
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _png(data: bytes) -> bytes | None:
    depth, colour_type = data[24:26]  # an opened PNG has its IHDR here
    if depth != 8 or colour_type not in _PNG_COLOUR_TYPES:
        return None
    kept = [data[:8]]
    at = 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        name, end = data[at + 4 : at + 8], at + 12 + size
        if name == b"tRNS" or end > len(data):
            return None
        if name in {b"IHDR", b"IDAT", b"IEND"} or _PNG_NOTES.get(name) == size:
            if zlib.crc32(data[at + 4 : end - 4]).to_bytes(4, "big") != data[end - 4 : end]:
                return None
            kept.append(data[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end
    return None


def _jpeg(data: bytes) -> bytes | None:
    kept = [data[:2]]
    seen: set[int] = set()
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SOS:
            scan_end = _SCAN_END.search(data, end)
            if scan_end is None:
                return None
            end = scan_end.end() - 2
            kept.append(data[at:end])
            if data[end + 1] == _EOI:
                return b"".join((*kept, data[end : end + 2]))
        elif marker in _JPEG_TABLES:
            kept.append(data[at:end])
        elif 0xE0 <= marker <= 0xEF or marker == _COM:
            if marker not in seen and _is_jpeg_note(marker, data[at + 4 : end]):
                kept.append(data[at:end])
                seen.add(marker)
        else:
            return None
        at = end
    return None


def _is_jpeg_note(marker: int, content: bytes) -> bool:
    return any(
        marker == known and content.startswith(name) and len(content) == size
        for known, name, size in _JPEG_NOTES
    )


def _webp(data: bytes) -> bytes | None:
    kept: dict[bytes, bytes] = {}
    for name, content in webp_chunks(data):
        if name in {b"ANIM", b"ANMF"}:
            return None
        if name in {b"VP8X", b"ALPH", b"VP8 ", b"VP8L"}:
            kept.setdefault(name, content)
    if len(kept.keys() & {b"VP8 ", b"VP8L"}) != 1:
        return None
    if header := kept.get(b"VP8X"):
        kept[b"VP8X"] = bytes((header[0] & _WEBP_HAS_ALPHA, 0, 0, 0)) + header[4:10]
    body = b"WEBP" + b"".join(
        name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
        for name, content in kept.items()
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body


_WALKERS: dict[str, Callable[[bytes], bytes | None]] = {
    PNG.name: _png,
    JPEG.name: _jpeg,
    WEBP.name: _webp,
}
