"""Batch operations on SQLite that lose nothing of the table they make anew.

SQLite alters little of a table, so Alembic makes a new one, copies the rows, drops the old one
and renames. What it reads of the old table lacks AUTOINCREMENT with its counter, CHECKs without
a name, indexes on expressions, DESC and collations of indexes, and triggers. All of that is
read here from the database itself and put into the new table.

Source: alembic/operations/batch.py of 1.20 and https://www.sqlite.org/lang_altertable.html
(section 7), read 2026-11-29.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from alembic.ddl.sqlite import SQLiteImpl
from alembic.operations.batch import ApplyBatchImpl

HANDLED_WARNINGS = (
    "Unnamed CHECK constraint on reflected table",
    "Skipped unsupported reflection of expression-based index",
)
"""How the warnings begin that tell of something which is put back here."""

AUTOINCREMENT = re.compile(r"\bAUTOINCREMENT\b", re.IGNORECASE)


@dataclass
class _Lasting:
    """What of a table has to outlast its making anew."""

    reflected: set[str]
    """Names of the indexes that Alembic knows of."""
    counter: int | None = None
    """The highest number ever given by AUTOINCREMENT; ``None``: the table has none."""
    indexes: dict[str, str] = field(default_factory=dict)
    """The statements of the indexes that are more than a list of columns, by name."""
    triggers: list[str] = field(default_factory=list)


class SQLiteRebuild(SQLiteImpl):
    """Alembic's ways with SQLite; its registry takes the newest class for the dialect."""

    __dialect__ = "sqlite"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lasting: dict[str, _Lasting] = {}
        """By the name of the table that is being made."""

    def prep_table_for_batch(self, batch_impl: ApplyBatchImpl, table: sa.Table) -> None:
        """Complete the new table, and remember what only its name can bring back."""
        super().prep_table_for_batch(batch_impl, table)
        new = batch_impl.new_table
        if new is None or self.connection is None:
            return
        connection = self.connection
        lasting = _Lasting({str(index.name) for index in table.indexes})
        if AUTOINCREMENT.search(_statement(connection, "table", table.name)):
            new.dialect_options["sqlite"]["autoincrement"] = True
            lasting.counter = _counter(connection, table.name)
        if not any(isinstance(c, sa.CheckConstraint) for c in batch_impl.table_args):
            for check in table.constraints:
                if isinstance(check, sa.CheckConstraint) and not check.name:
                    new.append_constraint(sa.CheckConstraint(str(check.sqltext)))
        for name, statement in _objects(connection, "index", table.name):
            if not _is_plain(connection, name):
                lasting.indexes[name] = statement
        lasting.triggers = [sql for _, sql in _objects(connection, "trigger", table.name)]
        self._lasting[new.name] = lasting

    def rename_table(self, old_table_name: str, new_table_name: Any, schema: Any = None) -> None:
        """Give the new table its name, and back what belongs to it."""
        lasting = self._lasting.pop(old_table_name, None)
        if lasting is None or self.connection is None:
            super().rename_table(old_table_name, new_table_name, schema)
            return
        execute = self.connection.exec_driver_sql
        # Without it SQLite looks for the dropped table in triggers of other tables, and fails.
        execute("PRAGMA legacy_alter_table = ON")
        super().rename_table(old_table_name, new_table_name, schema)
        execute("PRAGMA legacy_alter_table = OFF")
        if lasting.counter is not None:
            execute("DELETE FROM sqlite_sequence WHERE name = ?", (new_table_name,))
            execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (new_table_name, lasting.counter))
        for name, statement in lasting.indexes.items():
            if name not in lasting.reflected:
                execute(statement)
        for statement in lasting.triggers:
            execute(statement)
        self._lasting[new_table_name] = lasting

    def create_index(self, index: sa.Index, **options: Any) -> None:
        """Make an index: one that was there before in its own words."""
        table = index.table.name if index.table is not None else ""
        lasting = self._lasting.get(table)
        statement = lasting.indexes.get(str(index.name)) if lasting else None
        if statement is None or self.connection is None:
            super().create_index(index, **options)
        else:
            self.connection.exec_driver_sql(statement)


def _statement(connection: sa.Connection, kind: str, name: str) -> str:
    found = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = ? AND name = ?", (kind, name)
    ).scalar()
    return str(found or "")


def _objects(connection: sa.Connection, kind: str, table: str) -> list[tuple[str, str]]:
    """Name and statement of what belongs to a table; constraints' own indexes have none."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL "
        "ORDER BY rowid",
        (kind, table),
    )
    return [(str(name), str(sql)) for name, sql in rows]


def _is_plain(connection: sa.Connection, index: str) -> bool:
    """Whether an index is a list of columns, each ascending and compared byte by byte."""
    rows = connection.exec_driver_sql(
        'SELECT cid, "desc", coll FROM pragma_index_xinfo(?) WHERE key', (index,)
    )
    return all(cid >= 0 and not desc and coll == "BINARY" for cid, desc, coll in rows)


def _counter(connection: sa.Connection, table: str) -> int:
    found = connection.exec_driver_sql(
        "SELECT max(seq) FROM sqlite_sequence WHERE name = ?", (table,)
    ).scalar()
    return int(found or 0)
