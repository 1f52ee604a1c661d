"""More replies than may be written at once: none is lost, each knows its place."""

import asyncio

from chat.core.events import Queued, TextDelta
from chat.core.messages import Message
from chat.core.spending import SpendingLimits
from chat.gateway.quota_file import QuotaRules
from chat.turns.engine import Started
from chat.turns.turn_queue import TurnQueue
from tests.scripted import Wait
from tests.unit.turns.workshop import DONE, ME, Workshop

SAID = (TextDelta("Here."),)


class Class:
    """Some who ask at once, each in a conversation of their own; each reply waits for its gate."""

    def __init__(self, people: int, **settings: object) -> None:
        self.gates = [asyncio.Event() for _ in range(people)]
        scripts = [[Wait(gate), *SAID, DONE] for gate in self.gates]
        self.shop = Workshop(scripts, **settings)  # type: ignore[arg-type]
        self.started: list[Started] = []

    async def all_ask(self) -> None:
        for number in range(len(self.gates)):
            conversation = await self.shop.begin()
            asked = self.shop.ask(conversation, "go", client_id=f"client-{number}")
            self.started.append(await asked)

    async def places(self, number: int) -> list[int]:
        """What the reply of this person was told, to its end."""
        job = self.shop.jobs.get(self.started[number].reply.id)
        assert job is not None
        batches = [batch async for batch in job.watch()]
        return [event.place for batch in batches for event in batch if isinstance(event, Queued)]

    async def ends(self, number: int) -> Message:
        return await self.shop.answer(self.started[number])

    def asked(self) -> int:
        return len(self.shop.provider.requests)


async def test_fifty_ask_at_once_and_all_are_answered_in_order() -> None:
    room = Class(50)
    await room.all_ask()
    told = [asyncio.create_task(room.places(number)) for number in range(50)]
    for number in range(50):
        room.gates[number].set()
        assert (await room.ends(number)).status == "complete"
        assert room.asked() <= number + 13, "no more than twelve at once"
    heard = [await each for each in told]
    assert heard[:12] == [[]] * 12
    assert heard[12] == [1, 0]
    assert heard[49] == [*range(38, 0, -1), 0]


async def test_who_is_stopped_in_the_queue_is_never_asked_about_and_the_others_move_up() -> None:
    room = Class(4, most=1)
    await room.all_ask()
    told = asyncio.create_task(room.places(3))
    assert room.shop.jobs.stop(room.started[1].reply.id)
    stopped = await room.ends(1)
    assert (stopped.status, stopped.parts, stopped.cost_usd) == ("stopped", (), 0.0)
    for number in (0, 2, 3):
        room.gates[number - (number > 1)].set()
        assert (await room.ends(number)).status == "complete"
    assert room.asked() == 3
    assert await told == [3, 2, 1, 0]


async def test_a_follow_up_that_waits_with_its_question_is_answered_after_it() -> None:
    gate = asyncio.Event()
    shop = Workshop([[Wait(gate), *SAID, DONE], [*SAID, DONE]], most=1)
    conversation = await shop.begin()
    first = await shop.ask(conversation, "one")
    second = await shop.ask(conversation, "two", client_id="client-2", parent_id=first.reply.id)
    gate.set()
    assert [(await shop.answer(each)).status for each in (first, second)] == ["complete"] * 2
    assert len(shop.provider.requests[1].messages) == 3


def test_owners_do_not_wait_for_each_other() -> None:
    queue, told = TurnQueue(lambda _: 0), list[int]()
    first, second, other = (queue.join(owner, 1, told.append) for owner in ("a", "a", "b"))
    assert [each.runs.is_set() for each in (first, second, other)] == [True, False, True]
    other.leave()
    assert not second.runs.is_set()
    first.leave()
    first.leave()
    third = queue.join("a", 1, told.append)
    assert [each.runs.is_set() for each in (second, third)] == [True, False]
    assert told == [1, 0, 1]


async def test_a_budget_goes_by_the_same_queue() -> None:
    room = Class(2, rules=QuotaRules(SpendingLimits(replies_at_once=1)), payer=ME)
    await room.all_ask()
    told = asyncio.create_task(room.places(1))
    room.gates[0].set()
    assert (await room.ends(0)).status == "complete"
    room.gates[1].set()
    assert (await room.ends(1)).status == "complete"
    assert await told == [1, 0]


async def test_a_program_that_ends_makes_room() -> None:
    rules = QuotaRules(SpendingLimits(replies_at_once=1))
    room = Class(1, rules=rules, payer=ME)
    quotas = room.shop.quotas
    with quotas.question(ME, await quotas.of(ME)):
        await room.all_ask()
        told = asyncio.create_task(room.places(0))
        room.gates[0].set()
        job = room.shop.jobs.get(room.started[0].reply.id)
        assert job is not None
        async for batch in job.watch():
            assert batch == [Queued(1)]
            break
    assert (await room.ends(0)).status == "complete"
    assert await told == [1, 0]


async def test_what_waits_at_the_end_of_the_program_says_so_and_is_asked_again_by_its_user() -> (
    None
):
    room = Class(3, most=1)
    await room.all_ask()
    await room.shop.jobs.close()
    replies = [room.shop.store.message(ME, each.reply.id) for each in room.started]
    assert [each.status for each in replies] == ["interrupted"] * 3
    assert room.asked() == 1
