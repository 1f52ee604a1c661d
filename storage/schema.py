"""Compares the tables of a database with those that the rows describe."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.migrations.batch import AUTOINCREMENT
from storage.sqlite_search_index import PREFIX
from storage.tables import METADATA, REVISION

VERSION_TABLE = "alembic_version"


def version_trouble(
    name: str,
    versions: Collection[str],
    known: Collection[str],
    found: Iterable[tuple[str, str]],
    advice: str,
) -> str:
    """What keeps a database that has tables from being used, as a sentence; empty: nothing does.

    Args:
        name: what to call the database.
        versions: the revisions that it says it is of.
        known: the revisions of this program.
        found: every column there is, as table and column.
        advice: a sentence on what to do about a damaged database.
    """
    columns = list(found)
    if not versions:
        if {"conversation", "message"} <= {table for table, _ in columns}:
            return f"{name} does not say of which version it is. {advice}"
        return f"{name} is not a database of Easel."
    if len(versions) > 1:
        return f"{name} says that it is of several versions at once. {advice}"
    (version,) = versions
    if version not in known:
        if version.isdecimal() and all(int(version) > int(each) for each in known):
            return f"{name} was written by a newer Easel: start that one, or restore a backup."
        return f"{name} is of the version {version[:20]!r}, which this Easel never had. {advice}"
    ours = [(table.name, c.name) for table in METADATA.tables.values() for c in table.c]
    return lack(name, columns, ours, advice) if version == REVISION else ""


def lack(
    name: str, found: Iterable[tuple[str, str]], due: Iterable[tuple[str, str]], advice: str
) -> str:
    """A sentence on what a database lacks; empty: it lacks nothing.

    Args:
        name: what to call the database.
        found: every column there is, as table and column.
        due: every column that its revision has, in the same form.
        advice: a sentence on what to do about a damaged database.
    """
    columns = set(found)
    tables = {table for table, _ in columns}
    # A table that is missing is named once, and not with each of its columns.
    lacking = dict.fromkeys(
        f"{table}.{column}" if table in tables else table
        for table, column in due
        if (table, column) not in columns
    )
    if not lacking:
        return ""
    return f"{name} lacks {', '.join(list(lacking)[:3])}, so it is damaged. {advice}"


def columns_of(connection: Connection) -> list[tuple[str, str]]:
    """Every column of the database, as table and column."""
    statement = (
        SQLITE_COLUMNS
        if connection.dialect.name == "sqlite"
        else "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema()"
    )
    return [(str(table), str(column)) for table, column in connection.exec_driver_sql(statement)]


SQLITE_COLUMNS = (
    "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c "
    # What a module of SQLite keeps can be read by that module alone.
    "WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL TABLE%'"
)


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds, without the table of the version and indexes for searches."""
    names = set(sa.inspect(connection).get_table_names()) - {VERSION_TABLE}
    if connection.dialect.name == "sqlite":
        names = {name for name in names if not name.startswith(PREFIX)}
    quote = connection.dialect.identifier_preparer.quote
    return {
        # The names are the database's own, and quoted.
        name: connection.exec_driver_sql(f"SELECT count(*) FROM {quote(name)}").scalar_one()
        for name in sorted(names)
    }


def lost_rows(
    before: dict[str, int], after: dict[str, int], declared: Collection[str]
) -> list[str]:
    """The tables whose number of rows an upgrade changed without saying so, with both numbers."""
    return [
        f"{name}: {rows} rows before, {after.get(name, 'no table')} after"
        for name, rows in before.items()
        if name not in declared and after.get(name) != rows
    ]


def broken_links(connection: Connection) -> Counter[tuple[str, str, int]]:
    """How many rows of a SQLite database lead nowhere, by table, table led to and key."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return Counter((str(table), str(parent), int(key)) for table, _, parent, key in rows)


def differences(connection: Connection) -> list[str]:
    """How the tables differ from those that the rows describe, in words for the log.

    What somebody added of their own, a table, an index, a trigger or a column that may be
    empty, is no difference.
    """
    if connection.dialect.name == "sqlite":
        return _sqlite_differences(connection)
    return _other_differences(connection)


def _sqlite_differences(connection: Connection) -> list[str]:
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    try:
        with engine.connect() as pattern:
            METADATA.create_all(pattern)
            wanted = {name: _description(pattern, name) for name in METADATA.tables}
    finally:
        engine.dispose()
    told: list[str] = []
    for name, aspects in wanted.items():
        found = _description(connection, name)
        for aspect, facts in aspects.items():
            told += [f"{name}: no {aspect} {fact}" for fact in sorted(facts - found[aspect])]
        for column in sorted(found["column"] - aspects["column"]):
            # One that somebody added may be left empty; of ours, its other form is told above.
            if " NOT NULL" in column and " DEFAULT" not in column:
                told.append(f"{name}: an unknown column {column}")
    return told


def _description(connection: Connection, table: str) -> dict[str, set[str]]:
    """What a SQLite table is made of, in a form that can be compared."""
    execute = connection.exec_driver_sql
    statement = execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).scalar()
    columns = execute(
        'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)', (table,)
    )
    links = execute(
        'SELECT "from", "table", "to", on_update, on_delete FROM pragma_foreign_key_list(?)',
        (table,),
    )
    indexes = execute(
        "SELECT l.name, l.origin, m.sql FROM pragma_index_list(?) AS l "
        "LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = l.name",
        (table,),
    ).all()
    checks = sa.inspect(connection).get_check_constraints(table) if statement else []
    return {
        "column": {_column(*row) for row in columns},
        "foreign key": {f"{a} -> {b}.{c} {d} {e}" for a, b, c, d, e in links},
        "index": {
            _plain(sql) if sql else f"{origin} {_index_columns(connection, name)}"
            for name, origin, sql in indexes
        },
        "check": {_plain(str(check["sqltext"])) for check in checks},
        "counter": {"AUTOINCREMENT"} if AUTOINCREMENT.search(statement or "") else set(),
    }


def _column(name: str, kind: str, notnull: int, default: object, pk: int) -> str:
    told = f"{name} {kind.upper()}"
    told += " NOT NULL" if notnull else ""
    told += f" DEFAULT {default}" if default is not None else ""
    return told + (f" PRIMARY KEY {pk}" if pk else "")


def _index_columns(connection: Connection, index: str) -> str:
    rows = connection.exec_driver_sql("SELECT name FROM pragma_index_info(?)", (index,))
    return ", ".join(str(row[0]) for row in rows)


def _plain(sql: str) -> str:
    """A statement without what makes no difference."""
    return re.sub(r" ?([(),=<>]) ?", r"\1", re.sub(r'["\s]+', " ", sql)).strip().casefold()


def _other_differences(connection: Connection) -> list[str]:
    from alembic.autogenerate import compare_metadata  # for an upgrade only
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    told: list[str] = []
    for change in compare_metadata(context, METADATA):
        # Several changes of one column come as a list; what is to be removed is somebody's own.
        told += [
            " ".join(str(item) for item in each if item is not None)
            for each in (change if isinstance(change, list) else [change])
            if not str(each[0]).startswith("remove_")
        ]
    inspector = sa.inspect(connection)
    for name, table in METADATA.tables.items():
        found = {check["name"] for check in inspector.get_check_constraints(name)}
        wanted = {c.name for c in table.constraints if isinstance(c, sa.CheckConstraint)}
        told += [f"{name}: no check {check}" for check in wanted - found]
    return told
