"""One program at a time uses a data folder.

A second Easel would take the replies that the first one is writing for a crash's debris. The
system itself lets go of the lock when a process ends, however it ends.
"""

import errno
import os
import sys
from pathlib import Path

from chat.core.errors import Full, ReadOnly, StorageError
from storage.error_mapping import DISK_FULL

LOCK = "easel.lock"
TAKEN = (
    "Another Easel is using this data folder. Close that one, "
    "or choose another folder with EASEL_DATA."
)


class DataDirLock:
    """A data folder that is ours until it is released."""

    def __init__(self, folder: Path) -> None:
        """Lock a folder, made where needed.

        Raises:
            StorageError: another program has it.
            ReadOnly: it cannot be written.
            Full: there is no room for an empty file.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Full(DISK_FULL) from error
            raise ReadOnly("The data folder cannot be made or written.") from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise StorageError(TAKEN) from error

    def release(self) -> None:
        """Let another program have it."""
        os.close(self._descriptor)


def _lock(descriptor: int) -> None:
    """Lock the file or raise ``OSError`` at once."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
