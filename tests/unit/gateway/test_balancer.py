"""Load is shared by weight, and who is in trouble is left in peace, by all turns alike."""

import asyncio

import pytest

from chat.core.errors import RateLimited, Unavailable
from chat.core.models import Deployment
from chat.gateway.balancer import LoadBalancer
from tests.loopback import Gate, Loopback
from tests.patience import PATIENCE_S
from tests.unit.turns.exchange import (
    Clock,
    Exchange,
    asked,
    card,
    everywhere,
    exchange,
    origin,
    refuses,
    says,
    sentence,
)
from tests.unit.turns.workshop import ME
from tests.wire_shapes import openai_stream

A, B = Deployment("a", "x"), Deployment("b", "x")


def balance(clock: Clock, chance: float = 0.0) -> LoadBalancer:
    return LoadBalancer(clock.now, clock.sleep, lambda: chance)


def test_the_less_busy_is_asked_each_by_its_weight() -> None:
    heavy = Deployment("h", "x", weight=3)
    scale = balance(Clock())
    chosen: list[int] = []
    running = []
    for _ in range(8):
        at = scale.best([heavy, A])
        chosen.append(at)
        call = scale.calling([heavy, A][at])
        call.__enter__()
        running.append(call)
    assert (chosen.count(0), chosen.count(1)) == (6, 2)


def test_calls_one_after_the_other_are_shared_as_well() -> None:
    scale, chosen = balance(Clock()), []
    for _ in range(6):
        at = scale.best([A, B])
        chosen.append(at)
        with scale.calling([A, B][at]):
            pass
    assert chosen == [0, 1] * 3


def test_a_pause_grows_with_each_fault_and_ends_with_an_answer() -> None:
    clock = Clock()
    scale = balance(clock)
    lasted = []
    for _ in range(6):
        scale.failed(A, Unavailable("No."))
        began = clock.moment
        while scale.fault(A):
            clock.moment += 0.5
        lasted.append(clock.moment - began)
    assert lasted == [5, 10, 20, 40, 60, 60]
    scale.failed(A, Unavailable("No."))
    scale.answered(A)
    assert scale.fault(A) is None
    scale.failed(A, Unavailable("No."))
    clock.moment += 5
    assert scale.fault(A) is None, "and begins small again"


def test_faults_of_calls_that_ran_together_are_one() -> None:
    clock = Clock()
    scale = balance(clock)
    for _ in range(50):
        scale.failed(A, Unavailable("No."))
    clock.moment += 5
    assert scale.fault(A) is None


@pytest.mark.parametrize("chance", [0.0, 1.0])
async def test_what_a_provider_asked_for_is_kept_to_the_letter(chance: float) -> None:
    clock = Clock()
    scale = balance(clock, chance)
    scale.failed(A, RateLimited("Later.", 7))
    clock.moment += 1
    assert 6 <= scale.wait_s(A) <= 7.4
    assert await scale.admitted(A)
    assert clock.moment >= 1_007
    assert scale.wait_s(A) == 0


async def test_nobody_waits_for_long_and_no_quota_locks_us_out_for_hours() -> None:
    clock = Clock()
    scale = balance(clock)
    scale.failed(A, RateLimited("Tomorrow.", 36_000))
    assert not await scale.admitted(A)
    assert clock.naps == []
    clock.moment += 61
    assert await scale.admitted(A), "the user may have raised it meanwhile"
    assert scale.fault(A), "but others are asked first"


@pytest.mark.parametrize("stated_s", [36_000, 999_999_999, float("inf")])
def test_no_word_of_a_provider_keeps_it_passed_over_for_good(stated_s: float) -> None:
    clock = Clock()
    scale = balance(clock, chance=1.0)
    scale.failed(A, RateLimited("Next year.", stated_s))
    clock.moment += 3_600
    assert scale.fault(A), "an hour is borne"
    clock.moment += 3_600 * 0.2 + 1
    assert scale.fault(A) is None


def test_what_is_remembered_of_a_fault_holds_no_request_alive() -> None:
    scale = balance(Clock())
    fault = RateLimited("Later.", 7)
    try:
        raise fault
    except RateLimited:
        scale.failed(A, fault)
    kept = scale.fault(A)
    assert kept is not None
    assert (str(kept), kept.retry_after_s, kept.__traceback__) == ("Later.", 7, None)


async def test_a_retry_comes_after_the_time_that_was_asked_for_and_only_once() -> None:
    said = {"a": [refuses(429, 2), says("at last")]}
    async with exchange([card("a")], said) as (made, servers):
        assert (await made.reply()).status == "complete"
        assert made.clock.naps == [pytest.approx(2.21)]
        made.clock.moment += 100
        servers["a"]._replies = [refuses(429, 2), refuses(429, 2), says()]
        reply = await made.reply()
        assert reply.status == "failed"
        assert sentence(reply).endswith("A second try did not help.")
        assert asked(servers) == {"a": 4}


async def test_a_longer_wait_is_told_and_not_borne() -> None:
    async with exchange([card("a")], {"a": [refuses(429, 37)]}) as (made, servers):
        reply = await made.reply()
        assert "Try again in 37 seconds." in sentence(reply)
        again = await made.reply()
        assert "asked for a pause. Try again in 41 seconds." in sentence(again)
        assert again.finish is not None
        assert (again.finish.billed, again.finish.actions[0]) == ("no", "retry")
        assert asked(servers) == {"a": 1}, "nobody asks while the provider wants peace"


async def test_stop_does_not_wait_for_the_pause_to_end() -> None:
    asleep = asyncio.Event()

    async def sleep(seconds: float) -> None:
        assert seconds > 1
        asleep.set()
        await asyncio.Event().wait()

    async with exchange([card("a")], {"a": [refuses(429, 2)]}) as (made, servers):
        made.balance._sleep = sleep
        started = await made.ask()
        async with asyncio.timeout(PATIENCE_S):
            await asleep.wait()
        assert made.engine.stop(ME, started.reply_id)
        assert (await made.end_of(started)).status == "stopped"
        assert asked(servers) == {"a": 1}


async def test_a_broken_deployment_is_asked_by_no_other_turn_until_its_pause_is_over() -> None:
    said = {"a": [refuses(503), says()], "b": [says()] * 4}
    async with exchange([everywhere("a", "b")], said) as (made, servers):
        for _ in range(3):
            assert (await made.reply()).status == "complete"
        assert asked(servers) == {"a": 1, "b": 3}
        made.clock.moment += 6
        assert origin(await made.reply())[0] == "a"


async def test_a_lone_server_that_was_down_is_asked_again_at_once() -> None:
    async with exchange([card("a")], {"a": [refuses(503), says()]}) as (made, _):
        assert (await made.reply()).status == "failed"
        assert (await made.reply()).status == "complete", "its owner has just started it"


async def test_two_turns_at_once_go_to_two_deployments() -> None:
    gates = [Gate(), Gate()]
    said = {"a": [openai_stream([gates[0], "x"])], "b": [openai_stream([gates[1], "y"])]}
    async with exchange([everywhere("a", "b")], said) as (made, servers):
        started = [await made.ask(), await made.ask()]
        for server in servers.values():
            await asyncio.to_thread(server.wait_for_requests, 1)
        for gate in gates:
            gate.open()
        ends = [await made.end_of(each) for each in started]
        assert {origin(end)[2] for end in ends} == {"a/wire-a", "b/wire-b"}


async def test_a_model_that_is_paused_altogether_leaves_the_answer_to_its_stand_in() -> None:
    fallbacks = {"unavailable": ("model-b",)}
    said = {"a": [refuses(503)], "b": [says(), says()]}
    async with exchange([card("a", fallbacks=fallbacks), card("b")], said) as (made, servers):
        await made.reply()
        assert origin(await made.reply())[0] == "b"
        assert asked(servers) == {"a": 1, "b": 2}


async def test_no_more_replies_ask_at_once_than_the_limit_and_the_others_wait() -> None:
    gate = Gate()
    with Loopback(lambda _: openai_stream([gate, "x"])) as server:
        made = Exchange({"a": server}, [card("a")])
        started = await asyncio.gather(*(made.ask() for _ in range(14)))
        await asyncio.to_thread(server.wait_for_requests, 12)
        assert len(server.requests) == 12
        gate.open()
        ends = [await made.end_of(each) for each in started]
        assert {end.status for end in ends} == {"complete"}
        assert len(server.requests) == 14
        await made.engine.close()
