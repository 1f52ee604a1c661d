"""Calls that the user decides on: nothing acts without them, and what they decide holds."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from chat.core.errors import CapabilityError, Conflict, NotFound
from chat.core.events import Finished, TextDelta
from chat.core.messages import Finish, Message, Usage
from chat.core.parts import ToolResult, plain_text, undecided
from chat.turns.approvals import CHANGED, MAX_WORD_CHARACTERS, NOT_AS_ALLOWED
from chat.turns.jobs import MAX_RUNNING_TURNS
from storage.memory import MemoryConversations
from tests.scripted import Script, Wait
from tests.unit.turns.acting import (
    RING,
    WANTS,
    House,
    call,
    decided,
    decisions,
    gone_on,
    results,
    shop_of,
    waiting,
    wants,
)
from tests.unit.turns.clockwork import Clockwork
from tests.unit.turns.workshop import DONE, ME


async def test_a_call_that_acts_waits_for_the_user_and_is_run_once_they_allow_it() -> None:
    house = House()
    shop = shop_of(house, [TextDelta("Let me ring."), call(times=3), WANTS])
    reply = await waiting(shop)
    assert (reply.status, house.done) == ("waiting", [])
    assert [spec.name for spec in shop.provider.requests[0].tools][-3:] == ["ring", "send", "look"]
    (asked,) = undecided(reply.parts)
    assert asked.asked is not None
    assert (asked.asked.title, asked.asked.source) == ("Ring", "Tower")
    assert asked.asked.reach == "Rings the bell of the tower."
    assert asked.asked.hints == {"times": "how often."}

    reply = await decided(shop, reply)
    assert (reply.status, house.done) == ("complete", ["ring 3"])
    assert [part.kind for part in reply.parts] == ["text", "tool_call", "tool_result", "text"]
    told = shop.provider.requests[1].messages[-1].parts
    assert isinstance(told[-1], ToolResult)
    assert plain_text(told[-1].content) == "It rang 3 times."


async def test_what_is_denied_is_not_run_and_the_model_is_told_the_users_word() -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await decided(shop, await waiting(shop), "deny", "Not at \0 night, " + "please " * 200)
    assert (reply.status, house.done) == ("complete", [])
    (said,) = results(reply)
    assert said.startswith("The user did not allow this. They say: Not at")
    assert len(said) < MAX_WORD_CHARACTERS + 60
    assert "\0" not in said
    assert plain_text(reply.parts) == "There."


async def test_allowed_in_this_conversation_it_is_not_asked_for_again_here_but_elsewhere() -> None:
    house = House()
    shop = shop_of(house, RING, RING, [TextDelta("Rung."), DONE], RING)
    first = await waiting(shop)
    reply = await decided(shop, first, "conversation")
    assert (reply.status, house.done) == ("complete", ["ring 3", "ring 3"]), "the next round, too"
    kept = shop.store.get(ME, first.conversation_id)
    assert kept.tool_policy["ring"] == "allow"
    assert (await waiting(shop)).status == "waiting", "another conversation asks"


async def test_allowed_once_the_next_round_asks_again() -> None:
    house = House()
    shop = shop_of(house, RING, RING)
    reply = await decided(shop, await waiting(shop))
    assert (reply.status, house.done) == ("waiting", ["ring 3"])
    reply = await decided(shop, reply, "deny")
    assert (reply.status, house.done) == ("complete", ["ring 3"])


async def test_a_tool_that_changed_asks_again_although_it_was_allowed() -> None:
    house = House()
    shop = shop_of(house, RING, [TextDelta("Done."), DONE], RING)
    first = await decided(shop, await waiting(shop), "conversation")
    house.words = "Ring a bell, and send the keys to the neighbour."
    conversation = shop.store.get(ME, first.conversation_id)
    again = await shop.answer(await shop.ask(conversation, "again", client_id="client-2"))
    assert (again.status, house.done) == ("waiting", ["ring 3"])
    (asked,) = undecided(again.parts)
    assert asked.asked is not None
    assert asked.asked.note == NOT_AS_ALLOWED
    again = await decided(shop, again, "conversation")
    assert (again.status, house.done) == ("complete", ["ring 3", "ring 3"])


class Meanwhile(MemoryConversations):
    """A store in which a tool becomes another while it is saved that it is about to run."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self._house = house

    def update(self, message: Message) -> None:
        if message.status == "streaming" and message.finish == Finish("tool_calls"):
            self._house.ring = self.other  # type: ignore[method-assign]
        super().update(message)

    def other(self, times: int = 1) -> str:
        """Ring a bell."""
        self._house.done.append(f"something else {times}")
        return "Done."


async def test_what_is_run_is_the_tool_that_was_allowed_and_not_one_that_came_meanwhile() -> None:
    house = House()
    shop = shop_of(house, RING, store=Meanwhile(house))
    reply = await decided(shop, await waiting(shop))
    assert (reply.status, house.done) == ("complete", ["ring 3"])
    assert results(reply) == ["It rang 3 times."]


async def test_several_calls_are_decided_each_for_itself_and_answered_in_order() -> None:
    house = House()
    calls = [
        call(call_id="a", times=1),
        call("look", "b"),
        call(call_id="c", times=2),
        call("send", "d", to="Ada"),
    ]
    shop = shop_of(house, wants(*calls))
    reply = await waiting(shop)
    assert house.done == ["look"], "what is allowed does not wait"
    assert [each.call_id for each in undecided(reply.parts)] == ["a", "c", "d"]
    first, second, third = decisions(reply)
    reply = await gone_on(shop, reply, [third, replace(first, choice="deny", word="No."), second])
    assert sorted(house.done) == ["look", "ring 2", "send Ada"]
    assert results(reply) == [
        "The user did not allow this. They say: No.",
        "A quiet street.",
        "It rang 2 times.",
        "Sent to Ada.",
    ]
    assert reply.status == "complete"


async def test_a_tool_that_always_asks_cannot_be_allowed_for_good() -> None:
    house = House()
    letter = wants(call("send", to="Ada"))
    shop = shop_of(house, letter, letter)
    reply = await waiting(shop, tool_policy={"send": "allow"})
    assert reply.status == "waiting"
    assert undecided(reply.parts)[0].asked.always  # type: ignore[union-attr]
    with pytest.raises(CapabilityError, match="asked for each time"):
        await shop.engine.decisions.decide(ME, reply.id, decisions(reply, "conversation"))
    reply = await decided(shop, shop.store.message(ME, reply.id))
    assert (reply.status, house.done) == ("waiting", ["send Ada"])


@pytest.mark.parametrize(
    "alter",
    [
        lambda made: [replace(made[0], digest="0" * 64), made[1]],
        lambda made: [replace(made[0], call_id="other"), made[1]],
        lambda made: made[:1],
        lambda made: [made[0], made[0]],
        lambda made: [*made, made[0]],
        lambda made: [replace(made[0], digest=made[1].digest), made[1]],
        lambda _: [],
    ],
    ids=["digest", "id", "too few", "one twice", "too many", "swapped", "none"],
)
async def test_a_decision_on_something_else_than_what_waits_is_refused_and_it_waits_on(
    alter: Any,
) -> None:
    house = House()
    shop = shop_of(house, wants(call(call_id="a", times=1), call(call_id="b", times=2)))
    reply = await waiting(shop)
    with pytest.raises(Conflict, match="not those that were shown"):
        await shop.engine.decisions.decide(ME, reply.id, alter(decisions(reply)))
    assert (shop.store.message(ME, reply.id), house.done) == (reply, [])
    assert (await decided(shop, reply)).status == "complete"


async def test_a_tool_that_changed_while_it_was_asked_for_is_shown_anew() -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    house.words = "Ring all bells."
    with pytest.raises(Conflict, match="has changed since you were asked"):
        await shop.engine.decisions.decide(ME, reply.id, decisions(reply))
    anew = shop.store.message(ME, reply.id)
    assert (anew.status, house.done) == ("waiting", [])
    assert undecided(anew.parts)[0].asked.note == CHANGED  # type: ignore[union-attr]
    assert (await decided(shop, anew)).status == "complete"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"tools_on": False}, "switched off"),
        ({"tool_policy": {"ring": "deny"}}, "denied in this conversation"),
    ],
)
async def test_what_was_switched_off_meanwhile_can_only_be_denied(
    settings: dict[str, Any], words: str
) -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    await shop.settings.change(ME, reply.conversation_id, settings)
    with pytest.raises(CapabilityError, match=words):
        await shop.engine.decisions.decide(ME, reply.id, decisions(reply))
    assert shop.store.message(ME, reply.id) == reply
    reply = await decided(shop, reply, "deny")
    assert (reply.status, house.done) == ("complete", [])
    offered = [spec.name for spec in shop.provider.requests[-1].tools]
    assert "ring" not in offered


async def test_a_tool_that_is_gone_can_only_be_denied() -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    house.there = False
    with pytest.raises(CapabilityError, match="not there any more"):
        await shop.engine.decisions.decide(ME, reply.id, decisions(reply))
    assert (await decided(shop, reply, "deny")).status == "complete"


async def test_with_its_model_gone_nothing_is_run_and_a_denial_ends_the_reply() -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    gone = replace(reply.origin, model="retired-yesterday")  # type: ignore[type-var]
    shop.store.update(replace(reply, origin=gone))
    with pytest.raises(Exception, match=r"retired-yesterday|model"):
        await shop.engine.decisions.decide(ME, reply.id, decisions(reply))
    assert shop.store.message(ME, reply.id).status == "waiting"
    reply = await decided(shop, reply, "deny")
    assert (reply.status, house.done) == ("stopped", [])


async def test_of_two_windows_that_decide_at_once_one_is_heard() -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    made = decisions(reply)
    ends = await asyncio.gather(
        *(shop.engine.decisions.decide(ME, reply.id, made) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(end, Conflict) for end in ends) == 4, ends
    reply = await shop.answer_of(reply.id)
    assert (reply.status, house.done) == ("complete", ["ring 3"])
    with pytest.raises(Conflict, match="decided on already"):
        await shop.engine.decisions.decide(ME, reply.id, made)


async def test_nobody_decides_on_anothers_reply() -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    with pytest.raises(NotFound):
        await shop.engine.decisions.decide("mallory", reply.id, decisions(reply))
    assert not await shop.engine.halt("mallory", reply.id)
    assert shop.store.message(ME, reply.id) == reply


async def test_stop_denies_what_waits_and_asks_no_model() -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    assert await shop.engine.halt(ME, reply.id)
    stopped = shop.store.message(ME, reply.id)
    assert (stopped.status, results(stopped)) == ("stopped", ["The user did not allow this."])
    assert len(shop.provider.requests) == 1
    assert not await shop.engine.halt(ME, reply.id)
    with pytest.raises(Conflict):
        await shop.engine.decisions.decide(ME, reply.id, decisions(reply))
    assert house.done == []


async def test_a_user_who_is_not_there_has_denied_after_a_while() -> None:
    house, clock = House(), Clockwork()
    shop = shop_of(house, RING, clock=clock)
    reply = await waiting(shop)
    assert len(clock.pending()) == 1
    clock.wind(shop.patience.total_seconds() - 1)
    assert shop.store.message(ME, reply.id).status == "waiting"
    clock.wind(2)
    await shop.rung()
    ended = shop.store.message(ME, reply.id)
    assert (ended.status, results(ended)) == ("stopped", ["The user did not allow this."])
    assert ended.finish is not None
    assert "in time" in ended.finish.message
    assert (len(shop.provider.requests), house.done) == (1, [])
    with pytest.raises(Conflict, match="time that ran out"):
        await shop.engine.decisions.decide(ME, reply.id, decisions(reply))


async def test_fifty_that_wait_are_watched_by_one_timer() -> None:
    house, clock = House(), Clockwork()
    shop = shop_of(house, *[RING for _ in range(50)], clock=clock)
    for _ in range(50):
        await waiting(shop)
    assert len(clock.pending()) == 1
    tasks = [task.get_name() for task in asyncio.all_tasks() if task.get_name() != "saver"]
    assert len(tasks) == 1, "this test itself"


async def test_a_new_message_under_it_denies_what_waits_and_is_answered() -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    conversation = shop.store.get(ME, reply.conversation_id)
    below = await shop.answer(await shop.ask(conversation, "never mind", client_id="client-2"))
    assert (below.status, plain_text(below.parts)) == ("complete", "There.")
    above = shop.store.message(ME, reply.id)
    assert (above.status, results(above)) == ("stopped", ["The user did not allow this."])
    told = shop.provider.requests[-1].messages[1].parts
    assert [part.kind for part in told] == ["tool_call", "tool_result"]


async def test_made_again_the_old_reply_does_not_wait_any_more() -> None:
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    fresh = await shop.answer(await shop.engine.regenerate(ME, reply.id))
    assert fresh.status == "complete"
    assert shop.store.message(ME, reply.id).status == "stopped"


async def test_a_conversation_that_is_deleted_waits_for_nothing_and_can_be_purged() -> None:
    house, clock = House(), Clockwork()
    shop = shop_of(house, RING, RING, clock=clock)
    reply, purged = await waiting(shop), await waiting(shop)
    await shop.library.delete(ME, reply.conversation_id)
    await shop.library.restore(ME, reply.conversation_id)
    assert shop.store.message(ME, reply.id).status == "stopped"
    # As if another program had done it: the deadline finds nothing, and says nothing.
    shop.store.delete(ME, purged.conversation_id)
    clock.wind(shop.patience.total_seconds())
    await shop.rung()
    assert clock.pending() == []
    assert house.done == []


async def test_too_many_running_replies_leave_the_question_where_it_is() -> None:
    house, gate = House(), asyncio.Event()
    busy: list[Script] = [[Wait(gate), DONE] for _ in range(MAX_RUNNING_TURNS)]
    shop = shop_of(house, RING, *busy, most_queued=0)
    reply = await waiting(shop)
    conversation = await shop.begin()
    for number in range(MAX_RUNNING_TURNS):
        await shop.ask(conversation, "go", client_id=f"busy-{number}", parent_id="")
    with pytest.raises(CapabilityError, match="being written"):
        await shop.engine.decisions.decide(ME, reply.id, decisions(reply))
    assert shop.store.message(ME, reply.id).status == "waiting"
    gate.set()
    await shop.engine.close()


async def test_what_the_rounds_before_the_question_counted_is_part_of_the_whole() -> None:
    house, usage = House(), Usage(input_text_tokens=10, reported_cost_usd=0.25)
    counted = Finished(Finish("tool_calls"), usage)
    shop = shop_of(house, [call(), counted], [TextDelta("."), Finished(Finish("stop"), usage)])
    reply = await waiting(shop)
    assert reply.cost_usd == 0.25
    reply = await decided(shop, reply)
    assert reply.usage is not None
    assert (reply.usage.input_text_tokens, reply.cost_usd) == (20, 0.5)


async def test_eight_rounds_are_all_there_are_however_often_it_waits() -> None:
    house = House()
    shop = shop_of(house, *[RING for _ in range(12)])
    reply = await waiting(shop)
    rounds = 0
    while reply.status == "waiting":
        reply, rounds = await decided(shop, reply), rounds + 1
    assert (reply.status, rounds, len(house.done)) == ("failed", 8, 8)


async def test_whoever_watches_sees_what_stood_before_the_question_and_what_follows() -> None:
    house, gate = House(), asyncio.Event()
    shop = shop_of(
        house,
        [TextDelta("One moment."), call(times=3), WANTS],
        [Wait(gate), TextDelta("Rung."), DONE],
    )
    reply = await waiting(shop)
    await shop.engine.decisions.decide(ME, reply.id, decisions(reply))
    job = shop.jobs.get(reply.id)
    assert job is not None
    gate.set()
    kinds = [event.kind async for batch in job.watch() for event in batch]
    assert kinds == ["text_delta", "tool_call", "tool_result", "text_delta", "saved"]


async def test_what_a_conversation_is_told_above_is_read_anew_once_it_has_gone_on() -> None:
    """The history that is kept must not hold the reply as it waited."""
    house = House()
    shop = shop_of(house, RING)
    reply = await waiting(shop)
    await shop.engine.history.above(reply.id)
    reply = await decided(shop, reply)
    conversation = shop.store.get(ME, reply.conversation_id)
    await shop.answer(await shop.ask(conversation, "and now?", client_id="client-2"))
    told = shop.provider.requests[-1].messages[1].parts
    assert [part.kind for part in told] == ["tool_call", "tool_result", "text"]
