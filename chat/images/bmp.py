"""What BMP files hold that the decoder does not read, or reads wrongly.

Pixels in runs are unrolled here: Pillow 12.3 refuses those that end before the last pixel, and of
an odd number of half bytes leaves one out. Pixels of two bits are spread. Source: Microsoft,
"Bitmap Compression"; bmpsuite 2.8 (2026-11-30).
"""

import struct
from dataclasses import dataclass

import numpy as np

_PLAIN = 0
_MASKS = frozenset({3, 6})
_BITS = frozenset({1, 4, 8, 16, 24, 32})
_PACKED = {4: "JPEG", 5: "PNG"}
_MAX_COLOURS = 256


@dataclass(frozen=True, slots=True)
class _Header:
    size_bytes: int
    width: int
    height: int
    """Negative where the first row is the topmost."""
    bits: int
    packing: int
    colours: int
    start: int
    """Of the pixels."""


def for_decoder(data: bytes, most_pixels: int) -> bytes:
    """The file itself, or one with a byte for each pixel that the decoder reads.

    Raises:
        ValueError: it breaks off.
    """
    header = _header(data)
    if header is None or not 0 < header.width * abs(header.height) <= most_pixels:
        return data
    size = header.width, abs(header.height)
    body = data[header.start :]
    match header.bits, header.packing:
        case (8, 1) | (4, 2):
            levels = np.frombuffer(_unrolled(body, *size, header.bits == 4), np.uint8)
            return _written(data, header, levels.reshape(size[1], size[0]))
        case (2, 0):
            stride = (header.width * 2 + 31) // 32 * 4
            rows = np.frombuffer(body[: stride * size[1]], np.uint8)
            if rows.size < stride * size[1]:
                raise ValueError("the pixels break off")
            four = rows.reshape(size[1], stride, 1) >> np.array([6, 4, 2, 0], np.uint8) & 3
            return _written(data, header, four.reshape(size[1], -1)[:, : header.width])
    return data


def unread(data: bytes) -> str:
    """What kind of BMP this is, where it is a whole one that is not read; else nothing."""
    header = _header(data)
    if header is None:
        return ""
    if header.packing in _PACKED:
        return f"A BMP packed as {_PACKED[header.packing]}"
    if header.bits not in _BITS:
        return f"A BMP of {header.bits} bits a pixel" if header.bits in {2, 48, 64} else ""
    stride = (header.width * header.bits + 31) // 32 * 4
    is_whole = len(data) >= header.start + stride * abs(header.height)
    return "A BMP with colours of this kind" if header.packing in _MASKS and is_whole else ""


def _header(data: bytes) -> _Header | None:
    """Of all but the oldest kind, which holds nothing of the sort."""
    if len(data) < 54 or int.from_bytes(data[14:18], "little") < 40:
        return None
    size_bytes, width, height, _, bits, packing = struct.unpack_from("<IiiHHI", data, 14)
    (colours,) = struct.unpack_from("<I", data, 46)
    (start,) = struct.unpack_from("<I", data, 10)
    return _Header(size_bytes, width, height, bits, packing, colours, start)


def _unrolled(body: bytes, width: int, height: int, nibbles: bool) -> bytearray:
    """The colour of each pixel, row by row in the order of the file; what is skipped has the first.

    Raises:
        ValueError: it breaks off.
    """
    out = bytearray(width * height)
    x = y = at = 0
    end = len(body) - 1
    while at < end and y < height:
        count, value = body[at], body[at + 1]
        at += 2
        if count == 0 and value < 3:
            if value == 0:
                x, y = 0, y + 1
            elif value == 1:
                return out
            else:
                if at >= end:
                    break
                x, y, at = x + body[at], y + body[at + 1], at + 2
            continue
        if count:
            levels = bytes((value >> 4, value & 15) if nibbles else (value,) * 2)
            run = levels * ((count + 1) // 2)
        else:
            count, held = value, (value + 1) // 2 if nibbles else value
            run = body[at : at + held]
            if len(run) < held:
                break
            if nibbles:
                run = bytes(level for pair in run for level in (pair >> 4, pair & 15))
            at += held + held % 2
        taken = max(0, min(count, width - x))
        out[y * width + x : y * width + x + taken] = run[:taken]
        x += taken
    if y < height - 1 or (y == height - 1 and x < width):
        raise ValueError("the pixels break off")
    return out


def _written(data: bytes, header: _Header, levels: np.ndarray) -> bytes:
    colours = min(header.colours or 1 << header.bits, _MAX_COLOURS)
    at = 14 + header.size_bytes
    palette = data[at : at + 4 * colours].ljust(4 * _MAX_COLOURS, b"\0")
    rows = np.pad(levels, ((0, 0), (0, -header.width % 4))).tobytes()
    start = 54 + len(palette)
    file = struct.pack("<2sIII", b"BM", start + len(rows), 0, start)
    sizes = (header.width, header.height, 1, 8, _PLAIN, len(rows), 0, 0, _MAX_COLOURS, 0)
    return file + struct.pack("<IiiHHIIiiII", 40, *sizes) + palette + rows
