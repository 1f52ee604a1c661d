"""The key that signs the cookies of those who may enter, kept with the data."""

import errno
import os
import secrets
from pathlib import Path

from chat.core.errors import Full, ReadOnly
from storage.error_mapping import DISK_FULL

KEY = "access.key"
_BYTES = 32


def read_access_key(folder: Path) -> bytes:
    """The key of a data folder, made at the first start; only its owner may read the file.

    Without the file, or with less than a whole key in it, every browser is asked again.

    Raises:
        ReadOnly: it cannot be read or made.
        Full: there is no room for it.
    """
    file = folder / KEY
    try:
        if file.exists() and len(kept := file.read_bytes()) == _BYTES:
            return kept
        made = secrets.token_bytes(_BYTES)
        unready = file.with_suffix(".new")
        unready.unlink(missing_ok=True)
        descriptor = os.open(unready, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as writing:
            writing.write(made)
        unready.replace(file)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Full(DISK_FULL) from error
        raise ReadOnly("The key of the data folder's cookies cannot be read or made.") from error
    return made
