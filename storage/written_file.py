"""Small files of the data folder: replaced as a whole, and for their owner alone to read."""

import errno
import os
from pathlib import Path

from chat.core.errors import Full, ReadOnly
from storage.error_mapping import DISK_FULL

OWNER_ONLY = 0o600


def write_file(file: Path, data: bytes) -> None:
    """Have this in a file, all of it or what was there before, also after a loss of power.

    Raises:
        Full: there is no room for it.
        ReadOnly: it cannot be written.
    """
    unready = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unready.unlink(missing_ok=True)
        descriptor = os.open(unready, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as writing:
            writing.write(data)
            writing.flush()
            os.fsync(writing.fileno())
        unready.replace(file)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Full(DISK_FULL) from error
        raise ReadOnly(f"{file.name} in the data folder cannot be written.") from error


class WrittenText:
    """A text file of the data folder. Implements ``chat.core.provider_stores.KeptText``."""

    def __init__(self, file: Path) -> None:
        """Keep it there; it need not be there yet."""
        self._file = file

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return f"{self._file.name} in the data folder"

    def read(self) -> str:
        """What is in it; empty where there is none.

        Raises:
            ReadOnly: it cannot be read as text.
        """
        try:
            return self._file.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise ReadOnly(f"{self.name} cannot be read as text.") from error

    def write(self, text: str) -> None:
        """Have this in it. Raises ``Full`` or ``ReadOnly``."""
        write_file(self._file, text.encode("utf-8"))
