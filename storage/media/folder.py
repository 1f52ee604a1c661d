"""Picture bytes in a folder, each file named by its content.

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
from storage.media.pictures import GONE, StoredPictures
from storage.open import path_of

UNFINISHED = "unfinished"
UNFINISHED_KEPT_S = 3600.0
"""Another program may be writing into the same folder; a file this old is nobody's."""

SILENT = "The folder of pictures does not answer: please try again."

UNWRITABLE = "The folder of pictures may be read but not written."

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
NO_WRITING = {errno.EROFS, errno.EACCES, errno.EPERM}


def open_folder(url: str) -> "FolderMedia":
    """The store in the folder that a ``file:`` address names. Raises: ReadOnly, StorageError."""
    return FolderMedia(path_of(url))


class FolderObjects:
    """``Objects`` as files: a key is a path below the root."""

    def __init__(self, root: Path, *, lasting: bool = True) -> None:
        """Use this folder, made where needed; ``lasting`` as ``FolderMedia`` has it.

        Raises: ReadOnly, StorageError.
        """
        self._root = root.absolute()
        self._lasting = lasting
        self._unfinished = self._root / UNFINISHED
        with _translated():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._unfinished.mkdir(mode=0o700, exist_ok=True)
            self._clear_away(before_s=time.time() - UNFINISHED_KEPT_S)

    def write(self, key: str, data: bytes) -> None:
        """Have exactly these bytes under a key; where it is to last, they are on the disk then."""
        final = self._root / key
        with _translated():
            if _holds(final, data):
                final.touch()
                # Whoever made it may not have synced its folder yet.
                self._sync(final.parent)
                return
            self._make_folder(final.parent)
            beside = self._unfinished / uuid4().hex
            try:
                with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                    file.write(data)
                    file.flush()
                    if self._lasting:
                        os.fsync(file.fileno())
                beside.replace(final)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
            self._sync(final.parent)

    def sync(self) -> None:
        """Have all that is here on the disk; folders behind what is in them."""
        with _translated():
            for folder, _, files in os.walk(self._root, topdown=False, onerror=_unless_missing):
                for file in files:
                    sync_path(Path(folder, file))
                sync_path(Path(folder))

    def read(self, key: str) -> bytes:
        """The bytes under a key."""
        try:
            return (self._root / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(GONE) from error
        except OSError as error:
            raise StorageError(SILENT) from error

    def has(self, key: str) -> bool:
        """Whether there is something under a key."""
        try:
            return (self._root / key).is_file()
        except OSError as error:
            raise StorageError(SILENT) from error

    def remove(self, key: str) -> None:
        """Have nothing under a key."""
        with _translated():
            (self._root / key).unlink(missing_ok=True)

    def move(self, key: str, to: str) -> None:
        """Put what is under one key under another; in one step, so that it is never in neither."""
        old, new = self._root / key, self._root / to
        with _translated():
            self._make_folder(new.parent)
            try:
                old.replace(new)
            except FileNotFoundError as error:
                raise NotFound(GONE) from error
            self._sync(new.parent)
            self._sync(old.parent)
            with suppress(OSError):  # it is not empty, as most are not
                if old.parent != self._root:
                    old.parent.rmdir()

    def listing(self, prefix: str = "") -> list[tuple[str, datetime]]:
        """Every key that begins so, with the time of its last write by the file system's clock."""
        start = self._root / prefix.rpartition("/")[0]
        found: list[tuple[str, datetime]] = []
        with _translated():
            for folder, folders, files in os.walk(start, onerror=_unless_missing):
                if folder == str(self._root) and UNFINISHED in folders:
                    folders.remove(UNFINISHED)
                for file in files:
                    path = Path(folder, file)
                    key = path.relative_to(self._root).as_posix()
                    if key.startswith(prefix) and (at := _time_of(path)) is not None:
                        found.append((key, at))
        return sorted(found)

    def _make_folder(self, folder: Path) -> None:
        """Make a folder below the root, and be sure that its name survives a power cut."""
        if folder.is_dir():
            return
        if folder.parent != self._root:
            self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        self._sync(folder.parent)

    def _sync(self, folder: Path) -> None:
        if self._lasting:
            sync_path(folder)

    def _clear_away(self, before_s: float) -> None:
        for path in self._unfinished.iterdir():
            # Its writer may be finishing it this moment.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before_s:
                    path.unlink()


class FolderMedia(StoredPictures):
    """The port ``MediaStore`` in a folder: ``<root>/ab/abcd...``."""

    def __init__(self, root: Path, *, lasting: bool = True) -> None:
        """Use this folder, made where needed.

        Args:
            root: the folder.
            lasting: whether each picture is on the disk when ``put`` returns. Where nothing counts
                before all are there, ``sync`` at the end takes a fraction of the time.

        Raises:
            ReadOnly: it may not be written.
            StorageError: it does not answer.
        """
        self._files = FolderObjects(root, lasting=lasting)
        super().__init__(self._files)
        self._root = root.absolute()

    def sync(self) -> None:
        """Have all that was put on the disk. Raises: StorageError."""
        self._files.sync()

    def check(self) -> None:
        """See whether the folder is there and takes files. Raises: ReadOnly, StorageError."""
        if not self._root.is_dir():  # such as where a disk is not mounted any more
            raise StorageError(SILENT)
        effective_ids = os.access in os.supports_effective_ids
        if not os.access(self._root, os.W_OK, effective_ids=effective_ids):
            raise ReadOnly(UNWRITABLE)


@contextmanager
def _translated() -> Iterator[None]:
    """Let what the disk raises at a write leave as a ``StorageError``."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise Full("The disk is full: the picture could not be saved.") from error
        if error.errno in NO_WRITING:
            raise ReadOnly(UNWRITABLE) from error
        raise StorageError(SILENT) from error


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file has these bytes; one that cannot be read has to be written anew."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno in (errno.EIO, errno.EBADMSG):
            return False
        raise


def _time_of(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def _unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def sync_path(path: Path) -> None:
    """Make sure that what is in a file survives a power cut.

    Of a folder the names, where the system offers it.
    """
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
