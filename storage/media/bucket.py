"""Picture bytes in a bucket of an object store: S3 and what speaks like it, Google Cloud, Azure.

Who may come in is told to obstore by the environment, under the names that these services have for
it: ``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION`` and, for a store of another
maker, ``AWS_ENDPOINT_URL``; ``GOOGLE_SERVICE_ACCOUNT``; ``AZURE_STORAGE_ACCOUNT_NAME`` and
``AZURE_STORAGE_ACCOUNT_KEY``. None of it stands in the address.

A key is written once: a put that finds something there is refused by the service, so that two
replicas never write over each other. Only what is then seen to be other bytes, damage or an older
record, is replaced. Every put and every copy is whole or not at all, as the services promise.
"""

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from chat.core.errors import ConfigError, Full, NotFound, StorageError
from chat.core.extras import install_command
from storage.media.pictures import GONE, StoredPictures
from storage.media.small_copies import SmallCopies

log = logging.getLogger(__name__)

NO_DRIVER = (
    "Pictures in an object store need the Python package obstore, which is not installed. Install "
    f"it with: {install_command('bucket')}"
)
MALFORMED = (
    "The address of the object store cannot be read. It has the form s3://bucket/folder, "
    "gs://bucket/folder or az://container/folder, without keys: the environment holds those."
)
SILENT = "The store of pictures does not answer: please try again."
FULL = "The store of pictures is full: the picture could not be saved."
REFUSED = (
    "The store of pictures refuses Easel: look at its keys in the environment, and at what they "
    "may do in that bucket."
)
NO_BUCKET = "There is no such bucket for pictures: it has to be made before Easel starts."

_NO_ROOM = re.compile(
    r"\b507\b|QuotaExceeded|InsufficientCapacity|StorageFull|AccountQuota|storageQuota|NoSpaceLeft"
)
"""How services and servers of the same kind say that nothing more fits."""

RETRIES: Mapping[str, Any] = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=10),
    "backoff": {
        "base": 2,
        "init_backoff": timedelta(milliseconds=100),
        "max_backoff": timedelta(seconds=2),
    },
}
"""A service that says 503, or lets go of a line, is asked again while somebody waits."""
CLIENT: Mapping[str, Any] = {"connect_timeout": "3s", "timeout": "30s"}

ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_ENDPOINT")
"""The variables that name a server instead of the makers' own."""


def open_bucket(url: str) -> StoredPictures:
    """The store in the bucket that an address names; it is looked at at once.

    Raises:
        ConfigError: obstore is not installed, or the address makes no sense.
        StorageError: the bucket cannot be reached, or refuses.
    """
    objects = BucketObjects(_connected(url))
    objects.listing("records/")
    return StoredPictures(SmallCopies(objects))


def _connected(url: str) -> Any:
    address = urlsplit(url)
    if not address.netloc or "@" in address.netloc or address.query or address.fragment:
        raise ConfigError(MALFORMED)
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ModuleNotFoundError as error:
        raise ConfigError(NO_DRIVER) from error
    connect: Any = from_url  # its overloads know no options that are put together
    plain = any(os.environ.get(name, "").startswith("http://") for name in ENDPOINTS)
    try:
        return connect(
            url,
            client_options={**CLIENT, **({"allow_http": True} if plain else {})},
            retry_config=RETRIES,
        )
    except (BaseError, ValueError) as error:
        log.warning("the address of the object store: %s", _first_line(error))
        raise ConfigError(MALFORMED) from error


class BucketObjects:
    """``Objects`` in a bucket."""

    def __init__(self, store: Any) -> None:
        """``store`` is one of obstore's."""
        import obstore

        self._store = store
        self._obstore = obstore

    def write(self, key: str, data: bytes) -> None:
        """Have exactly these bytes under a key; on return the service has them."""
        put: Callable[..., object] = self._obstore.put
        # In one request: parts of an upload would not be refused where something is there.
        whole: Mapping[str, Any] = {"use_multipart": False}
        with _translated():
            try:
                put(self._store, key, data, mode="create", **whole)
            except self._obstore.exceptions.AlreadyExistsError:
                # The same once more makes its time anew: it is wanted again.
                put(self._store, key, data, mode="overwrite", **whole)

    def read(self, key: str) -> bytes:
        """The bytes under a key."""
        with _translated():
            return bytes(self._obstore.get(self._store, key).bytes())

    def has(self, key: str) -> bool:
        """Whether there is something under a key."""
        with _translated():
            try:
                self._obstore.head(self._store, key)
            except FileNotFoundError:
                return False
            return True

    def remove(self, key: str) -> None:
        """Have nothing under a key."""
        with _translated():
            try:
                self._obstore.delete(self._store, key)
            except FileNotFoundError:
                return

    def move(self, key: str, to: str) -> None:
        """Put what is under one key under another; for a moment it is under both."""
        with _translated():
            self._obstore.copy(self._store, key, to, overwrite=True)
            self._obstore.delete(self._store, key)

    def listing(self, prefix: str = "") -> list[tuple[str, datetime]]:
        """Every key that begins so, with the time of its last write by the service's clock."""
        folder = prefix.rpartition("/")[0]
        with _translated():
            found = [
                (str(each["path"]), each["last_modified"])
                for page in self._obstore.list(self._store, folder or None)
                for each in page
            ]
        return sorted((key, at) for key, at in found if key.startswith(prefix))


@contextmanager
def _translated() -> Iterator[None]:
    """Let what obstore raises leave as a ``StorageError``; the log has what the service said."""
    from obstore import exceptions

    try:
        yield
    except FileNotFoundError as error:
        raise (_missing_bucket(error) or NotFound(GONE)) from error
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
        log.warning("the object store refuses: %s", _first_line(error))
        raise _said(error, REFUSED) from error
    except (exceptions.BaseError, OSError, NotImplementedError) as error:
        log.warning("the object store failed: %s", _first_line(error))
        raise (_missing_bucket(error) or _said(error, SILENT)) from error


def _missing_bucket(error: BaseException) -> StorageError | None:
    """Told by the code of the answer: its 404 is that of a picture as well."""
    if re.search("NoSuchBucket|ContainerNotFound", str(error)):
        return StorageError(NO_BUCKET)
    return None


def _said(error: BaseException, otherwise: str) -> StorageError:
    return Full(FULL) if _NO_ROOM.search(str(error)) else StorageError(otherwise)


def _first_line(error: BaseException) -> str:
    """What follows repeats it in the form of a program."""
    return str(error).partition("\n")[0][:500]
