"""SQLite databases, opened in memory and for reading alone."""

import sqlite3
from contextlib import closing

from chat.core.errors import ToolFailed
from chat.files.grids import Grid
from chat.files.limits import MAX_CELLS, MAX_COLUMNS

_ALLOWED = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    }
)
# Rollback journal instead of write-ahead log: that one would want a second file beside it.
_JOURNAL = b"\x01\x01"
WRITE_AHEAD = b"\x02\x02"
"""In the bytes 18 and 19 of one with a write-ahead log."""
DAMAGED = "The database is damaged and cannot be read."


class Database:
    """The tables and views of a database; each is read when it is asked for."""

    def __init__(self, data: bytes) -> None:
        """Open it. Raises ``ToolFailed``."""
        self._connection = sqlite3.connect(":memory:")
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            self._connection.deserialize(data[:18] + _JOURNAL + data[20:])
            # What its maker wrote into the schema may call nothing but harmless functions.
            self._connection.execute("PRAGMA trusted_schema = OFF")
            self._connection.execute("PRAGMA cell_size_check = ON")
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 50_000_000)
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            self._connection.set_authorizer(_authorised)
            found = self._connection.execute(
                "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') "
                "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"
            )
            self.names = [str(name) for (name,) in found]
        except (sqlite3.Error, OverflowError) as error:
            raise ToolFailed(DAMAGED) from error

    def grid(self, name: str) -> Grid:
        """A table or a view, with all its rows. Raises ``ToolFailed``."""
        quoted = '"' + name.replace('"', '""') + '"'
        try:
            statement = f"SELECT * FROM {quoted}"
            with closing(self._connection.execute(statement)) as cursor:
                columns = [str(column[0]) for column in cursor.description]
                if len(columns) > MAX_COLUMNS:
                    raise ToolFailed(
                        f"The table “{name[:80]}” has more than {MAX_COLUMNS} columns."
                    )
                most = MAX_CELLS // len(columns)
                rows = [list(row) for row in cursor.fetchmany(most + 1)]
        except (sqlite3.Error, OverflowError) as error:
            raise ToolFailed(f"The table “{name[:80]}” cannot be read: {error}.") from error
        if len(rows) > most:
            raise ToolFailed(f"The table “{name[:80]}” has more than {MAX_CELLS:,} cells.")
        return Grid(name, [columns, *rows], first=0, named=True)


def _authorised(action: int, *_about: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
