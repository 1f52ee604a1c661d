"""One program at a time uses a data folder.

A second Easel would take the replies that the first one is writing for a crash's debris. The
system itself lets go of the lock when a process ends, however it ends. In the file stands who has
it, or had it last: whoever has it now knows that one to be dead.
"""

import errno
import os
import platform
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chat.core.errors import Full, ReadOnly, StorageError
from chat.core.messages import new_id
from storage.error_mapping import DISK_FULL

LOCK = "easel.lock"
TAKEN = (
    "Another Easel is using this data folder. Close that one, "
    "or choose another folder with EASEL_DATA."
)


MOST_BYTES = 400


@dataclass(frozen=True, slots=True)
class Process:
    """Who opens a store, where several may use it."""

    id: str
    """New with each start."""
    before: str = ""
    """Who used the same data folder last, and has surely ended; empty: that is not known."""


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
        self.process = self._named(folder)
        """This process."""

    def _named(self, folder: Path) -> Process:
        """Write down who has the folder. What cannot be written only makes others wait longer."""
        at = folder.stat()
        # A copy of the folder, or the same image on another machine, holds the name of a process
        # that may be alive.
        place = f"{platform.node()} {at.st_dev} {at.st_ino}"
        made, before = new_id(), ""
        with suppress(OSError):
            kept = os.read(self._descriptor, MOST_BYTES).decode("utf-8", "replace").split("\n")
            if len(kept) > 1 and kept[1] == place:
                before = kept[0]
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, f"{made}\n{place}\n".encode())
            os.ftruncate(self._descriptor, len(f"{made}\n{place}\n".encode()))
        return Process(made, before)

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
