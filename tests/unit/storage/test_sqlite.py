"""SQLite is really set up as the docs promise, and shares its file with another process."""

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from chat.core.errors import Damaged, StorageError
from storage.open import open_conversations
from storage.sql import SqlConversations
from storage.sqlite import WriteQueue, sqlite_engine
from tests.contracts.samples import ME, conversation, said
from tests.patience import PATIENCE_S
from tests.unit.storage.programs import end, line_of, start

LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked")
sys.stdin.readline()
connection.execute("COMMIT")
"""

SHARER = """
import sys
from chat.core.messages import Message, new_id
from chat.core.parts import Text
from storage.open import open_conversations

url, conversation_id, root, count = sys.argv[1:]
store = open_conversations(url)
print("ready")
sys.stdin.readline()
for _ in range(int(count)):
    store.add([Message(new_id(), conversation_id, root, "user", (Text("x" * 2000),))])
store.close()
"""


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_what_protects_the_data_is_in_force(
    store: SqlConversations, path: Path, pragma: str, value: object
) -> None:
    """2 is FULL: an acknowledged message survives a power cut."""
    engine = sqlite_engine(path)
    with engine.connect() as first, engine.connect() as second:
        assert first.execute(text(f"PRAGMA {pragma}")).scalar() == value
        assert second.execute(text(f"PRAGMA {pragma}")).scalar() == value
    engine.dispose()
    assert store.search(ME) == []


def test_only_its_user_may_read_the_database(store: SqlConversations, path: Path) -> None:
    store.create(conversation())
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    files = sorted(path.parent.iterdir())
    assert {file.name for file in files} >= {"easel.db", "easel.db-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_write_waits_for_another_process_and_a_read_does_not(
    store: SqlConversations, path: Path
) -> None:
    created = conversation()
    store.create(created)
    locker = start(LOCKER, str(path))
    assert line_of(locker) == "locked"
    impatient = SqlConversations(sqlite_engine(path), WriteQueue(patience_s=0.1).turn)
    assert impatient.get(ME, created.id) == created
    with pytest.raises(StorageError, match="please try again"):
        impatient.create(conversation())
    impatient.close()
    other = conversation()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.create, other)
        assert locker.stdin is not None
        locker.stdin.write("\n")
        locker.stdin.flush()
        waiting.result(PATIENCE_S)
    assert store.get(ME, other.id) == other
    assert end(locker) == 0


def test_waiting_in_the_queue_and_for_the_lock_share_one_limit() -> None:
    """Of many who wait for a locked database, the last hears of it as soon as the first."""
    queue = WriteQueue(patience_s=60.0)
    waiting = threading.Event()

    def left_s() -> float:
        waiting.set()
        with queue.turn() as patience_s:
            return patience_s

    with ThreadPoolExecutor(1) as pool:
        with queue.turn():
            second = pool.submit(left_s)
            waiting.wait()
        assert 0.0 < second.result() < 60.0


@pytest.mark.deep
def test_two_processes_share_one_file(store: SqlConversations, url: str) -> None:
    """Neither sees "database is locked", and every message of both is there."""
    created = conversation()
    store.create(created)
    root = said(created)
    store.add([root])
    others = [start(SHARER, url, created.id, root.id, "40") for _ in range(2)]
    for other in others:
        assert line_of(other) == "ready"
    for other in others:
        assert other.stdin is not None
        other.stdin.write("\n")
        other.stdin.flush()
    mine = [said(created, root) for _ in range(40)]
    for message in mine:
        store.add([message])
    assert [end(other) for other in others] == [0, 0]
    children = store.siblings([mine[0].id])[mine[0].id]
    assert len(children) == 120
    assert [child for child in children if child in {message.id for message in mine}] == [
        message.id for message in mine
    ]


def test_a_deleted_file_is_noticed_and_not_made_anew(
    store: SqlConversations, url: str, path: Path
) -> None:
    """Going on would acknowledge messages into a file that nobody can open again."""
    created = conversation()
    store.create(created)
    path.rename(path.with_name("moved.db"))
    with pytest.raises(Damaged, match="moved or deleted"):
        store.create(conversation())
    assert not path.exists()
    path.with_name("moved.db").rename(path)
    assert store.get(ME, created.id) == created
    store.close()
    again = open_conversations(url)
    assert again.get(ME, created.id) == created
    again.close()


def test_closing_leaves_one_file(store: SqlConversations, path: Path) -> None:
    """So that a copy made while Easel is stopped is complete."""
    store.create(conversation())
    store.close()
    assert [file.name for file in path.parent.iterdir()] == ["easel.db"]
