"""What a database complains of, as the errors that the rest of the house knows.

The one place that reads error codes. They are the databases' own numbers, never the words of a
message. Source: https://www.sqlite.org/rescode.html and PostgreSQL's appendix A, 2026-11.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from chat.core.errors import (
    Away,
    Conflict,
    Damaged,
    Full,
    NotFound,
    ReadOnly,
    StorageError,
    Unstorable,
)

DISK_FULL = "The disk is full: nothing more can be saved until there is room again."
READ_ONLY = "The database may be read but not written."
DAMAGED = "The database is damaged."
BUSY = "The database is busy with something else: please try again."
UNREACHABLE = "The database cannot be reached just now: please try again."
THERE_ALREADY = "That is there already."
NOT_THERE = "What this belongs to is not there any more."
UNSPEAKABLE = "A name holds characters that cannot be stored."

SQLITE: dict[int, tuple[type[StorageError], str]] = {
    sqlite3.SQLITE_FULL: (Full, DISK_FULL),
    sqlite3.SQLITE_READONLY: (ReadOnly, READ_ONLY),
    sqlite3.SQLITE_PERM: (ReadOnly, READ_ONLY),
    sqlite3.SQLITE_BUSY: (StorageError, BUSY),
    sqlite3.SQLITE_LOCKED: (StorageError, BUSY),
    sqlite3.SQLITE_CORRUPT: (Damaged, DAMAGED),
    sqlite3.SQLITE_NOTADB: (Damaged, DAMAGED),
    sqlite3.SQLITE_CONSTRAINT_UNIQUE: (Conflict, THERE_ALREADY),
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: (Conflict, THERE_ALREADY),
    sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: (NotFound, NOT_THERE),
    # What a file system without room answers where it cannot grow the shared index.
    sqlite3.SQLITE_IOERR_SHMSIZE: (Full, DISK_FULL),
    sqlite3.SQLITE_IOERR: (StorageError, UNREACHABLE),
    sqlite3.SQLITE_CANTOPEN: (StorageError, UNREACHABLE),
    sqlite3.SQLITE_PROTOCOL: (StorageError, BUSY),
}

POSTGRESQL: dict[str, tuple[type[StorageError], str]] = {
    "53100": (Full, DISK_FULL),
    "25006": (ReadOnly, READ_ONLY),
    "42501": (ReadOnly, READ_ONLY),
    "23505": (Conflict, THERE_ALREADY),
    "23503": (NotFound, NOT_THERE),
    "40001": (StorageError, BUSY),
    "40P01": (StorageError, BUSY),
    "55P03": (StorageError, BUSY),
    "57014": (StorageError, BUSY),
    "XX001": (Damaged, DAMAGED),
    "XX002": (Damaged, DAMAGED),
    # Classes: no connection, no resources, shut down by an operator, a failing system.
    "08": (Away, UNREACHABLE),
    "53": (Away, UNREACHABLE),
    "57": (Away, UNREACHABLE),
    "58": (Away, UNREACHABLE),
    "OperationalError": (Away, UNREACHABLE),
    "DataError": (Unstorable, UNSPEAKABLE),
}


@contextmanager
def translated(of_driver: type[BaseException] = sqlite3.Error) -> Iterator[None]:
    """Let what a database raises leave as a ``StorageError``; a bug leaves as it is.

    ``of_driver`` is the class of what its driver raises.
    """
    try:
        yield
    except exc.TimeoutError as error:
        raise StorageError(BUSY) from error
    except exc.DBAPIError as error:
        known = named(error.orig)
        if known is None:
            raise
        raise known from error
    except of_driver as error:
        known = named(error)
        if known is None:
            raise
        raise known from error
    except UnicodeEncodeError as error:
        raise Unstorable(UNSPEAKABLE) from error


def named(error: BaseException | None) -> StorageError | None:
    """The house's error for a driver's error, told by its code; ``None`` where it is a bug."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)
        row = SQLITE.get(code) or SQLITE.get(code & 0xFF)
    else:
        # A driver that never reached the server has no code to show, and neither has one that
        # refused a text with a NUL in it.
        state = getattr(error, "sqlstate", None)
        row = POSTGRESQL.get(state or type(error).__name__) or POSTGRESQL.get((state or "")[:2])
    return None if row is None else row[0](row[1])
