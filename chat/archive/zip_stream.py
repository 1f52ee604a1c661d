"""A zip that leaves piece by piece: one entry at a time is in memory, and no file is made.

Sizes and checksums stand in front of each entry, as in a zip made on a disk: some programs cannot
read the other kind.
"""

import stat
from collections.abc import Iterable
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from chat.core.messages import now

EARLIEST_YEAR, LATEST_YEAR = 1980, 2107  # of the form of a zip


class ZipStream:
    """Entries go in, bytes come out."""

    def __init__(self, at: datetime | None = None) -> None:
        """Date every entry ``at`` this moment; now."""
        moment = at or now()
        year = min(max(moment.year, EARLIEST_YEAR), LATEST_YEAR)
        self._dated = (year, *moment.timetuple()[1:6])
        self._window = _Window()
        self._zip = ZipFile(self._window, "w")

    def stored(self, name: str, data: bytes, crc32: int) -> list[bytes]:
        """Add bytes as they are, whose CRC-32 is known; what can leave now.

        ``zipfile`` would sum them up once more, and copies them into its own file: only the entry
        is told to it, which it lists at the end.
        """
        entry = self._entry(name, ZIP_STORED)
        entry.CRC = crc32
        entry.file_size = entry.compress_size = len(data)
        entry.header_offset = self._window.tell()
        self._window.write(entry.FileHeader(zip64=False))
        self._window.write(data)
        self._zip.filelist.append(entry)
        self._zip.NameToInfo[entry.filename] = entry
        self._zip.start_dir = self._window.tell()
        self._zip.comment = b""  # which tells it that there is something to list
        return self._window.taken()

    def deflated(self, name: str, pieces: Iterable[str]) -> list[bytes]:
        """Add text, made small; what can leave now."""
        with self._zip.open(self._entry(name, ZIP_DEFLATED), "w", force_zip64=False) as entry:
            for piece in pieces:
                entry.write(piece.encode("utf-8", "replace"))
        return [b"".join(self._window.taken())]

    def end(self) -> list[bytes]:
        """The directory at the end; nothing can be added after it."""
        self._zip.close()
        return [b"".join(self._window.taken())]

    def _entry(self, name: str, compression: int) -> ZipInfo:
        entry = ZipInfo(name, self._dated)
        entry.compress_type = compression
        entry.external_attr = (stat.S_IFREG | 0o644) << 16
        return entry


class _Window:
    """A file of which only what was not taken yet is in memory.

    ``zipfile`` writes an entry's header anew when it knows the sizes: within the window that can
    be done. Nothing written is copied.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._starts: list[int] = []
        self._at = 0
        self._end = 0

    def taken(self) -> list[bytes]:
        """What was written since the last time."""
        pieces, self._pieces, self._starts = self._pieces, [], []
        return pieces

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """At the end, or over a piece of the same length."""
        piece = bytes(data)
        if self._at == self._end:
            self._pieces.append(piece)
            self._starts.append(self._at)
            self._end += len(piece)
        else:
            number = self._starts.index(self._at)
            if len(self._pieces[number]) != len(piece):
                raise ValueError("only a header is written anew, and keeps its length")
            self._pieces[number] = piece
        self._at += len(piece)
        return len(piece)

    def seek(self, place: int, whence: int = 0) -> int:
        """To a place counted from the beginning."""
        if whence:
            raise ValueError("places are counted from the beginning")
        self._at = place
        return place

    def tell(self) -> int:
        """Where the next byte goes."""
        return self._at

    def seekable(self) -> bool:
        """Within the window, which is all that is asked."""
        return True

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""
