"""Zip files of strangers: what their library fails with, and how much of one is read at once."""

import struct
import zlib
from lzma import LZMAError
from types import TracebackType
from typing import IO, Self
from zipfile import BadZipFile

from chat.core.errors import ChatError

ZIP_ERRORS = (
    BadZipFile,
    EOFError,
    LZMAError,
    NotImplementedError,  # a way of packing that it does not know
    OverflowError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What ``zipfile`` raises for a file that is damaged, or made to look so."""


class reading_zip:  # noqa: N801 - used like a function
    """Within it, whatever is wrong with a zip is one sentence; its cause is the error's."""

    def __init__(self, failure: type[ChatError], damaged: str, locked: str) -> None:
        """Raise errors of this type.

        Args:
            failure: the type.
            damaged: the sentence for what cannot be unpacked.
            locked: the sentence for what needs a password.
        """
        self._failure = failure
        self._damaged = damaged
        self._locked = locked

    def __enter__(self) -> None:
        """Nothing is opened here."""

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        """Raise ``failure`` in place of an error of the library."""
        if isinstance(error, ZIP_ERRORS):
            raise self._failure(self._damaged) from error
        # The library has no error of its own for a password, and this one as it is.
        if type(error) is RuntimeError:
            raise self._failure(self._locked) from error


class BoundedReads:
    """A file of which no more than so many bytes are read at once while the block lasts."""

    def __init__(self, file: IO[bytes], most_bytes: int, too_many: ChatError) -> None:
        """Raise ``too_many`` for more."""
        self._file = file
        self._most_bytes: int | None = most_bytes
        self._too_many = too_many

    def __enter__(self) -> Self:
        """From here on."""
        return self

    def __exit__(self, *_: object) -> None:
        """No bound any more: what is large is read piece by piece."""
        self._most_bytes = None

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or the rest. Raises the error for too many."""
        if self._most_bytes is None:
            return self._file.read(size)
        if size > self._most_bytes:
            raise self._too_many
        data = self._file.read(self._most_bytes + 1 if size < 0 else size)
        if len(data) > self._most_bytes:
            raise self._too_many
        return data

    def seek(self, place: int, whence: int = 0) -> int:
        """To a place."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """The place."""
        return self._file.tell()

    def seekable(self) -> bool:
        """It is a file."""
        return True

    def close(self) -> None:
        """Whoever opened the file closes it."""
