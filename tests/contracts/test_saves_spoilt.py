"""A reply that no database can write costs none of those that are saved with it."""

import asyncio
from dataclasses import replace

import pytest

from chat.core.messages import Conversation, Message
from chat.core.parts import Echo, Text
from chat.core.ports import Conversations
from chat.turns.saves_together import SavesTogether

C = Conversation("c" * 32, "me", "")


def deep(levels: int) -> list[object]:
    """Lists in lists."""
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


ODD = {
    "deep": Text("odd", Echo("scripted", {"signature": deep(100_000)})),
    "of no type": Text("odd", Echo("scripted", {"signature": object()})),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=list(ODD))
async def test_one_that_cannot_be_written_spoils_no_other(store: Conversations, odd: Text) -> None:
    store.create(C)
    question = Message("q" * 32, C.id, None, "user", ())
    made = [
        Message(f"{number:032x}", C.id, question.id, "assistant", (), "streaming")
        for number in range(3)
    ]
    store.add([question, *made])
    said = [replace(each, parts=(Text("said"),)) for each in made]
    said[1] = replace(said[1], parts=(odd,))
    saves = SavesTogether(store)
    ended = await asyncio.gather(*map(saves.update, said), return_exceptions=True)
    assert (ended[0], ended[2]) == (None, None)
    kept = [store.message("me", said[at].id).parts for at in (0, 2)]
    assert kept == [(Text("said"),)] * 2
