"""The boxes of AVIF and HEIC files, read without a decoder: what colours a picture means.

Sources: ISO/IEC 14496-12 (boxes), ISO/IEC 23008-12 (items and their properties), the AV1 and
HEVC bindings to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from chat.images import colour

_MOST_ITEMS = 20_000
_NCLX_BYTES = 11


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its kind, and where its content lies in the file."""

    kind: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Nclx:
    """What the primary picture's ``nclx`` box says, in the code points of H.273."""

    primaries: int
    transfer: int
    matrix: int
    peak_nits: float | None
    """The brightest light, where the file says it."""
    start: int
    """Where the code points lie in the file."""

    def encoding(self) -> colour.Encoding:
        """How to turn it into sRGB."""
        return colour.from_nclx(self.primaries, self.transfer, self.peak_nits)


def boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes that stand one after the other, up to the first that is cut short."""
    at = start
    while at + 8 <= end:
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return
        # A meta box has four bytes of version and flags before its boxes.
        yield Box(kind, at + head + (4 if kind == b"meta" else 0), at + size)
        at += size


def first(data: bytes, *path: bytes) -> Box | None:
    """The first box along a path of kinds, from the top of the file."""
    found: Box | None = Box(b"", 0, len(data))
    for kind in path:
        if found is None:
            return None
        found = next((box for box in boxes(data, found.start, found.end) if box.kind == kind), None)
    return found


def nclx(data: bytes) -> Nclx | None:
    """The colours of the primary picture; ``None`` where the file does not say.

    An ICC profile beside them goes first; the caller knows it from the decoder.
    """
    properties = primary_properties(data)
    for box in properties:
        content = data[box.start : box.end]
        if box.kind == b"colr" and content[:4] == b"nclx" and len(content) >= _NCLX_BYTES:
            primaries, transfer, matrix = (
                int.from_bytes(content[at : at + 2], "big") for at in (4, 6, 8)
            )
            return Nclx(primaries, transfer, matrix, _peak_nits(data, properties), box.start + 4)
    return None


def with_codes(data: bytes, found: Nclx, primaries: int, matrix: int) -> bytes:
    """The same file with other primaries and another matrix in its ``nclx`` box."""
    codes = b"".join(code.to_bytes(2, "big") for code in (primaries, found.transfer, matrix))
    return data[: found.start] + codes + data[found.start + len(codes) :]


def bits(data: bytes) -> int:
    """Bits per channel of the primary picture: 8, 10 or 12; 8 where the file does not say."""
    for box in primary_properties(data):
        if box.kind == b"pixi" and box.end - box.start >= 6:
            return data[box.start + 5]
        if box.kind == b"av1C" and box.end - box.start >= 4:
            flags = data[box.start + 2]
            return (12 if flags & 0x20 else 10) if flags & 0x40 else 8
    return 8


def primary_properties(data: bytes) -> list[Box]:
    """The property boxes of the primary picture."""
    primary = first(data, b"meta", b"pitm")
    container = first(data, b"meta", b"iprp", b"ipco")
    associations = first(data, b"meta", b"iprp", b"ipma")
    if primary is None or container is None or associations is None:
        return []
    width = 2 if data[primary.start] == 0 else 4
    item = int.from_bytes(data[primary.start + 4 : primary.start + 4 + width], "big")
    owned = list(boxes(data, container.start, container.end))
    indexes = _associations(data[associations.start : associations.end]).get(item, [])
    return [owned[index - 1] for index in indexes if 0 < index <= len(owned)]


def _associations(content: bytes) -> dict[int, list[int]]:
    """Which properties each item has, by their place in ``ipco``, counted from one."""
    if len(content) < 8:
        return {}
    id_bytes = 2 if content[0] == 0 else 4
    width = 2 if content[3] & 1 else 1
    essential = 0x8000 if width == 2 else 0x80
    found: dict[int, list[int]] = {}
    at = 8
    for _ in range(min(int.from_bytes(content[4:8], "big"), _MOST_ITEMS)):
        if at + id_bytes >= len(content):
            break
        item = int.from_bytes(content[at : at + id_bytes], "big")
        end = at + id_bytes + 1 + content[at + id_bytes] * width
        found[item] = [
            int.from_bytes(content[place : place + width], "big") & ~essential
            for place in range(at + id_bytes + 1, end, width)
        ]
        at = end
    return found


def _peak_nits(data: bytes, properties: list[Box]) -> float | None:
    """The brightest light, from the content's own level or the mastering screen's."""
    said = {box.kind: data[box.start : box.end] for box in properties}
    if level := int.from_bytes(said.get(b"clli", b"")[:2], "big"):
        return float(level)
    screen = said.get(b"mdcv", b"")
    if len(screen) == 24 and (nits := int.from_bytes(screen[16:20], "big")):
        return nits / 10_000
    return None
