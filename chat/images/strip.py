"""Takes a PNG, JPEG or WebP file apart and puts back only what its pixels need.

Comments, EXIF, XMP, GPS, colour profiles, embedded thumbnails and whatever was glued to the
end are left out; compressed pixels are copied as they are, so nothing is lost. A file that
comes back unchanged was clean. Where the compressed pixels hold more than pixels, or something
that is not known here, the answer is ``None``, and the picture is made anew.
"""

import zlib
from collections.abc import Callable
from itertools import chain

from chat.images import jpeg, png, webp
from chat.images.formats import JPEG, PNG, WEBP, Format

# What sRGB pictures say of their colours: these contents, and no others.
_SRGB_CHROMATICITIES = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
_PNG_SRGB = {
    b"sRGB": {b"\0", b"\1", b"\2", b"\3"},
    b"gAMA": {(45455).to_bytes(4, "big")},
    b"cHRM": {b"".join(number.to_bytes(4, "big") for number in _SRGB_CHROMATICITIES)},
    b"cICP": {b"\1\x0d\0\1"},
}
_MOST_PIXELS_PER_METRE = 100_000
# Column and row of the first pixel of each of Adam7's passes, and the steps to the next.
_ADAM7 = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
)  # fmt: skip
_INFLATE_BYTES = 1 << 20
_HEADER_BYTES = 13
_PNG_COLOUR_TYPES = {0, 2, 6}  # grey, RGB, RGBA


def strip(data: bytes, form: Format) -> bytes | None:
    """The same picture without anything but its pixels; ``None`` where that takes a decoder."""
    walker = _WALKERS.get(form.name)
    return walker(data) if walker else None


def _is_header_of_more(name: bytes, content: bytes, seen: set[bytes]) -> bool:
    """Whether the header or the end holds more than decoders read, or comes once more."""
    if name == b"IHDR":
        return len(content) != _HEADER_BYTES or name in seen
    return name == b"IEND" and bool(content)


def _png(data: bytes) -> bytes | None:
    depth, colour_type = data[24:26]  # an opened PNG has its IHDR here
    if depth != 8 or colour_type not in _PNG_COLOUR_TYPES:
        return None
    kept, pixels = [data[:8]], list[bytes]()
    seen: set[bytes] = set()
    for chunk in png.chunks(data):
        name, content = chunk.name, data[chunk.start : chunk.end]
        if name == b"tRNS" or _is_header_of_more(name, content, seen):
            return None
        if name in {b"IHDR", b"IDAT", b"IEND"} or (
            name not in seen and not pixels and _is_png_note(name, content)
        ):
            checksum = zlib.crc32(data[chunk.start - 4 : chunk.end])
            if checksum.to_bytes(4, "big") != data[chunk.end : chunk.end + 4]:
                return None
            kept.append(data[chunk.start - 8 : chunk.end + 4])
            seen.add(name)
        if name == b"IDAT":
            pixels.append(content)
    if b"IEND" not in seen or not _inflates_to(pixels, _png_bytes(data)):
        return None
    return b"".join(kept)


def _is_png_note(name: bytes, content: bytes) -> bool:
    """Whether a chunk says what many pictures say, and so nothing of this one's owner."""
    if name == b"pHYs" and len(content) == 9 and content[:4] == content[4:8]:
        return int.from_bytes(content[:4], "big") <= _MOST_PIXELS_PER_METRE and content[8] <= 1
    return content in _PNG_SRGB.get(name, ())


def _png_bytes(data: bytes) -> int:
    """How many bytes the filtered rows of a PNG of 8 bits a channel have."""
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    pixel = {0: 1, 2: 3, 6: 4}[data[25]]
    passes = _ADAM7 if data[28] else ((0, 0, 1, 1),)
    sizes = (
        (max(0, -(-(width - x) // dx)), max(0, -(-(height - y) // dy))) for x, y, dx, dy in passes
    )
    return sum(rows * (1 + columns * pixel) for columns, rows in sizes if columns)


def _inflates_to(packed: list[bytes], size: int) -> bool:
    """Whether this is one zlib stream of that many bytes, and nothing stands behind it."""
    stream = zlib.decompressobj()
    count = 0
    pieces = chain.from_iterable(
        (memoryview(piece)[at : at + _INFLATE_BYTES] for at in range(0, len(piece), _INFLATE_BYTES))
        for piece in packed
    )
    try:
        for piece in pieces:
            if stream.eof:
                return False
            waiting: bytes | memoryview = piece
            while waiting and not stream.eof:
                count += len(stream.decompress(waiting, _INFLATE_BYTES))
                waiting = stream.unconsumed_tail
                if count > size:
                    return False
        while not stream.eof and (more := stream.decompress(b"", _INFLATE_BYTES)):
            count += len(more)
    except zlib.error:
        return False
    return stream.eof and count == size and not stream.unused_data


_WALKERS: dict[str, Callable[[bytes], bytes | None]] = {
    PNG.name: _png,
    JPEG.name: jpeg.strip,
    WEBP.name: webp.strip,
}
