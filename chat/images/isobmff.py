"""The boxes of AVIF and HEIC files, read without a decoder: what colours a picture means.

Sources: ISO/IEC 14496-12 (boxes), ISO/IEC 23008-12 (items and their properties), the AV1 and
HEVC bindings to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chat.images import av1, colour

_MOST_ITEMS = 20_000
_NCLX_BYTES = 11
_AV1C_BYTES = 4
_AV1_HEAD_BYTES = 1024
"""A sequence header stands before the first frame."""
# The properties of a coded picture that a decoder needs.
_CODING = {b"hvcC", b"ispe", b"pixi"}


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
    """Where the code points lie in the file; 0 where they stand in the coded picture alone."""

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
    for box in properties:
        if box.kind == b"av1C":
            coded = data[box.start + _AV1C_BYTES : box.end]
            coded += _item_data(data, _places(data).get(_primary_item(data)))[:_AV1_HEAD_BYTES]
            if codes := av1.colour_codes(coded):
                return Nclx(*codes, _peak_nits(data, properties), 0)
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
    return _item_properties(data, _primary_item(data))


@dataclass(frozen=True, slots=True)
class Grid:
    """A picture that is put together of tiles, each coded by itself."""

    width: int
    height: int
    columns: int
    tiles: tuple[int, ...]
    """The items, row by row."""


Turn = Literal["left", "around", "right", "flip", "mirror"]


def grid(data: bytes) -> Grid | None:
    """How the primary picture is put together; ``None`` where it is coded in one piece."""
    item = _primary_item(data)
    if _item_type(data, item) != b"grid":
        return None
    content = _item_data(data, _places(data).get(item))
    if len(content) < 8:
        return None
    side = 4 if content[1] & 1 else 2
    width, height = (int.from_bytes(content[at : at + side], "big") for at in (4, 4 + side))
    tiles = _made_of(data, item)
    if len(tiles) != (content[2] + 1) * (content[3] + 1):
        return None
    return Grid(width, height, content[3] + 1, tiles)


def tile_files(data: bytes, made: Grid) -> Iterator[bytes]:
    """A HEIC file of each tile alone, row by row."""
    places = _places(data)
    for item in made.tiles:
        yield _single(data, item, _item_data(data, places.get(item)))


def _single(data: bytes, item: int, coded: bytes) -> bytes:
    kept = [box for box in _item_properties(data, item) if box.kind in _CODING]
    properties = b"".join(_box(box.kind, data[box.start : box.end]) for box in kept)
    indexes = bytes((len(kept), *range(1, len(kept) + 1)))
    brands = _box(b"ftyp", b"heic\0\0\0\0mif1heic")

    def meta(offset: int) -> bytes:
        place = offset.to_bytes(4, "big") + len(coded).to_bytes(4, "big")
        info = b"\2\0\0\0\0\1\0\0" + _item_type(data, item) + b"\0"
        owned = b"\0\0\0\0\0\0\0\1\0\1" + indexes
        return _box(
            b"meta",
            bytes(4)
            + _box(b"hdlr", bytes(8) + b"pict" + bytes(13))
            + _box(b"pitm", b"\0\0\0\0\0\1")
            + _box(b"iloc", b"\0\0\0\0\x44\0\0\1\0\1\0\0\0\1" + place)
            + _box(b"iinf", b"\0\0\0\0\0\1" + _box(b"infe", info))
            + _box(b"iprp", _box(b"ipco", properties) + _box(b"ipma", owned)),
        )

    start = len(brands) + len(meta(0)) + 8
    return brands + meta(start) + _box(b"mdat", coded)


def turns(data: bytes) -> list[Turn]:
    """How the primary picture is turned, step by step, before it is shown.

    Decoders do it by themselves; it is asked for pictures that are put together here.
    """
    found: list[Turn] = []
    for box in primary_properties(data):
        if box.end == box.start:
            continue
        if box.kind == b"irot" and (quarter := data[box.start] & 3):
            steps: tuple[Turn, ...] = ("left", "around", "right")
            found.append(steps[quarter - 1])
        elif box.kind == b"imir":
            found.append("mirror" if data[box.start] & 1 else "flip")
    return found


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def _primary_item(data: bytes) -> int:
    box = first(data, b"meta", b"pitm")
    if box is None or box.end - box.start < 6:
        return 0
    width = 2 if data[box.start] == 0 else 4
    return int.from_bytes(data[box.start + 4 : box.start + 4 + width], "big")


def _item_type(data: bytes, item: int) -> bytes:
    infos = first(data, b"meta", b"iinf")
    if infos is None or infos.end - infos.start < 6:
        return b""
    start = infos.start + (6 if data[infos.start] == 0 else 8)
    for box in boxes(data, start, infos.end):
        width = 2 if data[box.start] == 2 else 4
        if int.from_bytes(data[box.start + 4 : box.start + 4 + width], "big") == item:
            at = box.start + 6 + width
            return data[at : at + 4]
    return b""


def _made_of(data: bytes, item: int) -> tuple[int, ...]:
    """The items that a derived one is made of, in order."""
    references = first(data, b"meta", b"iref")
    if references is None or references.end - references.start < 4:
        return ()
    width = 2 if data[references.start] == 0 else 4
    for box in boxes(data, references.start + 4, references.end):
        content = data[box.start : box.end]
        if box.kind == b"dimg" and int.from_bytes(content[:width], "big") == item:
            return tuple(
                int.from_bytes(content[at : at + width], "big")
                for at in range(width + 2, len(content) - width + 1, width)
            )
    return ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the bytes of an item lie."""

    method: int
    """0 in the file, 1 in the box ``idat``."""
    extents: tuple[tuple[int, int], ...]
    """Start and length of each part."""


def _places(data: bytes) -> dict[int, _Place]:
    box = first(data, b"meta", b"iloc")
    if box is None or box.end - box.start < 8:
        return {}
    version = data[box.start]
    reader = _Reader(data, box.start + 4, box.end)
    sizes = reader.number(2)
    offset, length, base, index = ((sizes >> shift) & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    found: dict[int, _Place] = {}
    for _ in range(min(reader.number(wide), _MOST_ITEMS)):
        item = reader.number(wide)
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        start = reader.number(base)
        extents = []
        for _ in range(reader.number(2)):
            reader.number(index if version else 0)
            extents.append((start + reader.number(offset), reader.number(length)))
            if reader.at > box.end:
                return found
        found[item] = _Place(method, tuple(extents))
    return found


def _item_data(data: bytes, place: _Place | None) -> bytes:
    """The bytes of an item; empty where they are not to be found."""
    held = Box(b"", 0, len(data))
    if place is not None and place.method == 1:
        held = first(data, b"meta", b"idat") or Box(b"", 0, 0)
    if place is None or place.method > 1:
        return b""
    return b"".join(
        data[held.start + at : min(held.start + at + size, held.end)] for at, size in place.extents
    )


class _Reader:
    """Reads numbers one after the other; behind the end all are zero."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data = data
        self.at = at
        self._end = end

    def number(self, size: int) -> int:
        self.at += size
        return int.from_bytes(self._data[self.at - size : min(self.at, self._end)], "big")


def _item_properties(data: bytes, item: int) -> list[Box]:
    container = first(data, b"meta", b"iprp", b"ipco")
    associations = first(data, b"meta", b"iprp", b"ipma")
    if container is None or associations is None:
        return []
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
