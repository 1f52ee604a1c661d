"""Bodies that arrive share the room: by whose they are first, then by how fast they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from chat.web.arrivals import Arrivals

ROOM = 4
SLOW_AFTER_S = 5.0


class Room:
    """Bodies that begin to arrive, and do not end by themselves."""

    def __init__(self) -> None:
        self.at_s = 0.0
        self._arrivals = Arrivals(ROOM, SLOW_AFTER_S, lambda: self.at_s)
        self.bodies: list[asyncio.Task[bytes]] = []

    async def comes(self, *owners: str) -> list[asyncio.Task[bytes]]:
        """Bodies of these begin, each with a byte; they are refused or inside when it returns."""
        for whose in owners:
            inside = asyncio.Event()
            body = asyncio.create_task(self._arrive(whose, inside), name=whose)
            begun = asyncio.ensure_future(inside.wait())
            await asyncio.wait({body, begun}, return_when=asyncio.FIRST_COMPLETED)
            begun.cancel()
            self.bodies.append(body)
        return self.bodies[-len(owners) :]

    async def _arrive(self, whose: str, inside: asyncio.Event) -> bytes:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"x"
            inside.set()
            await asyncio.Event().wait()

        async with self._arrivals.one(whose) as arrival:
            return await arrival.body(pieces())

    async def gone(self) -> list[tuple[str, str]]:
        """Who was refused or sent away so far, and how."""
        # Who is sent away hears of it in a turn of the loop, and its body ends in another.
        for _ in range(5):
            await asyncio.sleep(0)
        done = [each for each in self.bodies if each.done()]
        return [(each.get_name(), type(each.exception()).__name__) for each in done]


@asynccontextmanager
async def room_with(*owners: str) -> AsyncIterator[Room]:
    room = Room()
    await room.comes(*owners)
    try:
        yield room
    finally:
        for body in room.bodies:
            body.cancel()
        await asyncio.gather(*room.bodies, return_exceptions=True)


async def test_one_who_fills_the_room_makes_way_for_others_at_once_and_not_for_itself() -> None:
    async with room_with("batch", "batch", "batch", "batch") as room:
        await room.comes("laptop")
        assert await room.gone() == [("batch", "Busy")]
        await room.comes("laptop")
        assert await room.gone() == [("batch", "Busy")] * 2
        # Now they have two each: that is fair, and nobody is slow.
        await room.comes("laptop", "batch")
        assert await room.gone() == [("batch", "Busy")] * 2 + [
            ("laptop", "Busy"),
            ("batch", "Busy"),
        ]
        await room.comes("desk")
        assert len(await room.gone()) == 5, "a third has none yet"


async def test_who_has_more_does_not_push_out_the_slow_body_of_another() -> None:
    async with room_with("laptop", "batch", "batch", "batch") as room:
        room.at_s = SLOW_AFTER_S
        await room.comes("batch", "batch")
        assert await room.gone() == [("batch", "TooSlow")] * 2


async def test_where_each_has_one_the_slow_one_goes_and_before_that_nobody() -> None:
    async with room_with("a", "b", "c", "d") as room:
        await room.comes("e")
        assert await room.gone() == [("e", "Busy")]
        room.at_s = SLOW_AFTER_S
        await room.comes("e")
        assert len(await room.gone()) == 2
        assert sorted(why for _, why in await room.gone()) == ["Busy", "TooSlow"]


@pytest.mark.parametrize("owners", [("a",), ("a", "a", "b")])
async def test_while_there_is_room_nobody_goes(owners: tuple[str, ...]) -> None:
    async with room_with(*owners) as room:
        await room.comes("a")
        assert await room.gone() == []
