"""Replies that are odd, and what must not follow from that."""

import asyncio
from pathlib import Path

import pytest

from chat.core.errors import CapabilityError, StorageError
from chat.core.events import ImageBytes, TextDelta
from chat.core.messages import Message
from chat.core.parts import Echo, ToolCall, plain_text
from chat.turns.reply import Reply, cleaned
from chat.turns.save import ReplySaver
from chat.turns.saves_together import SavesTogether
from storage.open import open_conversations
from tests.scripted import Wait
from tests.unit.turns.workshop import DONE, ME, Workshop


async def test_a_lone_surrogate_does_not_make_a_conversation_unusable() -> None:
    shop = Workshop([[TextDelta("half \ud83d a smile\x00"), DONE], [TextDelta("fine"), DONE]])
    conversation = await shop.begin()
    first = await shop.ask(conversation, "smile")
    assert plain_text((await shop.answer(first)).parts) == "half � a smile"
    second = await shop.ask(conversation, "again", client_id="client-2")
    assert plain_text((await shop.answer(second)).parts) == "fine"


def test_tool_arguments_are_cleaned_all_the_way_down() -> None:
    call = ToolCall(
        "c", "n", {"a\ud800": ["\ud83d\ude00", {"b": "\udfff"}], "n": 1, "x": float("nan")}
    )
    told = cleaned(call)
    assert isinstance(told, ToolCall)
    assert told.arguments == {"a�": ["😀", {"b": "�"}], "n": 1, "x": None}


async def test_a_picture_that_cannot_be_kept_costs_only_itself() -> None:
    shop = Workshop([[TextDelta("Look: "), ImageBytes(b"no picture"), TextDelta("there."), DONE]])
    reply = await shop.answer(await shop.ask(await shop.begin(), "draw"))
    assert reply.status == "complete"
    assert "could not be kept" in plain_text(reply.parts)
    assert plain_text(reply.parts).endswith("there.")


async def test_a_message_that_names_no_parent_goes_on_where_the_conversation_stands() -> None:
    shop = Workshop([[TextDelta("one"), DONE], [TextDelta("two"), DONE]])
    conversation = await shop.begin()
    first = await shop.ask(conversation, "a")
    await shop.answer(first)
    second = await shop.ask(conversation, "b", client_id="client-2")
    await shop.answer(second)
    assert shop.store.message(ME, second.question_id).parent_id == first.reply_id


async def test_the_limit_of_running_replies_holds_for_thirty_at_once() -> None:
    never = asyncio.Event()
    shop = Workshop([[Wait(never)]] * 30, most_queued=5)
    conversations = [await shop.begin() for _ in range(30)]
    asked = await asyncio.gather(
        *(shop.ask(conversation, "go") for conversation in conversations), return_exceptions=True
    )
    refused = [answer for answer in asked if isinstance(answer, CapabilityError)]
    assert len(refused) == 13
    await shop.engine.close()


async def test_a_save_that_was_asked_for_by_somebody_stopped_is_still_waited_for() -> None:
    """An old state must never land on top of the final one."""
    begun, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    written: list[str] = []

    class Slow:
        def update(self, message: Message) -> None:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
            written.append(message.status)

    reply = Reply(Message("r" * 32, "c" * 32, None, "assistant", (), "streaming"))
    saver = ReplySaver(SavesTogether(Slow()), reply)  # type: ignore[arg-type]

    async def turn() -> None:
        async with saver:
            reply.add(TextDelta("x"))
            await saver.save()

    task = asyncio.create_task(turn())
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done(), "it may not leave before its save has"
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert written == ["streaming"]


async def test_a_store_that_refuses_tells_at_once_and_is_tried_again() -> None:
    shop = Workshop([[TextDelta("words"), DONE]])
    update, refused = shop.store.update, asyncio.Event()

    def refusing(message: Message) -> None:
        if message.status == "complete" and not refused.is_set():
            refused.set()
            raise StorageError("The database is busy. Try again.")
        update(message)

    shop.store.update = refusing  # type: ignore[method-assign]
    started = await shop.ask(await shop.begin(), "go")
    job = shop.jobs.get(started.reply_id)
    assert job is not None
    await job.over_within(10)
    assert job.message.finish is not None
    assert "busy" in job.message.finish.message
    assert shop.jobs.of_owner(ME) == [], "nothing runs any more for who watches"
    assert not shop.engine.stop(ME, started.reply_id)
    await shop.answer(started)
    assert shop.store.message(ME, started.reply_id).status == "complete"


async def test_a_reply_that_cannot_be_written_ends_with_what_can(tmp_path: Path) -> None:
    """Its row is not left as one that still grows."""
    signed = TextDelta("words", Echo("scripted", {"signature": object()}))
    store = open_conversations(f"sqlite:///{tmp_path / 'easel.db'}")
    shop = Workshop([[signed, DONE]], store=store)
    started = await shop.ask(await shop.begin(), "go")
    await shop.answer(started)
    kept = store.message(ME, started.reply_id)
    assert (kept.status, plain_text(kept.parts)) == ("failed", "words")
    assert kept.finish is not None
    assert "could not be saved" in kept.finish.message
    await shop.engine.close()
    store.close()
