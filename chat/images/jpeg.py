"""A JPEG taken apart and put back with nothing but its pixels.

Source: ITU-T T.81 (the format), ITU-T T.871 (JFIF); Adobe's APP14 is described in its
Technical Note 5116.
"""

import re
from dataclasses import dataclass

import simplejpeg

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_FRAMES = {_BASELINE, _EXTENDED, _PROGRESSIVE}
_DHT, _DQT, _DRI, _SOS, _COM, _APP0, _APP14, _APP15 = (
    0xC4, 0xDB, 0xDD, 0xDA, 0xFE, 0xE0, 0xEE, 0xEF,
)  # fmt: skip
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_SCAN_END = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # not stuffing, not a restart marker

# More dots a centimetre than any screen or printer has.
_MOST_DENSITY = 10_000
_MOST_INTERVALS = 5_000
_MOST_SIDE_PX = 65_000
_MOST_SCANS = 100


@dataclass(frozen=True, slots=True)
class Segment:
    """A marker with its content, and the coded pixels behind a scan's."""

    marker: int
    content: bytes
    coded: bytes = b""

    def written(self) -> bytes:
        """As it stands in a file."""
        size = (len(self.content) + 2).to_bytes(2, "big")
        return bytes((0xFF, self.marker)) + size + self.content + self.coded


def strip(data: bytes) -> bytes | None:
    """The file with its coded pixels and what they need, and nothing else.

    ``None`` where something is coded that is no pixel, or that is not known here; such a picture
    has to be made anew.
    """
    segments = _segments(data)
    if segments is None:
        return None
    kept = _without_idle_tables(_noted(segments))
    if kept is None or not _holds_pixels_only(kept):
        return None
    return _joined(kept)


def _joined(segments: list[Segment]) -> bytes:
    return b"".join((_SOI, *(segment.written() for segment in segments), _EOI))


def _segments(data: bytes) -> list[Segment] | None:
    """Everything up to the end marker; ``None`` for what is cut short or of another kind."""
    found: list[Segment] = []
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data) or end < at + 4:
            return None
        content = data[at + 4 : end]
        if marker == _SOS:
            scan_end = _SCAN_END.search(data, end)
            if scan_end is None:
                return None
            coded = data[end : scan_end.end() - 2].rstrip(b"\xff")
            end = scan_end.end() - 2
            found.append(Segment(marker, content, coded))
            if data[end + 1] == _EOI[1]:
                return found
        elif marker in _FRAMES | {_DHT, _DQT, _DRI, _COM} or _APP0 <= marker <= _APP15:
            found.append(Segment(marker, content))
        else:
            return None
        at = end
    return None


def _noted(segments: list[Segment]) -> list[Segment]:
    """Without comments and applications' notes, but for those that decide over the colours.

    Whether a file's numbers are RGB or luma and colour differences is told by JFIF's note, or
    by Adobe's, or guessed where there is neither: each is kept in its shortest form.
    """
    first_scan = next((at for at, one in enumerate(segments) if one.marker == _SOS), len(segments))
    head = segments[:first_scan]
    adobe = [one for one in head if one.marker == _APP14 and _is_adobe(one.content)]
    kept: list[Segment] = []
    for at, one in enumerate(segments):
        if one.marker == _APP0 and at < first_scan and _is_jfif(one.content):
            if not any(other.marker == _APP0 for other in kept):
                kept.append(Segment(_APP0, _plain_jfif(one.content)))
        elif adobe and one is adobe[0]:
            kept.append(Segment(_APP14, _plain_adobe(adobe[-1].content)))
        elif one.marker != _COM and not _APP0 <= one.marker <= _APP15:
            kept.append(one)
    return kept


def _is_jfif(content: bytes) -> bool:
    return content.startswith(b"JFIF\0") and len(content) >= 14


def _is_adobe(content: bytes) -> bool:
    return content.startswith(b"Adobe") and len(content) >= 12


def _plain_jfif(content: bytes) -> bytes:
    version = content[5:7] if content[5] == 1 and content[6] <= 2 else b"\1\1"
    density = content[7:12]
    side = int.from_bytes(density[1:3], "big")
    usual = density[0] <= 2 and density[1:3] == density[3:5] and 0 < side <= _MOST_DENSITY
    return b"JFIF\0" + version + (density if usual else b"\0\0\1\0\1") + b"\0\0"


def _plain_adobe(content: bytes) -> bytes:
    return b"Adobe\0\x64\0\0\0\0" + bytes((min(content[11], 2),))


def _without_idle_tables(segments: list[Segment]) -> list[Segment] | None:
    """Without tables that no scan uses; ``None`` if one has entries that can mean nothing."""
    frames = [one.content for one in segments if one.marker in _FRAMES]
    if len(frames) != 1 or len(frames[0]) != 6 + 3 * frames[0][5]:
        return None
    progressive = any(one.marker == _PROGRESSIVE for one in segments)
    quantisers = {frames[0][8 + 3 * at] for at in range(frames[0][5])}
    # Which tables each scan wants: a table is in use from where it stands up to its successor.
    wanted: set[int] = set()
    kept: list[Segment] = []
    for one in reversed(segments):
        if one.marker == _SOS:
            if not _is_scan(one.content):
                return None
            wanted |= _selected(one.content, progressive)
        if one.marker not in {_DHT, _DQT}:
            kept.append(one)
            continue
        tables = _huffman(one.content) if one.marker == _DHT else _quantisers(one.content)
        if tables is None:
            return None
        needed = wanted if one.marker == _DHT else quantisers
        used = []
        for key, table in reversed(tables):
            if key in needed:
                used.append(table)
                needed.discard(key)
        if used:
            kept.append(Segment(one.marker, b"".join(reversed(used))))
    return kept[::-1]


def _is_scan(content: bytes) -> bool:
    return len(content) >= 4 and 1 <= content[0] <= 4 and len(content) == 4 + 2 * content[0]


def _selected(scan: bytes, progressive: bool) -> set[int]:
    """The Huffman tables of a scan: class in the upper half of a byte, id in the lower."""
    pairs = [scan[2 + 2 * at] for at in range(scan[0])]
    first, refining = scan[-3], scan[-1] >> 4
    direct = {pair >> 4 for pair in pairs}
    alternating = {0x10 | pair & 15 for pair in pairs}
    if not progressive:
        return direct | alternating
    if first:
        return alternating
    return set() if refining else direct


def _huffman(content: bytes) -> list[tuple[int, bytes]] | None:
    tables: list[tuple[int, bytes]] = []
    at = 0
    while at + 17 <= len(content):
        key, count = content[at], sum(content[at + 1 : at + 17])
        symbols = content[at + 17 : at + 17 + count]
        most = 10 if key & 0x10 else 15
        sizes = [symbol & 15 if key & 0x10 else symbol for symbol in symbols]
        if len(symbols) < count or len(set(symbols)) < count or max(sizes, default=0) > most:
            return None
        tables.append((key, content[at : at + 17 + count]))
        at += 17 + count
    return tables if at == len(content) else None


def _quantisers(content: bytes) -> list[tuple[int, bytes]] | None:
    tables: list[tuple[int, bytes]] = []
    at = 0
    while at < len(content):
        size = 129 if content[at] >> 4 else 65
        tables.append((content[at] & 15, content[at : at + size]))
        at += size
    return tables if at == len(content) else None


def _holds_pixels_only(segments: list[Segment]) -> bool:
    """Whether no coded byte is left over once all pixels are decoded."""
    scans = [at for at, one in enumerate(segments) if one.marker == _SOS]
    intervals = {int.from_bytes(one.content, "big") for one in segments if one.marker == _DRI}
    if not 0 < len(scans) <= _MOST_SCANS or len(intervals) > 1:
        return False
    if any(one.marker == _DRI and len(one.content) != 2 for one in segments):
        return False
    # Longer runs of bytes that belong to nothing are told by the decoder itself.
    if not _decodes(_joined(segments)):
        return False
    interval = intervals.pop() if intervals else 0
    if interval:
        return len(scans) == 1 and _intervals_are_used_up(segments, interval)
    for at in scans:
        if _RESTART.search(segments[at].coded):
            return False
        if _decodes(_joined([*segments[:at], _shortened(segments[at])])):
            return False
    return True


def _intervals_are_used_up(segments: list[Segment], interval: int) -> bool:
    """Whether each run between two restart markers has all bytes it needs and no more.

    Each is made a small picture of its own, and shortened.
    """
    scan = segments[-1]
    at = next(at for at, one in enumerate(segments) if one.marker in _FRAMES)
    frame = segments[at]
    units = _Units(frame.content, scan.content)
    runs = _RESTART.split(scan.coded)
    markers = [marker[1] - 0xD0 for marker in _RESTART.findall(scan.coded)]
    if frame.marker == _PROGRESSIVE or len(runs) > _MOST_INTERVALS:
        return False
    if scan.marker != _SOS or markers != [number % 8 for number in range(len(markers))]:
        return False
    if len(runs) != -(-units.count // interval):
        return False
    for number, run in enumerate(runs):
        size = units.size_of(min(interval, units.count - number * interval))
        if size is None:
            return False
        small = Segment(frame.marker, frame.content[:1] + size + frame.content[5:])
        head = [small if one is frame else one for one in segments[:-1]]
        if _decodes(_joined([*head, _shortened(Segment(_SOS, scan.content, run))])):
            return False
    return True


class _Units:
    """The units, blocks of pixels, in which a scan goes over a frame."""

    def __init__(self, frame: bytes, scan: bytes) -> None:
        height, width = (int.from_bytes(frame[at : at + 2], "big") for at in (1, 3))
        samplings = [frame[7 + 3 * at] for at in range(frame[5])]
        across = max(max(one >> 4 for one in samplings), 1)
        down = max(max(one & 15 for one in samplings), 1)
        # A scan of one component goes block by block.
        self._width, self._height = (8, 8) if scan[0] == 1 else (8 * across, 8 * down)
        self._columns = -(-width // self._width)
        self.count = self._columns * -(-height // self._height)

    def size_of(self, count: int) -> bytes | None:
        """Height and width of a picture of so many units, as a frame says them."""
        columns, rows = count, 1
        if columns * self._width > _MOST_SIDE_PX:
            if count % self._columns:
                return None
            columns, rows = self._columns, count // self._columns
        sides = (rows * self._height, columns * self._width)
        return b"".join(side.to_bytes(2, "big") for side in sides)


def _shortened(scan: Segment) -> Segment:
    """Without its last coded byte, which is two where it is a stuffed one."""
    stuffed = scan.coded.endswith(b"\xff\0")
    return Segment(scan.marker, scan.content, scan.coded[: -2 if stuffed else -1])


def _decodes(data: bytes) -> bool:
    """Whether a decoder finds neither too few bytes nor too many."""
    try:
        # The smallest scale: coefficients are read all the same.
        simplejpeg.decode_jpeg(data, "GRAY", min_height=1, min_width=1, min_factor=8, strict=True)
    except ValueError:
        return False
    return True
