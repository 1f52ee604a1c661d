"""The front door: from an address to a store. Knows what schemes there are, not how they work.

``memory:``, ``sqlite:////srv/easel.db`` and ``postgresql://host/name`` keep conversations;
``memory:``, ``file:///srv/media``, ``s3://bucket/folder``, ``gs://...`` and ``az://...`` keep
pictures. A new store is a new row.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast
from urllib.parse import unquote

from chat.core.errors import ConfigError
from chat.core.live_log import LiveLog
from chat.core.messages import new_id
from chat.core.ports import Conversations, MediaStore
from chat.core.suggestions import did_you_mean
from storage.data_dir_lock import Process

CONVERSATIONS: dict[str, str] = {
    "memory": "storage.memory:open_memory",
    "sqlite": "storage.open_sql:open_sqlite",
    "postgresql": "storage.open_sql:open_postgresql",
}
"""Scheme to ``module:callable``, which takes the whole address and who opens it."""

ALIASES = {"postgres": "postgresql"}
"""Schemes as some hosts of databases write them."""

MEDIA: dict[str, str] = {
    "memory": "storage.media.memory:open_memory_media",
    "file": "storage.media.folder:open_folder",
    "s3": "storage.media.bucket:open_bucket",
    "gs": "storage.media.bucket:open_bucket",
    "az": "storage.media.bucket:open_bucket",
}

LIVE: dict[str, str] = {
    "postgresql": "storage.live.postgresql_live:open_postgresql_live",
    "redis": "storage.live.redis_live:open_redis_live",
    "rediss": "storage.live.redis_live:open_redis_live",
}
"""What processes over one store tell each other by. A process alone needs none."""

EXISTENCE: dict[str, str] = {
    "sqlite": "storage.open_sql:sqlite_exists",
    "postgresql": "storage.open_sql:postgresql_exists",
}
"""What tells whether there is a database at an address; a scheme without a row keeps none."""


def open_conversations(url: str, process: Process | None = None) -> Conversations:
    """The store of conversations at an address, made or brought up to date where needed.

    ``process`` is who opens it, where several may; somebody new, unless given.

    Raises:
        ConfigError: no store has such an address.
        Damaged: the database is corrupt or newer than this program; it was not touched.
        ReadOnly: it cannot be written.
        StorageError: it cannot be reached.
    """
    return cast("Conversations", _opener(url, CONVERSATIONS)(url, process or Process(new_id())))


def open_media(url: str) -> MediaStore:
    """The store of picture bytes at an address, made where needed.

    Raises:
        ConfigError: no store has such an address.
        ReadOnly: it cannot be written.
    """
    return cast("MediaStore", _opener(url, MEDIA)(url))


def open_live(url: str, process: Process) -> LiveLog:
    """Where processes over one store lay out logs of replies for each other.

    Raises:
        ConfigError: nothing has such an address.
        StorageError: it cannot be reached.
    """
    return cast("LiveLog", _opener(url, LIVE)(url, process))


def database_exists(url: str) -> bool:
    """Whether opening this address finds a database instead of making one.

    Raises:
        StorageError: it cannot be told.
    """
    return _scheme(url) in EXISTENCE and bool(_opener(url, EXISTENCE)(url))


def path_of(url: str) -> Path:
    """The path in an address.

    As elsewhere, ``sqlite:///easel.db`` is relative and ``sqlite:////srv/easel.db`` absolute,
    while ``file:media`` is relative and ``file:///srv/media`` absolute.

    Raises: ConfigError where there is none.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite":
        path = rest.removeprefix("///")
    else:
        path = "/" + rest.lstrip("/") if rest.startswith("//") else rest
    if not path.strip("/"):
        raise ConfigError("The address of a store on disk must end in a path.")
    return Path(unquote(path))


def _scheme(url: str) -> str:
    """The scheme of an address without the name of a driver, and as we write it."""
    scheme = url.partition(":")[0].partition("+")[0].casefold()
    return ALIASES.get(scheme, scheme)


def _opener(url: str, registry: dict[str, str]) -> Callable[..., object]:
    scheme = _scheme(url)
    if scheme not in registry:
        what = {id(MEDIA): "pictures", id(LIVE): "logs"}.get(id(registry), "conversations")
        known = ", ".join(registry)
        hint = did_you_mean(scheme, registry)
        raise ConfigError(
            f"There is no store of {what} of the kind “{scheme}”: the address begins with one of "
            f"{known}.{hint}"
        )
    module, _, name = registry[scheme].partition(":")
    return cast("Callable[..., object]", getattr(import_module(module), name))
