"""What databases complain of reaches people as one plain sentence, and bugs stay bugs."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import exc

from chat.core.errors import Away, Conflict, Damaged, Full, NotFound, ReadOnly, StorageError
from storage.error_mapping import POSTGRESQL, SQLITE, named, translated


def raised(path: Path, *statements: str) -> sqlite3.Error:
    """The real error that the last of these statements ends in."""
    connection = sqlite3.connect(path)
    try:
        for statement in statements:
            connection.execute(statement)
    except sqlite3.Error as error:
        return error
    finally:
        connection.close()
    pytest.fail("nothing was raised")


FULL = ["PRAGMA max_page_count = 2", "CREATE TABLE a (x)", "INSERT INTO a VALUES (zeroblob(9999))"]
UNIQUE = ["CREATE TABLE a (x UNIQUE)", "INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (1)"]
FOREIGN = [
    "PRAGMA foreign_keys = ON",
    "CREATE TABLE a (x PRIMARY KEY)",
    "CREATE TABLE b (x REFERENCES a (x))",
    "INSERT INTO b VALUES (1)",
]
READING = ["PRAGMA query_only = ON", "CREATE TABLE a (x)"]


@pytest.mark.parametrize(
    ("statements", "kind"),
    [(FULL, Full), (UNIQUE, Conflict), (FOREIGN, NotFound), (READING, ReadOnly)],
)
def test_what_sqlite_says_is_told_by_its_number(
    tmp_path: Path, statements: list[str], kind: type[StorageError]
) -> None:
    error = raised(tmp_path / "a.db", *statements)
    with pytest.raises(kind) as caught, translated():
        raise error
    assert caught.value.__cause__ is error
    assert str(error) not in str(caught.value)


def test_what_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"x" * 9999)
    assert isinstance(named(raised(tmp_path / "a.db", "SELECT * FROM sqlite_master")), Damaged)


@pytest.mark.parametrize("statements", [["SELEKT 1"], ["SELECT * FROM missing"]])
def test_a_bug_in_a_statement_stays_a_bug(tmp_path: Path, statements: list[str]) -> None:
    error = raised(tmp_path / "a.db", *statements)
    with pytest.raises(sqlite3.OperationalError), translated():
        raise error
    wrapped = exc.OperationalError("statement", {}, error)
    with pytest.raises(exc.OperationalError), translated():
        raise wrapped


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.DiskFull(), Full),
        (errors.ReadOnlySqlTransaction(), ReadOnly),
        (errors.UniqueViolation(), Conflict),
        (errors.ForeignKeyViolation(), NotFound),
        (errors.DataCorrupted(), Damaged),
        (errors.QueryCanceled(), StorageError),
        (errors.DeadlockDetected(), StorageError),
        (errors.AdminShutdown(), Away),
        (errors.TooManyConnections(), Away),
        (psycopg.OperationalError("connection refused"), Away),
    ],
)
def test_what_postgresql_says_is_told_by_its_state(
    error: psycopg.Error, kind: type[StorageError]
) -> None:
    with pytest.raises(StorageError) as caught, translated():
        raise exc.DBAPIError("statement", {}, error)
    assert type(caught.value) is kind


@pytest.mark.parametrize("error", [errors.UndefinedTable(), errors.SyntaxError()])
def test_a_bug_in_a_postgresql_statement_stays_a_bug(error: psycopg.Error) -> None:
    with pytest.raises(exc.DBAPIError), translated():
        raise exc.DBAPIError("statement", {}, error)


def test_every_sentence_may_be_shown() -> None:
    for _, sentence in [*SQLITE.values(), *POSTGRESQL.values()]:
        assert sentence.endswith(".")
        assert sentence[0].isupper()
