"""Large pictures taken out of an answer's JSON while it arrives.

A picture of 24 MB is 32 MB of base64, which an SDK copies as bytes, as a line, as text, as a part
of a value and once more, before anybody decodes it. So the digits are decoded as they come, and a
small picture that stands for the large one takes their place: whatever reads the answer finds a
picture where there was one. ``whole`` gives the large one back.

What stands for a picture is made of its bytes alone, so that the same picture has the same one.
"""

import base64
import hashlib
import io
import re
import struct
import zlib
from collections.abc import Iterator
from weakref import WeakValueDictionary

import pybase64

from chat.providers.shared.replies.decoded import is_picture

LEAST_DIGITS = 1 << 16
"""Of base64 in a row; a smaller picture costs little, and stays."""

_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_RUN = re.compile(rb"(?:[A-Za-z0-9+/_-]++|\\/)*+")
"""Digits; a slash may stand behind a backslash, as some servers write each of theirs."""
_BEFORE = (b'"', b"base64,")
_SURELY = (b"iVBORw0KGgo", b"/9j/", b"\\/9j\\/", b"R0lGOD", b"UklGR")
"""How PNG, JPEG, GIF and WebP begin in base64."""
_MAYBE = (b"AAA", b"Qk", b"SUkq", b"TU0A")
"""How AVIF, HEIC, JPEG 2000 and ICO do, BMP, TIFF; and many a thing that is none."""
_PICTURES = (*_SURELY, *_MAYBE)
_HEAD_DIGITS = 4096
"""Of a run that tell what it is: signatures are base64, too, and must stay as they are."""
_BEGINNINGS = tuple(before + picture for before in _BEFORE for picture in _PICTURES)
_BEGINS = re.compile(b"|".join(map(re.escape, _BEGINNINGS)))
_LONGEST = max(map(len, _BEGINNINGS))
_BYTES = frozenset(b"".join(_BEGINNINGS))


class Picture:
    """The bytes of a picture that was taken out."""

    __slots__ = ("__weakref__", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data


_pictures: WeakValueDictionary[bytes, Picture] = WeakValueDictionary()
"""By what stands for each. Whoever reads an answer holds the pictures."""


def whole(data: bytes) -> bytes:
    """The picture that these bytes stand for; the bytes themselves if they are a picture."""
    picture = _pictures.get(data) if len(data) == len(_STAND_IN) else None
    return data if picture is None else picture.data


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _stand_in(sha256: bytes) -> bytes:
    """A PNG of one pixel that holds the hash of another picture."""
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
            _chunk(b"eaSl", sha256),
            _chunk(b"IDAT", zlib.compress(b"\0\0\0\0", 9)),
            _chunk(b"IEND", b""),
        ]
    )


_STAND_IN = _stand_in(bytes(32))


class SetAside:
    """Takes large pictures out of a text of JSON that comes in pieces."""

    def __init__(self, least_digits: int = LEAST_DIGITS) -> None:
        """Begin a text whose pictures are large from so many digits on."""
        self._least_digits = least_digits
        self.pictures: list[Picture] = []
        """What was taken out; hold it for as long as the answer is read."""
        self._held = b""
        """The end of a piece that may be the beginning of a picture."""
        self._run: _Digits | None = None
        self._at_rest = True
        self._padded = False
        """Whether a picture was taken out, and its padding may still come."""

    def feed(self, piece: bytes) -> bytes:
        """What is to be passed on of the next piece."""
        # Most are events: a picture that begins in a short one ends in it, and is small.
        if self._at_rest and len(piece) < self._least_digits and piece[-1:] in (b"", b"\n"):
            return piece
        passed_on = b"".join(self._passed_on(piece))
        self._at_rest = not (self._run is not None or self._held or self._padded)
        return passed_on

    def end(self) -> bytes:
        """What is to be passed on at the end of the text."""
        run, self._run = self._run, None
        held, self._held = self._held, b""
        return held if run is None else run.text() + held

    def _passed_on(self, piece: bytes) -> Iterator[bytes]:
        while piece or self._held:
            if self._padded:
                piece = piece.lstrip(b"=")
                self._padded = not piece
                if not piece:
                    return
            if self._run is None:
                piece, self._held = self._held + piece if self._held else piece, b""
                # Ten times as fast as the pattern, and mostly there is none.
                may_hold = any(map(piece.__contains__, _PICTURES))
                found = _BEGINS.search(piece) if may_hold else None
                if found is None:
                    kept = _may_begin(piece)
                    self._held = piece[len(piece) - kept :] if kept else b""
                    yield piece[: len(piece) - kept] if kept else piece
                    return
                at = found.end() - max(len(p) for p in _PICTURES if found[0].endswith(p))
                yield piece[:at]
                self._run, piece = _Digits(self._least_digits), piece[at:]
            piece, self._held = self._held + piece if self._held else piece, b""
            found = _RUN.match(piece)
            at = found.end() if found else 0
            self._run.add(piece if at == len(piece) else piece[:at])
            piece = piece[at:]
            if self._run.is_other:
                run, self._run = self._run, None
                yield run.text()
                continue
            if piece in (b"", b"\\"):
                self._held = piece
                return
            run, self._run = self._run, None
            # Behind a backslash more of it comes, which is not ours to read.
            if piece.startswith(b"\\") or (picture := run.picture()) is None:
                yield run.text()
                continue
            self.pictures.append(picture[1])
            self._padded = True
            yield base64.b64encode(picture[0])


def _may_begin(piece: bytes) -> int:
    """How many bytes at the end of a piece may be the beginning of a picture's digits."""
    if not piece or piece[-1] not in _BYTES:
        return 0  # as of most events, which end with an empty line
    tail = piece[-_LONGEST:]
    for size in range(min(len(tail), _LONGEST - 1), 0, -1):
        end = tail[len(tail) - size :]
        if end[:1] in {b'"', b"b"} and any(each.startswith(end) for each in _BEGINNINGS):
            return size
    return 0


class _Digits:
    """A run of base64: as it is while it is short, decoded once it is long."""

    def __init__(self, least: int) -> None:
        self._least = least
        self._start: list[bytes] | None = []
        self._start_chars = 0
        self._rest = b""
        self._data = io.BytesIO()
        self._hash = hashlib.sha256()
        self.is_other = False
        """Whether it is long and begins like no picture."""

    def add(self, digits: bytes) -> None:
        if b"\\" in digits:
            digits = digits.replace(b"\\/", b"/")
        if self._start is None:
            self._decode(digits)
            return
        self._start.append(digits)
        self._start_chars += len(digits)
        if self._start_chars >= self._least:
            start = b"".join(self._start)
            head = start[: min(_HEAD_DIGITS, len(start) // 4 * 4)].translate(_TO_STANDARD)
            self.is_other = start.startswith(_MAYBE) and not is_picture(base64.b64decode(head))
            self._start = [start] if self.is_other else None
            if not self.is_other:
                self._decode(start)

    def _decode(self, digits: bytes) -> None:
        joined = self._rest + digits if self._rest else digits
        if b"-" in joined or b"_" in joined:
            joined = joined.translate(_TO_STANDARD)
        odd = len(joined) % 4
        self._rest = joined[len(joined) - odd :] if odd else b""
        # There is nothing else in it, and who need not look for that is twice as fast.
        decoded = pybase64.b64decode(joined[: len(joined) - odd] if odd else joined, validate=True)
        self._data.write(decoded)
        self._hash.update(decoded)

    def picture(self) -> tuple[bytes, Picture] | None:
        """What stands for it, and the picture; ``None`` where it is short, or no base64."""
        if self._start is not None or len(self._rest) == 1:
            return None
        if self._rest:
            self._decode(self._rest.ljust(4, b"=")[len(self._rest) :])
        sha256 = self._hash.digest()
        stand_in = _stand_in(sha256)
        known = _pictures.get(stand_in)
        if known is None:
            known = _pictures[stand_in] = Picture(self._data.getvalue())
        return stand_in, known

    def text(self) -> bytes:
        """The digits once more."""
        if self._start is not None:
            return b"".join(self._start)
        return base64.b64encode(self._data.getvalue()).rstrip(b"=") + self._rest
