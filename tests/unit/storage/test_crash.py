"""What was acknowledged survives a process that is killed, at whatever point."""

import sqlite3
from pathlib import Path

import pytest

from chat.core.parts import plain_text
from storage.open import open_conversations
from tests.contracts.samples import ME, conversation, said
from tests.unit.storage.programs import end, kill, line_of, start

WRITER = """
import sys
from dataclasses import replace
from chat.core.messages import Message, new_id
from chat.core.parts import Text
from storage.open import open_conversations

url, conversation_id, parent = sys.argv[1:]
store = open_conversations(url)
while True:
    message = Message(new_id(), conversation_id, parent, "assistant", (), status="streaming")
    store.add([message])
    print(message.id, 0)
    for size in (2_000, 30_000):
        store.update(replace(message, parts=(Text("x" * size),)))
        print(message.id, size)
    parent = message.id
"""

DYING = """
import os, signal, sys
from sqlalchemy import event
from chat.core.messages import Message, new_id
from chat.core.parts import Image, MediaRef
from storage.open import open_conversations

url, conversation_id, parent, point = sys.argv[1:]
store = open_conversations(url)
left = int(point)

def die_in_time(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

# Every statement is told before it begins, the commit too.
event.listen(store._engine, "connect", lambda raw, _: raw.set_trace_callback(die_in_time))
store._engine.dispose()
ids = [parent + "-1", parent + "-2"]
picture = Image(MediaRef("a" * 64, "image/png", 1, 1, 1), "upload")
store.add([
    Message(ids[0], conversation_id, parent, "user", (picture,)),
    Message(ids[1], conversation_id, ids[0], "assistant", (), status="queued"),
])
print("done")
"""


def begun(url: str) -> tuple[str, str]:
    """A store with one message in it, closed; the ids of conversation and message."""
    store = open_conversations(url)
    created = conversation()
    store.create(created)
    root = said(created)
    store.add([root])
    store.close()
    return created.id, root.id


def sound(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        verdict = connection.execute("PRAGMA integrity_check").fetchall()
        strangers = connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()
    return verdict == [("ok",)] and strangers == []


@pytest.mark.deep
@pytest.mark.parametrize("acknowledged", [1, 2, 7, 40])
def test_nothing_acknowledged_is_lost(url: str, path: Path, acknowledged: int) -> None:
    conversation_id, root = begun(url)
    writer = start(WRITER, url, conversation_id, root)
    said_so = [line_of(writer) for _ in range(acknowledged)]
    said_so += kill(writer)
    sizes: dict[str, int] = {}
    for line in said_so:
        told_id, told_size = line.split()
        sizes[told_id] = int(told_size)
    assert sizes
    store = open_conversations(url)
    for message_id, size in sizes.items():
        assert len(plain_text(store.message(ME, message_id).parts)) >= size
    assert {found.id for found in store.unfinished()} >= sizes.keys()
    head = store.get(ME, conversation_id).head_id
    assert store.branch(str(head))[0].id == root
    store.close()
    assert sound(path)


@pytest.mark.deep
def test_a_turn_is_there_whole_or_not_at_all(url: str, path: Path) -> None:
    """A process that dies at each statement of a transaction in turn, up to the commit."""
    conversation_id, root = begun(url)
    deaths = 0
    while True:
        dying = start(DYING, url, conversation_id, root, str(deaths + 1))
        if line_of(dying) == "done":
            assert end(dying) == 0
            break
        assert end(dying) < 0
        deaths += 1
        store = open_conversations(url)
        assert store.get(ME, conversation_id).head_id == root
        assert store.reply_to(root) is None
        assert store.unfinished() == []
        assert store.media_in_use() == set()
        store.close()
    assert deaths >= 6
    store = open_conversations(url)
    assert [found.id for found in store.branch(f"{root}-2")] == [root, f"{root}-1", f"{root}-2"]
    assert store.media_in_use() == {"a" * 64}
    store.close()
    assert sound(path)
