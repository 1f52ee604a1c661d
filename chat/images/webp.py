"""A WebP taken apart and put back with nothing but its pixels.

Sources: RFC 9649 (container, lossless stream, alpha), RFC 6386 (lossy stream).
"""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image

_ALPHA = 0x10
_NAMES = frozenset(
    {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP", b"EXIF", b"XMP "}
)
# So many bytes before the end of a stream an encoder may have written for no pixel: it flushes
# its last bits. Less than a word.
_FLUSH_BYTES = {b"VP8 ": 6, b"VP8L": 3, b"ALPH": 3}


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each chunk up to the first that is cut short."""
    at, end = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            return
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def sized(data: bytes) -> bytes:
    """The file with its true size in its head, where that is another: browsers show it, too.

    What breaks off stays as it is.
    """
    at, told = 12, 8 + int.from_bytes(data[4:8], "little")
    while data[at : at + 4] in _NAMES:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if at == told or at + 8 + size > len(data):
            return data
        at += 8 + size + size % 2
    at = min(at, len(data))
    if at == 12 or at <= told <= len(data):
        return data
    return b"RIFF" + (at - 8).to_bytes(4, "little") + data[8:at]


def strip(data: bytes) -> bytes | None:
    """The file with its coded pixels and nothing else.

    ``None`` where something is coded that is no pixel; such a picture has to be made anew.
    """
    kept: dict[bytes, bytes] = {}
    for name, content in chunks(data):
        if name in {b"ANIM", b"ANMF"}:
            return None
        if name in {b"VP8X", b"ALPH", b"VP8 ", b"VP8L"}:
            kept.setdefault(name, content)
    if len(kept.keys() & {b"VP8 ", b"VP8L"}) != 1:
        return None
    header = kept.get(b"VP8X")
    if header is not None:
        kept[b"VP8X"] = bytes((header[0] & _ALPHA, 0, 0, 0)) + header[4:10]
    has_alpha = header is not None and bool(header[0] & _ALPHA)
    if not has_alpha or b"VP8 " not in kept:
        kept.pop(b"ALPH", None)
    return _written(kept) if _holds_pixels_only(kept) else None


def _written(kept: dict[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
        for name, content in kept.items()
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _holds_pixels_only(kept: dict[bytes, bytes]) -> bool:
    """Whether every stream is needed to its end: without it, the picture fails or differs."""
    whole = _pixels(_written(kept))
    if whole is None:
        return False
    return all(
        _pixels(_written({**kept, name: shorter})) != whole
        for name, content in kept.items()
        if name in _FLUSH_BYTES
        for shorter in _shortened(name, content)
    )


def _shortened(name: bytes, content: bytes) -> Iterator[bytes]:
    """The stream with the end of one of its parts cut off, for each of its parts."""
    cut = _FLUSH_BYTES[name]
    if name == b"ALPH" and content[0] & 3 == 0:  # not compressed: a byte for each pixel
        cut = 1
    yield content[:-cut]
    if name != b"VP8 ":
        return
    # The first part holds the modes of all blocks; its size stands in the frame's tag.
    tag = int.from_bytes(content[:3], "little")
    size = tag >> 5
    if size > cut:
        shorter = tag & 31 | (size - cut) << 5
        end = 10 + size
        yield shorter.to_bytes(3, "little") + content[3 : end - cut] + content[end:]
    count = _partitions(content[10 : 10 + size])
    # The sizes of all but the last stand before the first of them.
    table = 10 + size
    end = table + 3 * (count - 1)
    for at in range(table, table + 3 * (count - 1), 3):
        part = int.from_bytes(content[at : at + 3], "little")
        end += part
        if part > cut:
            entry = (part - cut).to_bytes(3, "little")
            yield content[:at] + entry + content[at + 3 : end - cut] + content[end:]


def _partitions(first: bytes) -> int:
    """How many parts the coefficients of a lossy stream are in, from its frame header."""
    reader = _BoolReader(first)
    reader.literal(2)  # colour space, clamping
    if reader.literal(1):  # segments
        update_map, update_data = reader.literal(1), reader.literal(1)
        if update_data:
            reader.literal(1)
            for bits in (7, 7, 7, 7, 6, 6, 6, 6):
                reader.optional(bits + 1)
        if update_map:
            for _ in range(3):
                reader.optional(8)
    reader.literal(10)  # loop filter
    if reader.literal(1) and reader.literal(1):
        for _ in range(8):
            reader.optional(7)
    return 1 << reader.literal(2)


class _BoolReader:
    """The arithmetic decoder of lossy WebP, for bits as likely set as not."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._value = int.from_bytes(data[:2].ljust(2, b"\0"), "big")
        self._at = 2
        self._range = 255
        self._bits = 0

    def literal(self, count: int) -> int:
        """A number of so many bits."""
        value = 0
        for _ in range(count):
            value = value << 1 | self._bit()
        return value

    def optional(self, count: int) -> None:
        """Pass over a flag, and over the number that stands behind it if it is set."""
        if self.literal(1):
            self.literal(count)

    def _bit(self) -> int:
        split = 1 + ((self._range - 1) * 128 >> 8)
        bit = int(self._value >= split << 8)
        if bit:
            self._range -= split
            self._value -= split << 8
        else:
            self._range = split
        while self._range < 128:
            self._value <<= 1
            self._range <<= 1
            self._bits += 1
            if self._bits == 8:
                self._bits = 0
                self._value |= self._data[self._at] if self._at < len(self._data) else 0
                self._at += 1
        return bit


def _pixels(data: bytes) -> bytes | None:
    """What a decoder makes of it; ``None`` if that fails."""
    try:
        with Image.open(BytesIO(data), formats=("WEBP",)) as image:
            return image.tobytes()
    except MemoryError:
        raise
    except Exception:  # the decoder answers broken bytes with nearly any of them
        return None
