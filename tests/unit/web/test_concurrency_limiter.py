"""A gate that lets in too many costs memory; one that forgets to let in the next costs uploads."""

import asyncio

import pytest

from chat.web.concurrency_limiter import Busy, ConcurrencyLimiter


async def test_no_more_are_inside_than_there_is_room_and_all_get_in() -> None:
    gate, inside, most = ConcurrencyLimiter(3, 12, 10), 0, 0

    async def visit() -> None:
        nonlocal inside, most
        async with gate:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(visit() for _ in range(15)))
    assert (most, inside) == (3, 0)


async def test_who_finds_too_many_waiting_is_sent_away_and_costs_nobody_a_place() -> None:
    gate, leave = ConcurrencyLimiter(2, 1, 10), asyncio.Event()

    async def visit() -> str:
        try:
            async with gate:
                await leave.wait()
        except Busy:
            return "busy"
        return "was in"

    visits = [asyncio.create_task(visit()) for _ in range(4)]
    done, _ = await asyncio.wait(visits, return_when=asyncio.FIRST_COMPLETED)
    assert done == {visits[3]}
    leave.set()
    assert await asyncio.gather(*visits) == ["was in", "was in", "was in", "busy"]
    assert await visit() == "was in"


async def test_who_waits_too_long_or_leaves_gives_its_place_back() -> None:
    gate = ConcurrencyLimiter(1, 1, 0.01)
    async with gate:
        for _ in range(2):
            with pytest.raises(Busy):
                await gate.__aenter__()
    patient = ConcurrencyLimiter(1, 1, 10)
    async with patient:
        leaver = asyncio.create_task(patient.__aenter__())
        await asyncio.sleep(0)
        leaver.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaver
        waiter = asyncio.create_task(patient.__aenter__())
    await waiter


async def test_a_fault_inside_makes_room_too() -> None:
    gate = ConcurrencyLimiter(1, 0, 10)
    for _ in range(2):
        with pytest.raises(ValueError, match="inside"):
            async with gate:
                raise ValueError("inside")
