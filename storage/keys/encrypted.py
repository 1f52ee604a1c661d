"""Keys in a file of the data folder, encrypted with a key that lies beside it.

That keeps them out of whatever copies or shows single files, and out of a search for their letters;
who may read the whole folder as its owner may read them. Both files are their owner's alone. What
encrypts is loaded where there is a key: it takes 9 MB.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from chat.core.errors import StorageError
from storage.written_file import OWNER_ONLY, write_file

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

SECRET, HELD = "keys.key", "keys.enc"
"""What encrypts, and what is encrypted."""
UNREADABLE = "keys.enc.unreadable"
"""Where keys go that cannot be read any more, when others are kept in their place."""

LOST = (
    "The keys that were entered here cannot be read: {file} in the data folder is {how}. Put the "
    "file back from a copy, or enter the keys again."
)


class EncryptedKeys:
    """The keys of one data folder. Not for two processes at once."""

    place = "encrypted, in the data folder"

    def __init__(self, folder: Path) -> None:
        """Keep them in this folder; nothing is made before there is a key to keep."""
        self._folder = folder

    def read(self) -> Mapping[str, str]:
        """The keys by name.

        Raises:
            StorageError: they are there and cannot be read; the sentence says which file is at
                fault.
        """
        try:
            sealed = (self._folder / HELD).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise StorageError(LOST.format(file=HELD, how="unreadable")) from error
        from cryptography.fernet import InvalidToken

        cipher = self._cipher()
        try:
            held = json.loads(cipher.decrypt(sealed))
        except (InvalidToken, ValueError) as error:
            how = f"damaged, or was encrypted with another {SECRET}"
            raise StorageError(LOST.format(file=HELD, how=how)) from error
        if not isinstance(held, dict) or not all(isinstance(key, str) for key in held.values()):
            raise StorageError(LOST.format(file=HELD, how="of another form"))
        return held

    def keep(self, name: str, key: str) -> None:
        """Have this key under a name. What cannot be read is set aside, and not overwritten.

        Raises:
            StorageError: it cannot be written.
        """
        try:
            held = dict(self.read())
        except StorageError:
            self._set_aside()
            held = {}
        self._write({**held, name: key})

    def forget(self, name: str) -> None:
        """Have none under this name; where none can be read there is none. Twice is once.

        Raises:
            StorageError: it cannot be written.
        """
        try:
            held = dict(self.read())
        except StorageError:
            return
        if held.pop(name, None) is not None:
            self._write(held)

    def _write(self, held: Mapping[str, str]) -> None:
        from cryptography.fernet import Fernet

        if not (self._folder / SECRET).exists():
            write_file(self._folder / SECRET, Fernet.generate_key())
        write_file(self._folder / HELD, self._cipher().encrypt(json.dumps(held).encode("utf-8")))

    def _cipher(self) -> "Fernet":
        from cryptography.fernet import Fernet

        file = self._folder / SECRET
        try:
            if file.stat().st_mode & 0o077:
                file.chmod(OWNER_ONLY)
            return Fernet(file.read_bytes())
        except FileNotFoundError as error:
            raise StorageError(LOST.format(file=SECRET, how="missing")) from error
        except OSError as error:
            raise StorageError(LOST.format(file=SECRET, how="unreadable")) from error
        except ValueError as error:
            raise StorageError(LOST.format(file=SECRET, how="damaged")) from error

    def _set_aside(self) -> None:
        try:
            (self._folder / HELD).replace(self._folder / UNREADABLE)
            secret = self._folder / SECRET
            if secret.exists():
                secret.replace(self._folder / f"{SECRET}.unreadable")
        except OSError as error:
            raise StorageError("The keys in the data folder cannot be replaced.") from error
