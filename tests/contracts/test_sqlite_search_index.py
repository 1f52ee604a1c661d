"""The index of SQLite changes how long a search takes, and never what it finds."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, String

from chat.core.messages import Status, now
from chat.core.parts import Text
from storage import sqlite_search_index
from storage.backup import back_up
from storage.open import open_conversations, path_of
from storage.sql import SqlConversations
from storage.sqlite import UNLINKED, sqlite_engine
from tests.contracts.samples import ME, conversation, said
from tests.contracts.test_search_index import QUERIES, SAID, answer, found


@pytest.fixture
def address(address_of: Callable[[str], str]) -> str:
    return address_of("sqlite")


@pytest.fixture
def store(address: str) -> Iterator[SqlConversations]:
    opened = open_conversations(address)
    assert isinstance(opened, SqlConversations)
    yield opened
    opened.close()


def run(address: str, *statements: str) -> None:
    connection = sqlite3.connect(path_of(address))
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def fill(store: SqlConversations) -> None:
    """Conversations as those of the other index, with their words in titles as well."""
    for number, words in enumerate(SAID):
        made = conversation(title=f"title {number} {words if number % 3 == 0 else ''}")
        store.create(made)
        question = replace(said(made), parts=(Text(words),))
        status: Status = "streaming" if number % 2 else "complete"
        store.add([question, answer(question, f"{words} again {number}", status)])


def read_through(store: SqlConversations, address: str) -> dict[str, list[tuple[str, str]]]:
    """What is found without the index, which is made anew afterwards."""
    run(address, "DROP TRIGGER search_message_added")
    read = found(store)
    sqlite_search_index.make(store._engine)
    return read


def test_with_and_without_it_the_same_is_found(store: SqlConversations, address: str) -> None:
    fill(store)
    by_index = found(store)
    assert read_through(store, address) == by_index
    assert found(store) == by_index, "and with one that was made when they were there"
    assert len(by_index["東京"]) == len(by_index["猫"]) == len(by_index["ab"]) == 1
    assert by_index["no-such-word"] == []


def test_it_follows_whatever_happens_to_titles_and_messages(
    store: SqlConversations, address: str
) -> None:
    fill(store)
    first, second, *_ = (hit.conversation for hit in store.search(ME))
    store.change(ME, first.id, lambda held: replace(held, title="a yellow submarine 潜水艦"))
    question = said(second)
    reply = answer(question, "a", "streaming")
    store.add([question, reply])
    steps: list[tuple[str, Status]] = [("a walrus", "streaming"), ("a walrus 海象", "complete")]
    for words, status in steps:
        store.update(replace(reply, status=status, parts=(Text(words),)))
        assert len(store.search(ME, words)) == 1
    for words, hits in (("submarine", 1), ("潜水", 1), ("艦", 1), ("象", 1), ("walrus", 1)):
        assert len(store.search(ME, words)) == hits
    assert read_through(store, address) == found(store)
    for gone in (first, second):
        store.delete(ME, gone.id)
    store.erase(ME)
    assert store.search(ME, "submarine") == store.search(ME, "海象") == []
    run(address, "INSERT INTO search_message (search_message) VALUES ('integrity-check')")
    assert read_through(store, address) == found(store)


def test_no_list_is_read_for_a_word_that_is_nowhere(store: SqlConversations) -> None:
    fill(store)
    for query in ("zzyzx", "犬", "qq", "light zzyzx"):
        read: list[str] = []
        connection = store._engine.raw_connection()
        connection.dbapi_connection.set_trace_callback(read.append)  # type: ignore[union-attr]
        connection.close()
        assert store.search(ME, query) == []
        assert not any("EXISTS (SELECT 1 FROM message" in each for each in read)
        assert any("json_each" in each and "CROSS JOIN conversation" in each for each in read)


def test_a_table_that_is_made_anew_keeps_it(store: SqlConversations, address: str) -> None:
    fill(store)
    by_index = found(store)
    engine = sqlite_engine(path_of(address))
    with engine.execution_options(**{UNLINKED: True}).connect() as connection:
        connection.detach()
        with connection.begin():
            operations = Operations(MigrationContext.configure(connection))
            for table in ("message", "conversation"):
                with operations.batch_alter_table(table, recreate="always") as batch:
                    batch.add_column(Column("note", String()))
    engine.dispose()
    fill(store)
    assert {query: len(hits) for query, hits in found(store).items()} == {
        query: 2 * len(hits) for query, hits in by_index.items()
    }
    assert read_through(store, address) == found(store)


def test_a_database_of_before_gets_it_and_a_copy_has_it(
    store: SqlConversations, address: str, tmp_path: Path
) -> None:
    fill(store)
    by_index = found(store)
    triggers = [f"DROP TRIGGER {name}" for name in sqlite_search_index._TRIGGERS]
    tables = [f"DROP TABLE {name}" for name in reversed(list(sqlite_search_index._PARTS))]
    run(address, *triggers, *tables)
    assert found(store) == by_index
    open_conversations(address).close()
    back_up(address, (tmp_path / "media").as_uri(), tmp_path / "copy")
    copy = open_conversations(f"sqlite:///{tmp_path / 'copy' / 'easel.db'}")
    assert isinstance(copy, SqlConversations)
    with copy._engine.connect() as connection:
        count = connection.exec_driver_sql(sqlite_search_index._WHOLE).scalar()
    assert count == len(sqlite_search_index._PARTS) + len(triggers)
    assert found(copy) == by_index
    copy.close()


def test_where_this_sqlite_has_none_all_is_written_and_found_and_it_is_made_anew_later(
    store: SqlConversations, address: str
) -> None:
    fill(store)
    sqlite_search_index.make(store._engine, possible=False)
    made = conversation()
    store.create(made)
    store.add([replace(said(made), parts=(Text("an albatross"),))])
    assert len(store.search(ME, "albatross")) == 1
    assert {query: len(hits) for query, hits in found(store).items()}.keys() == set(QUERIES)
    sqlite_search_index.make(store._engine)
    assert len(store.search(ME, "albatross")) == 1
    assert read_through(store, address) == found(store)


GONE: dict[str, Callable[[SqlConversations], object]] = {
    "somebody is removed": lambda store: store.remove_owner(ME, "somebody"),
    "it is deleted for good": lambda store: store.erase(ME),
    "its time in the bin is over": lambda store: store.purge(now() + timedelta(days=1)),
}


@pytest.mark.parametrize("how", GONE)
def test_nothing_of_what_is_gone_for_good_stays_in_it(
    store: SqlConversations, address: str, how: str
) -> None:
    fill(store)
    made = conversation(title="Quetzalcoatlus")
    store.create(made)
    store.add([replace(said(made), parts=(Text("pterodactyl"),))])
    for kept in store.search(ME):
        store.delete(ME, kept.conversation.id)
    GONE[how](store)
    connection = sqlite3.connect(path_of(address))
    for name in ("search_message_runs", "search_title_runs"):
        assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)
    blocks = connection.execute(
        "SELECT count(*) FROM search_message_data WHERE instr(block, CAST('dac' AS BLOB))"
    ).fetchone()
    connection.close()
    assert blocks == (0,)
