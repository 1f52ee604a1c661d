"""Stop and shutdown at the worst moment: while the end of a reply is being saved."""

import asyncio
import threading

import pytest

from chat.core.events import TextDelta
from chat.core.messages import ALIVE, Message
from chat.core.parts import plain_text
from chat.turns.outgoing import Outgoing
from tests.patience import PATIENCE_S
from tests.scripted import Script, Wait
from tests.unit.turns.workshop import DONE, ME, Workshop


class SlowDisk:
    """A store that takes its time over the last save of a reply."""

    def __init__(self, shop: Workshop) -> None:
        self.saving = asyncio.Event()
        self.go_on = threading.Event()
        loop, update = asyncio.get_running_loop(), shop.store.update

        def slowly(message: Message) -> None:
            if message.status not in ALIVE:
                loop.call_soon_threadsafe(self.saving.set)
                assert self.go_on.wait(PATIENCE_S)
            update(message)

        shop.store.update = slowly  # type: ignore[method-assign]


async def begun(script: Script) -> tuple[Workshop, str]:
    """A workshop whose reply has said its first word; the reply's id."""
    shop = Workshop([script])
    started = await shop.ask(await shop.begin(), "go")
    job = shop.jobs.get(started.reply_id)
    assert job is not None
    async for batch in job.watch():
        if batch:
            break
    return shop, started.reply_id


async def passed(shop: Workshop, reply_id: str) -> None:
    """Let everything that was scheduled so far happen; the reply is still being saved."""
    for _ in range(5):
        await asyncio.sleep(0)
    assert shop.jobs.get(reply_id) is not None


async def test_stop_pressed_twice_keeps_the_words_and_how_it_ended() -> None:
    shop, reply_id = await begun([TextDelta("half"), Wait(asyncio.Event()), DONE])
    disk = SlowDisk(shop)
    assert shop.engine.stop(ME, reply_id)
    await shop.until(disk.saving)
    assert shop.engine.stop(ME, reply_id)
    await passed(shop, reply_id)
    disk.go_on.set()
    await shop.jobs.wait(reply_id)
    reply = shop.store.message(ME, reply_id)
    assert (reply.status, plain_text(reply.parts)) == ("stopped", "half")


@pytest.mark.parametrize("how", ["stop", "shutdown"])
async def test_a_reply_that_is_complete_stays_complete_whatever_comes_late(how: str) -> None:
    gate = asyncio.Event()
    shop, reply_id = await begun([TextDelta("all"), Wait(gate), DONE])
    job = shop.jobs.get(reply_id)
    assert job is not None
    disk = SlowDisk(shop)
    gate.set()
    await shop.until(disk.saving)
    if how == "stop":
        assert shop.engine.stop(ME, reply_id)
        closing = asyncio.create_task(shop.jobs.wait(reply_id))
    else:
        closing = asyncio.create_task(shop.engine.close())
    await passed(shop, reply_id)
    disk.go_on.set()
    await closing
    reply = shop.store.message(ME, reply_id)
    assert (reply.status, plain_text(reply.parts)) == ("complete", "all")
    assert job.message == reply, "pages that watch are told the same"


async def test_a_deleted_conversation_has_all_its_replies_stopped_before_it_waits_for_any() -> None:
    shop = Workshop([[Wait(asyncio.Event()), DONE]], most=1)
    conversation = await shop.begin()
    sent = Outgoing("client-1", "go")
    started = await shop.engine.send_several(ME, conversation.id, sent, models=[""] * 3)
    jobs, disk = list(shop.jobs.running), SlowDisk(shop)
    deleting = asyncio.create_task(shop.jobs.stop_all(conversation.id, PATIENCE_S))
    await shop.until(disk.saving)
    told = [job.ending for job in jobs]
    disk.go_on.set()
    await deleting
    assert told == [True] * 3
    assert [shop.store.message(ME, each.reply_id).status for each in started] == ["stopped"] * 3


async def test_what_is_asked_while_its_conversation_is_deleted_is_stopped_too() -> None:
    shop = Workshop([[Wait(asyncio.Event()), DONE]])
    conversation = await shop.begin()
    loop, delete = asyncio.get_running_loop(), shop.store.delete
    reached, go_on = asyncio.Event(), threading.Event()

    def slowly(owner: str, conversation_id: str) -> None:
        loop.call_soon_threadsafe(reached.set)
        assert go_on.wait(PATIENCE_S)
        delete(owner, conversation_id)

    shop.store.delete = slowly  # type: ignore[method-assign]
    deleting = asyncio.create_task(shop.library.delete(ME, conversation.id))
    await shop.until(reached)
    started = await shop.ask(conversation, "go")
    job = shop.jobs.get(started.reply_id)
    go_on.set()
    await deleting
    assert job is not None
    assert job.stopped_by_user
    assert shop.jobs.running == []
