"""A limit that runs out says which and after how long; what had arrived is kept."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from chat.core.errors import Unavailable
from chat.core.liveness import alive
from chat.core.models import Endpoint, Timeouts
from chat.gateway.deadline import Deadline
from tests.loopback import Gate, sse
from tests.unit.turns.exchange import Exchange, card, exchange, sentence, words
from tests.wire_shapes import openai_chunk


def drip(gate: Gate) -> list[object]:
    return [openai_chunk({"content": "so far"}), gate]


async def test_a_first_event_that_never_comes() -> None:
    limits = Timeouts(30, 0.3, 60, 120)
    async with exchange([card("a")], {"a": [sse(Gate())]}, timeouts=limits) as (made, _):
        reply = await made.reply()
        assert reply.status == "failed"
        assert sentence(reply) == "Server A did not answer within 0.3 seconds. Try again."
        assert reply.finish is not None
        assert reply.finish.billed == "unknown"
        assert made.book.calls[0].first_event_s is None


async def test_a_silence_between_two_events() -> None:
    limits = Timeouts(30, 60, 0.4, 120)
    async with exchange([card("a")], {"a": [sse(*drip(Gate()))]}, timeouts=limits) as (made, _):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("interrupted", "so far")
        assert sentence(reply) == (
            "Server A sent nothing for 0.4 seconds. What had arrived is kept; try again."
        )
        call = made.book.calls[0]
        assert (call.outcome, call.error_type) == ("error", "Unavailable")
        assert call.first_event_s is not None


async def test_a_line_that_lives_is_waited_for_and_its_silence_is_not() -> None:
    loop = asyncio.get_running_loop()
    now = loop.time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "time", lambda: now)
        endpoint = Endpoint("a", "openai_chat", "Server A", timeouts=Timeouts(30, 10, 5, 100))
        deadline = Deadline(endpoint, streams=True)
        await deadline.__aenter__()
        for _ in range(4):
            now += 9
            alive.get()()
            await asyncio.sleep(0)
        assert not deadline.begun, "a sign of life is no answer"
        now += 11
        with pytest.raises(asyncio.CancelledError) as cancelled:
            await asyncio.Event().wait()
        with pytest.raises(Unavailable, match="did not answer within 10 seconds"):
            await deadline.__aexit__(cancelled.type, cancelled.value, cancelled.tb)


async def test_an_answer_without_end() -> None:
    limits = Timeouts(30, 60, 60, 2)
    async with exchange([card("a")], {"a": [sse(*drip(Gate()))]}, timeouts=limits) as (made, _):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("interrupted", "so far")
        assert sentence(reply) == (
            "Server A was not done after 2 seconds. What had arrived is kept; try again."
        )


async def test_an_answer_in_one_piece_may_be_silent_until_it_is_whole() -> None:
    limits = Timeouts(5, 0.2, 0.2, 0.6)
    whole = card("a", stream=False)
    async with exchange([whole], {"a": [sse(Gate())]}, timeouts=limits) as (made, _):
        assert "0.6 seconds" in sentence(await made.reply())


@dataclass
class FullHouse:
    """An address and nothing behind it."""

    url: str


@pytest.fixture
def full_house() -> Iterator[FullHouse]:
    """An address whose queue of connections is full: it neither takes nor refuses another."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        address = door.getsockname()
        waiting = []
        for _ in range(4):
            line = socket.socket()
            line.setblocking(False)
            line.connect_ex(address)
            waiting.append(line)
        yield FullHouse(f"http://127.0.0.1:{address[1]}")
        for line in waiting:
            line.close()


@pytest.mark.parametrize("kind", ["openai_chat", "gemini"])
async def test_a_connection_that_is_never_made_is_given_up(
    full_house: FullHouse, kind: str
) -> None:
    limits = Timeouts(0.3, 20, 20, 20)
    made = Exchange({"a": full_house}, [card("a")], timeouts=limits, kinds={"a": kind})
    reply = await made.reply()
    assert reply.status == "failed"
    assert made.book.calls[0].error_type == "Unavailable"
    assert made.book.calls[0].total_s < 10
    assert reply.finish is not None
    assert reply.finish.actions == ("retry", "other_model")
    await made.engine.close()
