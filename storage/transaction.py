"""Transactions of the store, and the statements in them, straight to the driver.

SQLAlchemy makes the tables and keeps the connections. To run a statement through it takes several
times what the database takes, so the store's statements are plain SQL that both databases
understand, with names after a colon for their values.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Engine

from storage.error_mapping import translated
from storage.sqlite import begin

Row: TypeAlias = tuple[Any, ...]
"""The values of one row, in the order of the statement's columns."""


class Transaction:
    """Statements that hold together."""

    __slots__ = ("_connection", "_driver_form", "writer")

    def __init__(self, connection: Any, *, sqlite: bool, writer: str = "") -> None:
        """``connection`` is the driver's own."""
        self._connection = connection
        self._driver_form = not sqlite
        self.writer = writer
        """The process that writes, where several may use the database."""

    def run(self, statement: str, **values: object) -> int:
        """Run a statement; the number of rows that it changed."""
        count: int = self._execute(statement, values).rowcount
        return count

    def row(self, statement: str, **values: object) -> Row | None:
        """The first row found."""
        row: Row | None = self._execute(statement, values).fetchone()
        return row

    def rows(self, statement: str, **values: object) -> list[Row]:
        """All rows found."""
        rows: list[Row] = self._execute(statement, values).fetchall()
        return rows

    def lock(self, statement: str, **values: object) -> Row | None:
        """The first row found, kept from other writers where more than one may write."""
        return self.row(statement + " FOR UPDATE" if self._driver_form else statement, **values)

    def hold(self, statement: str, **values: object) -> Row | None:
        """The first row found, which may be changed but not removed until this one ends."""
        return self.row(statement + " FOR KEY SHARE" if self._driver_form else statement, **values)

    def alone(self, name: str) -> None:
        """Keep out, until this one ends, other transactions that ask for the same name.

        Where only one writes at a time that is so already.
        """
        if self._driver_form:
            self.row("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))", name=name)

    def overwrite(self) -> None:
        """Have what is deleted from here on overwritten, where it would stay in the file else."""
        if not self._driver_form:
            self.run("PRAGMA secure_delete = ON")

    def keep_still(self, table: str) -> None:
        """Wait for those who write into a table, and keep others from it until this one ends."""
        if self._driver_form:
            self.run(f"LOCK TABLE {table} IN EXCLUSIVE MODE")

    def counted(self, table: str, column: str) -> int:
        """How far a column has come that counts by itself: the last number given out, or 0."""
        row = self.row(
            f"SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence('{table}', '{column}')"
            " AS regclass))"
            if self._driver_form
            else f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'"
        )
        return int(row[0] or 0) if row else 0

    @property
    def served(self) -> bool:
        """Whether the database is a server, PostgreSQL, and not a file."""
        return self._driver_form

    def moment(self, value: datetime | None) -> object:
        """A moment as this database keeps it: UTC, without a zone."""
        if value is None:
            return None
        plain = value.astimezone(UTC).replace(tzinfo=None)
        return plain if self._driver_form else plain.isoformat(" ", "microseconds")

    def _execute(self, statement: str, values: Mapping[str, object]) -> Any:
        if self._driver_form:
            statement = _for_psycopg(statement)
        return self._connection.execute(statement, values)


@contextmanager
def transaction(
    engine: Engine, patience_s: float | None = None, writer: str = ""
) -> Iterator[Transaction]:
    """One transaction: kept if the block ends, undone if it raises.

    ``patience_s`` is how long it may wait to begin writing; ``None``: it only reads. ``writer`` is
    this process, where several may use the database.

    Raises:
        StorageError: what the database complains of.
    """
    dialect = engine.dialect
    with translated(dialect.loaded_dbapi.Error):
        connection = engine.raw_connection()
        driver: Any = connection.dbapi_connection
        sqlite = dialect.name == "sqlite"
        try:
            if sqlite:
                begin(driver, patience_s)
            yield Transaction(driver, sqlite=sqlite, writer=writer)
            if patience_s is not None:
                connection.commit()
        except dialect.loaded_dbapi.Error as error:
            if dialect.is_disconnect(error, connection, None):
                connection.invalidate(error)
            raise
        finally:
            # What was not committed is rolled back.
            connection.close()


def moment_of(stored: Any) -> Any:
    """The moment that a column holds: a text in SQLite, a ``datetime`` in PostgreSQL."""
    if stored is None:
        return None
    moment = datetime.fromisoformat(stored) if type(stored) is str else stored
    return moment.replace(tzinfo=UTC)


@lru_cache(maxsize=256)
def _for_psycopg(statement: str) -> str:
    return re.sub(r":(\w+)", r"%(\1)s", statement)


@lru_cache(maxsize=256)
def names(prefix: str, count: int) -> str:
    """``:id0, :id1``, for a list of values in a statement."""
    return ", ".join(f":{prefix}{number}" for number in range(count))


def named(prefix: str, values: list[str]) -> dict[str, str]:
    """The values that go with ``names``."""
    return {f"{prefix}{number}": value for number, value in enumerate(values)}
