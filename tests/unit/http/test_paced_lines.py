"""Small pieces of a long answer are read together; its first pieces, and what is large, at once."""

import asyncio

import httpcore2
import httpx2

from chat.core.models import Endpoint
from chat.core.read_pace import shown_every_s
from chat.http.paced_lines import AT_ONCE, SMALL_BYTES, PacedLine
from chat.http.transport import RoutedTransport
from tests.loopback import Loopback, json_reply

READ_BYTES = 65_536


class Line(httpcore2.AsyncNetworkStream):
    """What has come is read in one go, as from a socket."""

    def __init__(self) -> None:
        self._came = b""
        self._news = asyncio.Event()

    def bring(self, data: bytes) -> None:
        """Have it come."""
        self._came += data
        self._news.set()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        del max_bytes, timeout
        await self._news.wait()
        self._news.clear()
        data, self._came = self._came, b""
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        pass


async def _read_while_two_come(line: Line, paced: PacedLine, data: bytes = b"word ") -> bytes:
    """What one reading brings where one piece is there and another comes in the next moment."""
    line.bring(data)
    reading = asyncio.create_task(paced.read(READ_BYTES))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    line.bring(data)
    return await reading


async def test_pieces_that_come_while_a_line_rests_are_read_together() -> None:
    shown_every_s.set(0.02)
    line = Line()
    paced = PacedLine(line)
    for _ in range(AT_ONCE):
        line.bring(b"word ")
        assert await paced.read(READ_BYTES) == b"word "
    assert await _read_while_two_come(line, paced) == b"word word "
    await paced.write(b"another question")
    assert await _read_while_two_come(line, paced) == b"word ", "an answer begins"


async def test_what_is_large_is_read_as_it_comes() -> None:
    shown_every_s.set(0.02)
    line, large = Line(), b"x" * SMALL_BYTES
    paced = PacedLine(line)
    for _ in range(AT_ONCE):
        line.bring(b"word ")
        await paced.read(READ_BYTES)
    assert await _read_while_two_come(line, paced, large) == large + large
    assert await _read_while_two_come(line, paced, large) == large


async def test_the_connections_of_an_endpoint_are_read_so() -> None:
    with Loopback([json_reply({})]) as server:
        endpoint = Endpoint("one", "openai_chat", "One", server.url, "key")
        async with httpx2.AsyncClient(transport=RoutedTransport(endpoint)) as client:
            answered = await client.get(server.url)
        assert isinstance(answered.extensions["network_stream"], PacedLine)
