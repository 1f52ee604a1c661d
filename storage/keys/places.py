"""Where typed keys are kept: in the system's keyring if there is one, else encrypted in a file."""

from collections.abc import Mapping
from pathlib import Path

from chat.core.errors import StorageError
from chat.core.provider_stores import KeptKeys
from storage.keys.encrypted import EncryptedKeys
from storage.keys.system_keyring import SystemKeyring


class KeyPlaces:
    """The keys of one data folder. Implements ``chat.core.provider_stores.KeyStore``."""

    def __init__(self, folder: Path, environ: Mapping[str, str], *, keyring: bool = True) -> None:
        """Keep them for this folder; without ``keyring`` in the folder alone."""
        self._file = EncryptedKeys(folder)
        self._keyring = SystemKeyring(folder, environ)
        self._uses_keyring = keyring

    @property
    def place(self) -> str:
        """Where a key that is typed now goes, as the end of a sentence."""
        found = self._uses_keyring and self._keyring.exists
        return self._keyring.place if found else self._file.place

    def read(self) -> KeptKeys:
        """Every key that can be read, and sentences on what cannot."""
        keys: dict[str, str] = {}
        troubles: list[str] = []
        for kept in (self._file, self._keyring):
            try:
                keys |= kept.read()
            except StorageError as error:
                troubles.append(str(error))
        return KeptKeys(keys, " ".join(troubles))

    def keep(self, name: str, key: str) -> None:
        """Have this key under a name, in one place. Raises ``StorageError``."""
        if self._uses_keyring and self._keyring.keep(name, key):
            self._file.forget(name)
        else:
            self._file.keep(name, key)
            self._keyring.let_go(name)

    def forget(self, name: str) -> None:
        """Have none under this name. Raises ``StorageError``."""
        self._file.forget(name)
        self._keyring.forget(name)
