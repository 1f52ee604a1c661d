"""What arrived together is read together, nothing of it lost, and a stop reaches the connection."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import httpx2
import pytest

from chat.providers.shared.http.arrived import MOST_BYTES, Arrived


class Line(httpx2.AsyncByteStream):
    """Brings pieces; waits at an event, and breaks at an error."""

    def __init__(self, steps: Sequence[bytes | asyncio.Event | Exception]) -> None:
        self.steps = steps
        self.read_bytes = 0
        self.let_go = self.closed = False

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        try:
            for step in self.steps:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    self.read_bytes += len(step)
                    yield step
        finally:
            self.let_go = True

    async def aclose(self) -> None:
        self.closed = True


async def test_what_came_together_is_one_piece_and_what_comes_later_another() -> None:
    gate = asyncio.Event()
    pieces = []
    async for piece in Arrived(Line([b"a", b"b", gate, b"c", b"d"])):
        pieces.append(piece)
        gate.set()
    assert pieces == [b"ab", b"cd"]


async def test_what_came_before_a_fault_is_read_before_it() -> None:
    pieces = Arrived(Line([b"a", b"b", httpx2.ReadError("gone")])).__aiter__()
    assert await anext(pieces) == b"ab"
    with pytest.raises(httpx2.ReadError, match="gone"):
        await anext(pieces)


async def test_an_empty_body_ends() -> None:
    assert [piece async for piece in Arrived(Line([]))] == []


async def test_no_more_is_read_ahead_than_one_read_of_the_network_brings() -> None:
    line = Line([bytes(MOST_BYTES // 4)] * 40)
    sizes = []
    async for piece in Arrived(line):
        sizes.append(len(piece))
        assert line.read_bytes <= sum(sizes) + MOST_BYTES
    assert sum(sizes) == 10 * MOST_BYTES
    assert max(sizes) == MOST_BYTES


async def test_who_stops_reading_lets_go_of_the_connection() -> None:
    line = Line([b"a", asyncio.Event()])
    arrived = Arrived(line)
    async with aclosing(arrived.__aiter__()) as pieces:
        assert await anext(pieces) == b"a"
    assert line.let_go
    await arrived.aclose()
    assert line.closed


async def test_a_body_closed_under_its_reader_is_no_body_that_ended() -> None:
    arrived = Arrived(Line([b"a", asyncio.Event()]))
    pieces = arrived.__aiter__()
    assert await anext(pieces) == b"a"
    waiting = asyncio.create_task(anext(pieces))
    await asyncio.sleep(0)
    await arrived.aclose()
    with pytest.raises(httpx2.StreamClosed):
        await waiting
