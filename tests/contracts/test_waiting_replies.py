"""What every store promises of replies that wait for their user, through restarts and crashes."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chat.core.errors import Conflict, NotFound
from chat.core.messages import Finish, Message, now
from chat.core.parts import Asked, Text, ToolCall, undecided
from chat.core.ports import Conversations
from chat.turns.approvals import MAY_HAVE_RUN, CallDecision
from tests.contracts.samples import ME, conversation, replied, said
from tests.patience import PATIENCE_S
from tests.unit.turns.acting import (
    RING,
    House,
    call,
    decided,
    decisions,
    results,
    shop_of,
    waiting,
    wants,
)
from tests.unit.turns.clockwork import Clockwork

ASKED = Asked(
    "ab" * 32, "Ring", "Tower", "Rings.", {"times": "How often"}, begun=2, word="No \0 \ud800"
)


def kept(store: Conversations, *parts: ToolCall | Text) -> Message:
    """A reply that waits, as it is stored."""
    begun = conversation()
    store.create(begun)
    asked = said(begun)
    reply = replace(replied(begun, asked, status="waiting"), parts=parts, finished_at=now())
    store.add([asked, reply])
    return store.message(ME, reply.id)


def test_what_was_asked_comes_back_to_the_letter(store: Conversations) -> None:
    wanted = replace(call(), asked=ASKED)
    assert kept(store, wanted).parts == (wanted,)


def test_those_that_wait_are_listed_with_their_owner_and_since_when(store: Conversations) -> None:
    reply = kept(store, replace(call(), asked=ASKED))
    binned = kept(store, replace(call(), asked=ASKED))
    store.delete(ME, binned.conversation_id)
    (found,) = store.waiting()
    assert (found.owner, found.conversation_id) == (ME, reply.conversation_id)
    assert (found.reply_id, found.since) == (reply.id, reply.finished_at)
    assert store.unfinished() == []
    store.update(replace(reply, status="complete"))
    assert store.waiting() == []


def test_a_message_is_altered_in_one_go_or_not_at_all(store: Conversations) -> None:
    reply = kept(store, call())

    def refuse(_: Message) -> Message:
        raise Conflict("No.")

    with pytest.raises(Conflict):
        store.change_message(ME, reply.id, refuse)
    assert store.message(ME, reply.id) == reply
    done = store.change_message(ME, reply.id, lambda found: replace(found, status="complete"))
    assert done == store.message(ME, reply.id) == replace(reply, status="complete")
    for owner, message_id in (("mallory", reply.id), (ME, "0" * 32)):
        with pytest.raises(NotFound):
            store.change_message(owner, message_id, lambda found: found)


def test_of_many_who_alter_a_message_each_sees_what_the_one_before_left(
    store: Conversations,
) -> None:
    reply = kept(store, Text("0"))

    def count(found: Message) -> Message:
        (text,) = found.parts
        assert isinstance(text, Text)
        return replace(found, parts=(Text(str(int(text.text) + 1)),))

    def often() -> None:
        for _ in range(5):
            store.change_message(ME, reply.id, count)

    threads = [threading.Thread(target=often) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert store.message(ME, reply.id).parts == (Text("30"),)


async def test_after_a_restart_it_waits_on_and_is_decided_on(store: Conversations) -> None:
    house = House()
    shop = shop_of(house, RING, store=store)
    reply = await waiting(shop)
    await shop.restart()
    assert store.message(ME, reply.id) == reply
    reply = await decided(shop, reply, "conversation")
    assert (reply.status, house.done) == ("complete", ["ring 3"])


async def test_the_time_that_passed_while_easel_was_off_counts(store: Conversations) -> None:
    house, clock = House(), Clockwork()
    shop = shop_of(house, RING, RING, store=store, clock=clock)
    old, young = await waiting(shop), await waiting(shop)
    begun = now() - shop.patience
    store.update(replace(old, finished_at=begun))
    store.update(replace(young, finished_at=begun + timedelta(minutes=5)))
    await shop.restart()
    clock.wind(0)
    await shop.rung()
    assert store.message(ME, old.id).status == "stopped"
    assert store.message(ME, young.id).status == "waiting"
    clock.wind(5 * 60)
    await shop.rung()
    assert store.message(ME, young.id).status == "stopped"
    assert house.done == []


@pytest.mark.parametrize("begun", [True, False])
async def test_a_crash_between_decision_and_result_asks_again_before_anything_runs_twice(
    store: Conversations, begun: bool
) -> None:
    house = House()
    shop = shop_of(house, RING, store=store)
    reply = await waiting(shop)
    (wanted,) = undecided(reply.parts)
    assert wanted.asked is not None
    marked = replace(wanted, asked=replace(wanted.asked, decision="once"))
    store.update(
        replace(
            reply,
            parts=(marked,),
            status="streaming" if begun else "queued",
            finish=Finish("tool_calls") if begun else None,
            finished_at=None,
        )
    )
    await shop.restart()
    again = store.message(ME, reply.id)
    (asked,) = undecided(again.parts)
    assert asked.asked is not None
    assert asked.asked.note == (MAY_HAVE_RUN if begun else "")
    assert (again.status, house.done) == ("waiting", [])
    denied = await decided(shop, again, "deny")
    assert (MAY_HAVE_RUN in results(denied)[0]) is begun


@pytest.mark.parametrize("there", [True, False])
async def test_what_was_decided_before_a_crash_is_no_decision_on_running_it_again(
    store: Conversations, there: bool
) -> None:
    """A page whose answer never came sends it once more; a server may come up after Easel."""
    house = House()
    shop = shop_of(house, RING, store=store)
    reply = await waiting(shop)
    before = decisions(reply)
    (wanted,) = undecided(reply.parts)
    assert wanted.asked is not None
    marked = replace(wanted, asked=replace(wanted.asked, decision="once"))
    began = replace(reply, parts=(marked,), status="streaming", finish=Finish("tool_calls"))
    store.update(began)
    house.there = there
    await shop.restart()
    house.there = True
    with pytest.raises(Conflict):
        await shop.engine.decisions.decide(ME, reply.id, before)
    assert house.done == []
    again = await decided(shop, store.message(ME, reply.id))
    assert (again.status, house.done) == ("complete", ["ring 3"])


async def test_after_each_crash_in_its_midst_a_call_is_decided_on_anew(
    store: Conversations,
) -> None:
    """What was said after the first crash, sent once more, runs nothing after the second."""
    house = House()
    shop = shop_of(house, RING, store=store)
    reply = await waiting(shop)
    given: list[Sequence[CallDecision]] = []
    for times in range(1, 4):
        given.append(decisions(reply))
        (wanted,) = undecided(reply.parts)
        assert wanted.asked is not None
        marked = replace(wanted, asked=replace(wanted.asked, decision="once"))
        store.update(
            replace(reply, parts=(marked,), status="streaming", finish=Finish("tool_calls"))
        )
        await shop.restart()
        reply = store.message(ME, reply.id)
        (wanted,) = undecided(reply.parts)
        assert wanted.asked is not None
        assert (wanted.asked.begun, MAY_HAVE_RUN in wanted.asked.note) == (times, True)
        for before in given:
            with pytest.raises(Conflict):
                await shop.engine.decisions.decide(ME, reply.id, before)
    assert house.done == []
    assert (await decided(shop, reply)).status == "complete"
    assert house.done == ["ring 3"]


async def test_killed_while_a_tool_that_was_allowed_for_good_ran_it_is_asked_for(
    store: Conversations,
) -> None:
    """The process is gone between the run and the save of its result: a new one finds the row."""
    house, running, never = House(), threading.Event(), threading.Event()
    ring = house.ring

    def hangs(times: int = 1) -> str:
        ring(times)
        running.set()
        never.wait(PATIENCE_S)
        return "too late"

    hangs.__doc__ = ring.__doc__
    house.ring = hangs  # type: ignore[method-assign]
    shop = shop_of(house, wants(call("look", "b"), call(times=3)), store=store)
    conversation_ = await shop.begin(tools_on=True, allowed=["ring"])
    started = await shop.ask(conversation_, "go")
    assert await asyncio.to_thread(running.wait, PATIENCE_S)
    left = store.message(ME, started.reply_id)
    assert left.status == "streaming"
    old = shop.jobs
    await shop.restart()
    again = store.message(ME, started.reply_id)
    (asked,) = undecided(again.parts)
    assert (again.status, asked.asked and asked.asked.note) == ("waiting", MAY_HAVE_RUN)
    assert house.done.count("ring 3") == 1
    never.set()
    await old.close()


async def test_a_shutdown_while_a_tool_acts_asks_after_the_next_start(
    store: Conversations,
) -> None:
    house, running, never = House(), threading.Event(), threading.Event()

    def hangs(times: int = 1) -> str:
        running.set()
        never.wait(PATIENCE_S)
        return f"too late {times}"

    hangs.__doc__ = house.ring.__doc__
    house.ring = hangs  # type: ignore[method-assign]
    shop = shop_of(house, RING, store=store)
    reply = await waiting(shop)
    await shop.engine.decisions.decide(ME, reply.id, decisions(reply))
    assert await asyncio.to_thread(running.wait, PATIENCE_S)
    await shop.engine.close()
    never.set()
    left = store.message(ME, reply.id)
    (asked,) = undecided(left.parts)
    assert (left.status, asked.asked and asked.asked.note) == ("waiting", MAY_HAVE_RUN)
