"""Replies that are saved at once are one transaction, and none of them spoils another's save."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from chat.core.errors import Full, StorageError
from chat.core.messages import Conversation, Message
from chat.turns.saves_together import SavesTogether
from storage.memory import MemoryConversations

C = Conversation("c" * 32, "me", "")


class Held(MemoryConversations):
    """Keeps the first transaction open until it may end; notes how many replies each saves."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.transactions: list[int] = []
        self.full = False

    def update(self, message: Message) -> None:
        self._took(1)
        super().update(message)

    def update_together(self, messages: Sequence[Message]) -> None:
        self._took(len(messages))
        super().update_together(messages)

    def _took(self, count: int) -> None:
        self.transactions.append(count)
        self.begun.set()
        self.go_on.wait()
        if self.full:
            raise Full("The disk is full.")


def replies(store: Held, count: int) -> list[Message]:
    """So many replies that grow, in the store."""
    store.create(C)
    question = Message("q" * 32, C.id, None, "user", ())
    made = [
        Message(f"{number:032x}", C.id, question.id, "assistant", (), "streaming")
        for number in range(count)
    ]
    store.add([question, *made])
    return made


async def test_what_comes_during_one_save_is_saved_with_the_next() -> None:
    store = Held()
    saves, saved = SavesTogether(store), replies(store, 5)
    first = asyncio.create_task(saves.update(saved[0]))
    await asyncio.to_thread(store.begun.wait)
    others = [asyncio.create_task(saves.update(each)) for each in saved[1:]]
    await asyncio.sleep(0)
    store.go_on.set()
    await asyncio.gather(first, *others)
    assert store.transactions == [1, 4]


async def test_one_that_is_anothers_by_now_spoils_no_other() -> None:
    store = Held()
    store.go_on.set()
    saves, saved = SavesTogether(store), replies(store, 3)
    gone = Message("f" * 32, C.id, None, "assistant", (), "streaming")
    ended = await asyncio.gather(
        *(saves.update(each) for each in (saved[0], gone, saved[1])), return_exceptions=True
    )
    assert [type(each).__name__ for each in ended] == ["NoneType", "NotFound", "NoneType"]
    assert store.transactions == [3, 1, 1, 1]


async def test_a_store_that_refuses_refuses_all_and_takes_the_next() -> None:
    store = Held()
    store.go_on.set()
    store.full = True
    saves, saved = SavesTogether(store), replies(store, 3)
    ended = await asyncio.gather(*map(saves.update, saved), return_exceptions=True)
    assert [type(each) for each in ended] == [Full, Full, Full]
    assert store.transactions == [3], "a store that makes one wait is asked once"
    store.full = False
    await saves.update(saved[0])


async def test_who_is_stopped_takes_its_save_from_nobody() -> None:
    store = Held()
    saves, saved = SavesTogether(store), replies(store, 3)
    stopped, *others = [asyncio.create_task(saves.update(each)) for each in saved]
    await asyncio.to_thread(store.begun.wait)
    stopped.cancel()
    store.go_on.set()
    await asyncio.gather(*others)
    with pytest.raises(asyncio.CancelledError):
        await stopped


@pytest.mark.parametrize("begun", [True, False])
async def test_a_task_that_is_cancelled_leaves_nobody_waiting_and_the_next_is_saved(
    begun: bool,
) -> None:
    store = Held()
    saves, saved = SavesTogether(store), replies(store, 3)
    first = asyncio.create_task(saves.update(saved[0]))
    await asyncio.sleep(0)
    (writing,) = (task for task in asyncio.all_tasks() if task.get_name() == "saves")
    if begun:
        await asyncio.to_thread(store.begun.wait)
    second = asyncio.create_task(saves.update(saved[1]))
    await asyncio.sleep(0)
    writing.cancel()
    store.go_on.set()
    left = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(each) for each in left] == [StorageError, StorageError]
    await saves.update(saved[2])
