"""A third kind of store for pictures, as somebody else would write one: all in one SQLite file."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chat.core.errors import NotFound
from storage.media.pictures import StoredPictures
from storage.open import path_of

SCHEME = "onefile"
WHERE = "tests.contracts.planted_store:open_one_file"


def open_one_file(url: str) -> StoredPictures:
    """The store in the file that an address names."""
    return StoredPictures(OneFile(path_of(url)))


class OneFile:
    """``Objects`` as rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._run("CREATE TABLE IF NOT EXISTS object (key TEXT PRIMARY KEY, data BLOB, at REAL)")

    def write(self, key: str, data: bytes) -> None:
        row = (key, data, datetime.now(UTC).timestamp())
        self._run("INSERT OR REPLACE INTO object VALUES (?, ?, ?)", *row)

    def read(self, key: str) -> bytes:
        rows = self._run("SELECT data FROM object WHERE key = ?", key)
        if not rows:
            raise NotFound("There is nothing under that key.")
        return bytes(rows[0][0])

    def has(self, key: str) -> bool:
        return bool(self._run("SELECT 1 FROM object WHERE key = ?", key))

    def remove(self, key: str) -> None:
        self._run("DELETE FROM object WHERE key = ?", key)

    def move(self, key: str, to: str) -> None:
        if not self._run("UPDATE OR REPLACE object SET key = ? WHERE key = ? RETURNING 1", to, key):
            raise NotFound("There is nothing under that key.")

    def listing(self, prefix: str = "") -> list[tuple[str, datetime]]:
        rows = self._run("SELECT key, at FROM object ORDER BY key")
        found = ((str(key), datetime.fromtimestamp(at, UTC)) for key, at in rows)
        return [(key, at) for key, at in found if key.startswith(prefix)]

    def _run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._path, timeout=30)) as connection, connection:
            return connection.execute(statement, values).fetchall()
