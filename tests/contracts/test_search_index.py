"""The index of PostgreSQL changes how long a search takes, and never what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest

from chat.core.messages import Message, Status, new_id
from chat.core.parts import Text
from storage import search_index
from storage.open import open_conversations
from storage.postgresql import postgresql_engine
from storage.sql import SqlConversations
from tests.contracts.samples import ME, conversation, said

SAID = (
    "A lighthouse on a rock, 100% done_now",
    "東京の夜景を描いて",
    "猫",
    "ab",
    "Straße und STRASSE, ﬁnd ﬂowers",
    "एक लाल घर बनाओ",
    "a\\b /c 'd' \"e\" :f %g",
    "café cafe\u0301 👩‍🎨 palette",
    "서울 야경, 한옥",
    "hidden\x00inside",
)
QUERIES = (
    "light", "LIGHTHOUSE rock", "100%", "e_n", "done now", "東京", "京", "夜景を", "猫", "犬", "ab",
    "b", "strasse", "flow", "लाल", "घर", "a\\b", "/c", "'d'", "%g", "fé", "👩‍🎨", "🎨", "서울",
    "옥", "한옥 야경", "no-such-word", "lighthouse 猫", "n i", "den ins",
)  # fmt: skip


@pytest.fixture
def address(address_of: Callable[[str], str]) -> str:
    return address_of("postgresql")


@pytest.fixture
def store(address: str) -> Iterator[SqlConversations]:
    opened = open_conversations(address)
    assert isinstance(opened, SqlConversations)
    yield opened
    opened.close()


def answer(question: Message, words: str, status: Status) -> Message:
    reply = replace(question, id=new_id(), parent_id=question.id, client_id=None)
    return replace(reply, role="assistant", status=status, parts=(Text(words),))


def state(address: str) -> bool | None:
    with psycopg.connect(address) as connection:
        row = connection.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_message_grams')"
        ).fetchone()
    return None if row is None else bool(row[0])


def run(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def found(store: SqlConversations) -> dict[str, list[tuple[str, str]]]:
    return {
        query: [(hit.conversation.title, hit.excerpt) for hit in store.search(ME, query)]
        for query in QUERIES
    }


def test_with_and_without_it_the_same_is_found(store: SqlConversations, address: str) -> None:
    for number, words in enumerate(SAID):
        made = conversation(title=f"title {number}")
        store.create(made)
        question = replace(said(made), parts=(Text(words),))
        # One that is being written is found as well.
        status: Status = "streaming" if number % 2 else "complete"
        store.add([question, answer(question, f"{words} again {number}", status)])
    assert state(address) is True, "in an empty database it is made at once"
    by_index = found(store)
    run(address, "DROP INDEX ix_message_grams")
    assert found(store) == by_index
    assert len(by_index["東京"]) == len(by_index["猫"]) == len(by_index["ab"]) == 1
    assert by_index["no-such-word"] == []


def test_a_reply_that_has_ended_is_found_by_its_last_words(store: SqlConversations) -> None:
    made = conversation()
    store.create(made)
    question = said(made)
    reply = answer(question, "a", "streaming")
    store.add([question, reply])
    steps: list[tuple[str, Status]] = [
        ("a yellow", "streaming"),
        ("a yellow submarine", "complete"),
    ]
    for words, status in steps:
        store.update(replace(reply, status=status, parts=(Text(words),)))
        assert len(store.search(ME, words)) == 1
    assert store.search(ME, "walrus") == []


def test_a_rare_word_is_looked_for_in_the_index(store: SqlConversations, address: str) -> None:
    created = conversation()
    store.create(created)
    store.add([said(created)])
    run(
        address,
        "INSERT INTO message (id, conversation_id, role, status, parts, words, created_at) "
        f"SELECT 'x' || n, '{created.id}', 'user', 'complete', '[]', 'word number ' || n || "
        "' ' || md5(CAST(n AS text)), now() FROM generate_series(1, 3000) AS n",
    )
    run(address, "VACUUM ANALYZE message")
    with psycopg.connect(address) as connection:
        statement = search_index._HOLDING.replace(":word", "%s", 1).replace(":plain", "%s", 1)
        statement = statement.replace(":most", "2001").replace(":word", "%s")
        values = ["%zebra%", "zebra", "%zebra%"]
        plan = connection.execute(f"EXPLAIN {statement}", values).fetchall()
    assert "ix_message_grams" in str(plan)
    assert len(store.search(ME, "word")) == 1, "too many hold it: they are read in order"


def test_in_a_large_database_it_is_made_when_the_host_says_so(
    store: SqlConversations, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    created = conversation()
    store.create(created)
    run(address, "DROP INDEX ix_message_grams")
    run(
        address,
        "INSERT INTO message (id, conversation_id, role, status, parts, words, created_at) "
        f"SELECT 'x' || n, '{created.id}', 'user', 'complete', '[]', 'word', now() "
        f"FROM generate_series(0, {search_index.FEW_MESSAGES}) AS n",
    )
    open_conversations(address).close()
    assert state(address) is None
    assert search_index.main([], {"EASEL_DATABASE_URL": address}) == 0
    assert state(address) is True
    assert search_index.main([], {"EASEL_DATABASE_URL": address}) == 0
    assert capsys.readouterr().out.splitlines() == [
        "The index is made.",
        "The index was there already.",
    ]


def test_one_that_was_broken_off_is_not_believed_and_made_anew(
    store: SqlConversations, address: str
) -> None:
    created = conversation()
    store.create(created)
    store.add([replace(said(created), parts=(Text("an albatross"),))])
    run(
        address,
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass('ix_message_grams')",
    )
    assert len(store.search(ME, "albatross")) == 1
    open_conversations(address).close()
    assert state(address) is False, "what somebody else may be making is left alone"
    engine = postgresql_engine(address)
    assert search_index.make_beside(engine)
    engine.dispose()
    assert state(address) is True
    assert len(store.search(ME, "albatross")) == 1


@pytest.mark.parametrize("url", ["", "sqlite:///x", "postgresql://nobody@127.0.0.1:1/easel"])
def test_where_there_is_no_such_database_the_program_says_so(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search_index.main([], {"EASEL_DATABASE_URL": url}) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "PostgreSQL" in told or "reached" in told
