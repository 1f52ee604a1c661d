"""Who waits for a provider's pause to end goes one by one, and takes up no place after Stop."""

import asyncio
import itertools

import pytest

from chat.core.errors import RateLimited
from chat.core.models import Deployment
from chat.gateway.balancer import LoadBalancer
from tests.unit.turns.exchange import Clock

A = Deployment("a", "x")


async def test_those_who_wait_go_one_by_one() -> None:
    clock = Clock()
    scale = LoadBalancer(clock.now, clock.sleep, lambda: 0.0)
    scale.failed(A, RateLimited("Soon.", 2))
    await asyncio.gather(*(scale.admitted(A) for _ in range(20)))
    assert len(clock.naps) == 7, "the others are told at once"
    assert all(b - a >= 1 for a, b in itertools.pairwise(sorted(clock.naps)))


async def test_who_stopped_waiting_leaves_the_place_to_others() -> None:
    async def asleep(_: float) -> None:
        await asyncio.Event().wait()

    clock = Clock()
    scale = LoadBalancer(clock.now, asleep, lambda: 0.0)
    scale.failed(A, RateLimited("Soon.", 2))
    waiting = [asyncio.create_task(scale.admitted(A)) for _ in range(8)]
    await asyncio.sleep(0)
    assert waiting[-1].done(), "the queue is full"

    async def stopped(*waiters: asyncio.Task[bool]) -> None:
        for waiter in waiters:
            waiter.cancel()
        await asyncio.gather(*waiters, return_exceptions=True)

    await stopped(waiting[3])
    another = asyncio.create_task(scale.admitted(A))
    one_too_many = asyncio.create_task(scale.admitted(A))
    await asyncio.sleep(0)
    assert (another.done(), one_too_many.done()) == (False, True)
    await stopped(another, *waiting)
    scale._sleep = clock.sleep
    assert await scale.admitted(A)
    assert clock.naps == [pytest.approx(2.01)], "nobody is left to wait behind"
