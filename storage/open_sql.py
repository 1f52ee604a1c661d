"""Opens a SQL database in the one safe order: look, then migrate, then use. Knows that order."""

import logging
import os
from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import OperationalError

from chat.core.errors import Full, ReadOnly, StorageError
from storage import search_index, sqlite_search_index
from storage.data_dir_lock import Process
from storage.error_mapping import READ_ONLY, UNREACHABLE, translated
from storage.integrity_check import check_integrity
from storage.open import path_of
from storage.postgresql import UNREACHABLE_AT_START, postgresql_engine
from storage.sql import SqlConversations
from storage.sql_replicas import SqlReplicas
from storage.sqlite import WriteQueue, make_file, sqlite_engine
from storage.upgrade import known_revisions, revisions, upgrade

log = logging.getLogger("easel")


def open_sqlite(url: str, process: Process) -> SqlConversations:
    """The store in a SQLite file. Raises: Damaged, ReadOnly, StorageError."""
    del process  # it is the only one
    path = path_of(url).absolute()
    config = revisions()
    try:
        make_file(path)
        _require_writable(path)
        check_integrity(path, known_revisions(config))
    except OSError as error:
        raise ReadOnly("The folder of the database cannot be written.") from error
    engine = sqlite_engine(path)
    try:
        upgrade(engine, config, snapshot_of=path)
        _make_index(engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlConversations(engine, WriteQueue().turn)


def _make_index(engine: Engine) -> None:
    """Searches read more without it, and nothing else needs it: no reason not to start."""
    try:
        sqlite_search_index.make(engine)
    except Full as full:
        log.warning("there is no room for an index for searches, which take longer: %s", full)
        sqlite_search_index.make(engine, possible=False)


def open_postgresql(url: str, process: Process) -> SqlConversations:
    """The store in a PostgreSQL database, which this process shares with others.

    Of several that start at once, one migrates while the others wait for its advisory lock.

    Raises:
        ConfigError: the driver is not installed, or the address makes no sense.
        Damaged: the database is newer than this program, or another program's.
        StorageError: it cannot be reached.
    """
    engine = postgresql_engine(url)
    config = revisions()
    try:
        _require_reachable(engine)
        upgrade(engine, config)
        search_index.make_early(engine)
    except BaseException:
        engine.dispose()
        raise
    # This server queues its writers itself, and each by the rows it wants.
    replicas = SqlReplicas(engine, process.id, process.before)
    return SqlConversations(engine, lambda: nullcontext(0.0), replicas)


def sqlite_exists(url: str) -> bool:
    """Whether there is a file with anything in it."""
    path = path_of(url)
    try:
        return path.stat().st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StorageError(UNREACHABLE) from error


def postgresql_exists(url: str) -> bool:
    """Whether Easel has made its tables there. Raises: StorageError."""
    engine = postgresql_engine(url)
    try:
        _require_reachable(engine)
        with translated(), engine.connect() as connection:
            return inspect(connection).has_table("alembic_version")
    finally:
        engine.dispose()


def _require_reachable(engine: Engine) -> None:
    try:
        engine.connect().close()
    except OperationalError as error:
        raise StorageError(UNREACHABLE_AT_START) from error


def _require_writable(path: Path) -> None:
    """SQLite would find out too, but only after making files beside one it cannot write."""
    effective_ids = os.access in os.supports_effective_ids
    for place in (path.parent, path):
        if not os.access(place, os.W_OK, effective_ids=effective_ids):
            raise ReadOnly(READ_ONLY)
