"""Rows that no Easel of today writes: one of them costs itself at most, never a conversation."""

import sqlite3
from pathlib import Path

import pytest

from storage.open import open_conversations
from tests.contracts.samples import ME, conversation, replied, said


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE message SET status = 'dreaming' WHERE role = 'assistant'", "interrupted"),
        ("UPDATE message SET parts = 'x' WHERE role = 'assistant'", "complete"),
        ("UPDATE message SET parts = '' , finish = '{', usage = '7', origin = 'null'", "complete"),
        ("UPDATE conversation SET settings = 'not JSON'", "complete"),
        ("""UPDATE conversation SET settings = '{"version":9,"value":{"title":7}}'""", "complete"),
    ],
)
def test_a_conversation_with_an_odd_row_opens(
    url: str, path: Path, change: str, expected: str
) -> None:
    store = open_conversations(url)
    created = conversation()
    store.create(created)
    question = said(created)
    reply = replied(created, question, "Here.", "complete")
    store.add([question, reply])
    store.close()
    connection = sqlite3.connect(path)
    assert connection.execute(change).rowcount > 0
    connection.commit()
    connection.close()
    store = open_conversations(url)
    assert store.get(ME, created.id).id == created.id
    branch = store.branch(reply.id)
    assert [message.id for message in branch] == [question.id, reply.id]
    assert branch[1].status == expected
    assert len(store.search(ME)) == 1
    assert len(store.search(ME, "fox")) == 1
    store.close()
