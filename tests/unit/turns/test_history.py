"""What stands above a question: the whole of it, as the store has it, however much is known."""

import pytest

from chat.core.errors import NotFound
from chat.core.messages import Conversation, Message, new_id
from chat.core.parts import Echo, Text
from chat.turns.history import (
    END_MESSAGES,
    HISTORY_MESSAGES,
    KEPT_BRANCHES,
    KEPT_CHARACTERS,
    History,
)
from storage.memory import MemoryConversations


class Counted(MemoryConversations):
    """A store that counts the messages it is asked for."""

    read = 0

    def branch(self, leaf_id: str, limit: int | None = None) -> list[Message]:
        found = super().branch(leaf_id, limit)
        self.read += len(found)
        return found


@pytest.fixture
def store() -> Counted:
    made = Counted()
    made.create(Conversation("c", "me", "", model="model"))
    return made


def grown(store: Counted, above: str | None, messages: int, status: str = "complete") -> str:
    """Add so many under a message; the id of the last."""
    added = []
    for _ in range(messages):
        told: dict[str, object] = {"status": status}
        added.append(Message(new_id(), "c", above, "user", (Text("word"),), **told))  # type: ignore[arg-type]
        above = added[-1].id
    store.add(added)
    return added[-1].id


async def test_the_first_question_has_nothing_above_it(store: Counted) -> None:
    assert not await History(store).above(None)


async def test_a_message_that_is_not_there_is_said_to_be_missing(store: Counted) -> None:
    with pytest.raises(NotFound):
        await History(store).above("unknown")


async def test_what_was_read_once_is_not_read_again(store: Counted) -> None:
    leaf, history = grown(store, None, 40), History(store)
    first = await history.above(leaf)
    read = store.read
    assert await history.above(leaf) == first == tuple(store.branch(leaf))
    assert store.read == read + 40, "only this test has asked the store again"


@pytest.mark.parametrize("more", [1, 2, END_MESSAGES, END_MESSAGES + 1, 3 * END_MESSAGES])
async def test_a_conversation_that_went_on_is_whole(store: Counted, more: int) -> None:
    history = History(store)
    before = grown(store, None, 30)
    await history.above(before)
    leaf = grown(store, before, more)
    assert await history.above(leaf) == tuple(store.branch(leaf))


async def test_of_a_long_conversation_only_the_end_is_read(store: Counted) -> None:
    history = History(store)
    before = grown(store, None, 200)
    await history.above(before)
    leaf = grown(store, before, 2)
    read = store.read
    await history.above(leaf)
    assert store.read - read == END_MESSAGES


async def test_another_version_of_a_reply_has_the_same_above_and_its_own_end(
    store: Counted,
) -> None:
    history = History(store)
    question = grown(store, None, 21)
    first, second = grown(store, question, 1), grown(store, question, 1)
    assert (await history.above(first))[-1].id == first
    told = await history.above(second)
    assert told == tuple(store.branch(second))
    assert first not in {message.id for message in told}


async def test_a_reply_that_still_grows_is_read_anew(store: Counted) -> None:
    history = History(store)
    growing = grown(store, grown(store, None, 3), 1, "streaming")
    assert (await history.above(growing))[-1].status == "streaming"
    ended = store.branch(growing)[-1]
    store.update(Message(ended.id, "c", ended.parent_id, "user", (Text("all of it"),)))
    assert (await history.above(growing))[-1].parts == (Text("all of it"),)


async def test_a_model_is_told_no_more_than_the_end_of_a_huge_conversation(store: Counted) -> None:
    history = History(store)
    before = grown(store, None, HISTORY_MESSAGES)
    await history.above(before)
    leaf = grown(store, before, 2)
    assert await history.above(leaf) == tuple(store.branch(leaf, HISTORY_MESSAGES))


async def test_no_more_than_a_few_branches_are_kept(store: Counted) -> None:
    history = History(store)
    leaves = [grown(store, None, END_MESSAGES + 1) for _ in range(KEPT_BRANCHES + 1)]
    for leaf in leaves:
        await history.above(leaf)
    read = store.read
    await history.above(leaves[-1])
    assert store.read == read
    await history.above(leaves[0])
    assert store.read > read


@pytest.mark.parametrize("echoed", [True, False])
async def test_long_replies_do_not_stay_in_memory_for_their_number(
    store: Counted, echoed: bool
) -> None:
    """Eight replies may weigh as much as all else that the server holds."""
    history = History(store)
    much = "a" * (KEPT_CHARACTERS // 2 + 1)
    words = Text("word", Echo("wire", {"sealed": [much]})) if echoed else Text(much)
    for name in ("first", "second"):
        store.add([Message(name, "c", None, "assistant", (words,))])
        await history.above(name)
    read = store.read
    await history.above("second")
    assert store.read == read, "the newest is kept"
    await history.above("first")
    assert store.read > read, "the other has made room"


async def test_a_reply_that_ended_here_is_known_with_all_above_it(store: Counted) -> None:
    history = History(store)
    above = grown(store, None, 40)
    await history.above(above)
    *_, question, reply = store.branch(grown(store, above, 2))
    history.ended(question, reply)
    read = store.read
    known = await history.above(reply.id)
    assert store.read == read, "nothing was asked of the store again"
    assert known == tuple(store.branch(reply.id))


async def test_a_reply_under_what_is_not_known_is_read_with_all_above_it(store: Counted) -> None:
    history = History(store)
    *_, question, reply = store.branch(grown(store, None, 40))
    history.ended(question, reply)
    assert await history.above(reply.id) == tuple(store.branch(reply.id))
