"""Picture bytes in a folder, each file named by its content. Knows files; no picture format.

A file appears under its final name only when all of it is on the disk: it is written beside,
synced, renamed, and the folder that now lists it is synced too. A crash leaves at most a file in
``unfinished``, which the next start clears away.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from chat.core.errors import Full, NotFound, ReadOnly, StorageError
from storage.media_names import NAME, check_bytes, checked
from storage.open import path_of

UNFINISHED = "unfinished"
UNFINISHED_KEPT_S = 3600.0
"""Another program may be writing into the same folder; a file this old is nobody's."""

SILENT = "The folder of pictures does not answer: please try again."

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM}


def open_folder(url: str) -> "FolderMedia":
    """The store in the folder that a ``file:`` address names. Raises: ReadOnly, StorageError."""
    return FolderMedia(path_of(url))


class FolderMedia:
    """The port ``MediaStore`` in a folder: ``<root>/ab/abcd...``."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._unfinished = self._root / UNFINISHED
        with _translated():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._unfinished.mkdir(mode=0o700, exist_ok=True)
            self._clear_away(before_s=time.time() - UNFINISHED_KEPT_S)

    def put(self, name: str, data: bytes) -> None:
        """Store; on return the bytes are on the disk under their final name."""
        check_bytes(name, data)
        final = self._path(name)
        with _translated():
            if final.exists():
                # In use again: its age starts anew, or it would be swept away as forgotten.
                final.touch()
                # Whoever made it may not have synced its folder yet.
                _sync(final.parent)
                return
            if not final.parent.is_dir():
                final.parent.mkdir(mode=0o700, exist_ok=True)
                _sync(self._root)
            beside = self._unfinished / uuid4().hex
            try:
                with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(final)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
            _sync(final.parent)

    def get(self, name: str) -> bytes:
        """The bytes."""
        path = self._path(name)
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise NotFound("That picture is not there any more.") from error
        except OSError as error:
            raise StorageError(SILENT) from error

    def has(self, name: str) -> bool:
        """Whether they are there."""
        path = self._path(name)
        try:
            return path.is_file()
        except OSError as error:
            raise StorageError(SILENT) from error

    def delete(self, name: str) -> None:
        """Remove; no error if they are not there."""
        path = self._path(name)
        with _translated():
            path.unlink(missing_ok=True)

    def names(self, older_than: datetime) -> list[str]:
        """Every name last put before then, by the clock of the file system."""
        found: list[str] = []
        with _translated():
            for shelf in self._root.iterdir():
                if len(shelf.name) == 2 and shelf.is_dir():
                    found += (path.name for path in shelf.iterdir() if _older(path, older_than))
        return sorted(name for name in found if NAME.fullmatch(name))

    def _path(self, name: str) -> Path:
        return self._root / checked(name)[:2] / name

    def _clear_away(self, before_s: float) -> None:
        for path in self._unfinished.iterdir():
            # Its writer may be finishing it this moment.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before_s:
                    path.unlink()


@contextmanager
def _translated() -> Iterator[None]:
    """Let what the disk raises at a write leave as a ``StorageError``."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise Full("The disk is full: the picture could not be saved.") from error
        if error.errno in NO_WRITING:
            raise ReadOnly("The folder of pictures may be read but not written.") from error
        raise StorageError(SILENT) from error


def _older(path: Path, than: datetime) -> bool:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < than
    except FileNotFoundError:
        return False


def _sync(folder: Path) -> None:
    """Make sure that the names in a folder survive a power cut, where the system offers it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
