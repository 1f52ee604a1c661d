"""Small pieces of a long answer are read together; its first pieces, and what is large, at once."""

import asyncio
import ssl

import httpx2
import pytest
import trustme

from chat.core.models import Endpoint
from chat.core.read_pace import shown_every_s
from chat.http.paced_lines import AT_ONCE, SMALL_BYTES, PacedLine, PacedTransport
from chat.http.transport import RoutedTransport
from tests.loopback import Gate, Loopback, Reply, json_reply
from tests.patience import PATIENCE_S

READ_BYTES = 65_536
EVENTS = 100
RECORD = 1_369
"""Bytes of a record of a server that fits them to the packets of the network."""


class Line:
    """What has come is read in one go, as from a socket."""

    def __init__(self) -> None:
        self._came = b""
        self._news = asyncio.Event()

    def bring(self, data: bytes) -> None:
        """Have it come."""
        self._came += data
        self._news.set()

    async def receive(self, max_bytes: int) -> bytes:
        del max_bytes
        await self._news.wait()
        self._news.clear()
        data, self._came = self._came, b""
        return data

    async def send(self, item: bytes) -> None:
        pass


async def _read_while_two_come(line: Line, paced: PacedLine, data: bytes = b"word ") -> bytes:
    """What one reading brings where one piece is there and another comes in the next moment."""
    line.bring(data)
    reading = asyncio.create_task(paced.receive(READ_BYTES))
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
        assert await paced.receive(READ_BYTES) == b"word "
    assert await _read_while_two_come(line, paced) == b"word word "
    await paced.send(b"another question")
    assert await _read_while_two_come(line, paced) == b"word ", "an answer begins"


async def test_what_is_large_is_read_as_it_comes() -> None:
    shown_every_s.set(0.02)
    line, large = Line(), b"x" * SMALL_BYTES
    paced = PacedLine(line)
    for _ in range(AT_ONCE):
        line.bring(b"word ")
        await paced.receive(READ_BYTES)
    assert await _read_while_two_come(line, paced, large) == large + large
    assert await _read_while_two_come(line, paced, large) == large


@pytest.mark.parametrize("event", [b"data: word\n\n", b"x" * RECORD], ids=["words", "a picture"])
async def test_records_of_tls_that_wait_are_read_together(event: bytes) -> None:
    """What came during a rest is read after it, however many records it came in."""
    authority = trustme.CA()
    serves, asks = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(serves)
    authority.configure_trust(asks)
    sent, rests = Gate(), 0

    async def until_all_is_sent(_: float) -> None:
        nonlocal rests
        rests += 1
        await asyncio.to_thread(sent.reached.wait, PATIENCE_S)

    async def let_it_end() -> None:
        await asyncio.to_thread(sent.reached.wait, PATIENCE_S)
        sent.open()

    said = Reply((*(event,) * EVENTS, sent), headers={"content-type": "text/event-stream"})
    with Loopback([said], serves) as server:
        paced = PacedTransport(verify=asks, trust_env=False, rest=until_all_is_sent)
        async with httpx2.AsyncClient(transport=paced) as client:
            answered, _ = await asyncio.gather(client.get(server.url), let_it_end())
    assert answered.content == event * EVENTS
    assert rests < EVENTS // 10


async def test_the_connections_of_an_endpoint_are_read_so() -> None:
    with Loopback([json_reply({})]) as server:
        endpoint = Endpoint("one", "openai_chat", "One", server.url, "key")
        async with httpx2.AsyncClient(transport=RoutedTransport(endpoint)) as client:
            answered = await client.get(server.url)
        assert isinstance(answered.extensions["network_stream"]._stream, PacedLine)
