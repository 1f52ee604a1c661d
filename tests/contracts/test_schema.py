"""The revisions, run from the first to the last, make the very tables that the rows describe."""

import re
from collections.abc import Callable, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from chat.core.errors import Damaged, StorageError
from storage import tables
from storage.open import open_conversations, path_of
from storage.postgresql import postgresql_engine
from storage.search_index import INDEX
from storage.sqlite import sqlite_engine
from storage.sqlite_search_index import PREFIX
from tests.contracts.samples import ME, conversation
from tests.unit.storage.programs import end, line_of, start


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, address_of: Callable[[str], str]) -> str:
    """An address of each SQL database, migrated."""
    address = address_of(request.param)
    open_conversations(address).close()
    return address


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The database behind it."""
    made = sqlite_engine(path_of(url)) if url.startswith("sqlite") else postgresql_engine(url)
    yield made
    made.dispose()


def test_revisions_and_rows_agree(engine: Engine) -> None:
    assert tables.MESSAGE.name in tables.METADATA.tables
    with engine.connect() as connection:
        indexes = re.compile(f"{INDEX}|{PREFIX}.*")
        opts = {
            "compare_type": True,
            "include_name": lambda name, *_: not indexes.fullmatch(name or ""),
        }
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, tables.METADATA) == []


def test_a_newer_database_is_refused(url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Damaged, match="newer Easel"):
        open_conversations(url)


def test_a_name_that_cannot_be_stored_is_an_answer_not_a_crash(url: str) -> None:
    store = open_conversations(url)
    with pytest.raises(StorageError, match="characters"):
        store.get(ME, "\ud800")
    store.close()


def test_a_server_that_dropped_its_connections_is_not_noticed(
    address_of: Callable[[str], str],
) -> None:
    """As after a restart of PostgreSQL: the next request must work like any other."""
    url = address_of("postgresql")
    store = open_conversations(url)
    created = conversation()
    store.create(created)
    admin = postgresql_engine(url)
    with admin.connect() as connection:
        ended = connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        ).scalar()
    admin.dispose()
    assert ended
    assert store.get(ME, created.id) == created
    store.close()


def test_a_server_that_is_not_there_is_said_to_be_so() -> None:
    with pytest.raises(StorageError, match="cannot be reached"):
        open_conversations("postgresql://nobody@127.0.0.1:1/easel")


def test_a_missing_driver_is_a_mistake_of_the_setup() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from chat.core.errors import ConfigError\n"
        "from storage.open import open_conversations\n"
        "try: open_conversations('postgresql://host/name')\n"
        "except ConfigError as error: print(error)\n"
    )
    process = start(code)
    assert "psycopg" in line_of(process)
    assert end(process) == 0
