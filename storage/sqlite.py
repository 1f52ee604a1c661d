"""SQLite, set up so that what was acknowledged stays. Knows the driver; no row, no port.

WAL lets readers read while one writes; ``synchronous=FULL`` keeps a commit through a power cut;
``BEGIN IMMEDIATE`` makes every writer queue for its turn instead of failing half way. None of
that is SQLite's or SQLAlchemy's default.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from chat.core.errors import Damaged, StorageError
from storage.error_mapping import BUSY, translated

BUSY_TIMEOUT_S = 5.0
WAL_LIMIT_BYTES = 64 * 1024 * 1024
PATIENCE = "easel_patience_s"
"""The execution option of a connection that is going to write: how long it may wait to begin."""

UNLINKED = "easel_unlinked"
"""The execution option of a connection that is going to migrate: no foreign key holds. With them,
dropping a table empties those that lead to it. Inside a transaction they cannot be let go."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}",
)


def file_uri(path: Path, **options: str) -> str:
    """How SQLite is told of a file: with ``mode=rw`` it never makes a new one by itself."""
    asked = "&".join(f"{key}={value}" for key, value in options.items())
    return f"file:{quote(str(path))}?{asked}"


class WriteQueue:
    """Where the threads of one process wait to write.

    SQLite itself lets waiting writers look again and again at random: under load one of them
    may starve while others pass. Only the first in this queue has to compete, with other
    processes. The wait here and the wait there share one limit.
    """

    def __init__(self, patience_s: float = BUSY_TIMEOUT_S) -> None:
        self._patience_s = patience_s
        self._lock = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[float]:
        """Wait for one's turn and hold it; gives the patience that is left, in seconds.

        Raises: StorageError after too long a wait.
        """
        begun_s = time.monotonic()
        if not self._lock.acquire(timeout=self._patience_s):
            raise StorageError(BUSY)
        try:
            yield max(0.0, self._patience_s - (time.monotonic() - begun_s))
        finally:
            self._lock.release()


def sqlite_engine(path: Path) -> Engine:
    """An engine for an existing file, for any number of threads."""
    identity = _identity(path)

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            file_uri(path, mode="rw"),
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,  # the listener below begins transactions, not the driver
            check_same_thread=False,
        )

    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=connect,
        hide_parameters=True,  # they hold what people wrote, and an error may go to the log
        poolclass=QueuePool,
        # The threads that call bound the number of connections; a wait for one would be added
        # to the wait for the lock.
        max_overflow=-1,
    )

    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)

    def checkout(
        _: sqlite3.Connection, __: ConnectionPoolEntry, ___: PoolProxiedConnection
    ) -> None:
        if _identity(path) != identity:
            # An open connection would go on writing to a file that no name leads to any more.
            raise Damaged("The database file was moved or deleted while Easel was running.")

    def begin_migration(connection: Connection) -> None:
        options = connection.get_execution_options()
        driver: Any = connection.connection.dbapi_connection
        if options.get(UNLINKED):
            driver.execute("PRAGMA foreign_keys = OFF")
        begin(driver, options.get(PATIENCE))

    event.listen(engine, "connect", prepare)
    event.listen(engine, "checkout", checkout)
    event.listen(engine, "begin", begin_migration)
    return engine


def begin(connection: sqlite3.Connection, patience_s: float | None) -> None:
    """Begin to read or, with a patience in seconds, to write as soon as nobody else does."""
    wait_s = BUSY_TIMEOUT_S if patience_s is None else patience_s
    connection.execute(f"PRAGMA busy_timeout = {int(wait_s * 1000)}")
    connection.execute("BEGIN" if patience_s is None else "BEGIN IMMEDIATE")


def make_file(path: Path) -> None:
    """Make an empty database, and its folder, that only this user may read. Twice is once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600, exist_ok=True)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use, whole and consistent, and check the copy.

    Raises:
        Damaged: the copy does not hold together.
        StorageError: it could not be made.
    """
    with translated():
        reader = sqlite3.connect(file_uri(source, mode="rw"), uri=True, timeout=BUSY_TIMEOUT_S)
        target.touch(mode=0o600)
        writer = sqlite3.connect(file_uri(target, mode="rw"), uri=True)
        try:
            # All pages at once: step by step, every write beside it would start the copy anew.
            reader.backup(writer)
            # One file that is all there is to it: no log beside it is needed to read it.
            writer.execute("PRAGMA journal_mode = DELETE")
            verdict = writer.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            writer.close()
            reader.close()
    if verdict != "ok":
        raise Damaged("The copy of the database is damaged, and so is the database.")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
