"""A model that does not stop is stopped: what came is kept, and nothing fills up."""

import asyncio

import pytest

from chat.core.bounds import MAX_WORDS_BYTES
from chat.core.parts import Reasoning, Text
from tests.loopback import Gate, Reply, sse
from tests.unit.turns.exchange import card, exchange, sentence, words
from tests.wire_shapes import openai_chunk, openai_stream

PIECE = "wörds " * 40_000


def endless(key: str) -> Reply:
    """Words, and then a silence in which the connection stays open."""
    return sse(*[openai_chunk({key: PIECE})] * 9, Gate())


@pytest.mark.parametrize("key", ["content", "reasoning_content"])
async def test_an_endless_reply_is_ended_and_its_connection_closed(key: str) -> None:
    async with exchange([card("a")], {"a": [endless(key)]}) as (made, servers):
        reply = await made.reply()
        assert await asyncio.to_thread(servers["a"].requests[0].gone.wait, 20)
        assert reply.finish is not None
        assert (reply.status, reply.finish.kind) == ("complete", "length")
        assert "2 MB" in sentence(reply)
        (part,) = reply.parts
        assert isinstance(part, Text | Reasoning)
        kept = len(part.text.encode())
        assert MAX_WORDS_BYTES - 2 <= kept <= MAX_WORDS_BYTES
        assert part.text == (PIECE * 9)[: len(part.text)]
        assert reply.cost_usd is None, "what it would have counted nobody knows"
        (call,) = made.book.calls
        assert (call.outcome, call.finish) == ("ok", "length")


async def test_one_piece_that_is_too_large_is_cut() -> None:
    said = {"a": [openai_stream(["x" * (MAX_WORDS_BYTES + 1)])]}
    async with exchange([card("a")], said) as (made, _):
        reply = await made.reply()
        assert reply.finish is not None
        assert reply.finish.kind == "length"
        assert words(reply) == "x" * MAX_WORDS_BYTES


async def test_a_reply_that_just_fits_is_whole() -> None:
    said = {"a": [openai_stream(["x" * MAX_WORDS_BYTES])]}
    async with exchange([card("a")], said) as (made, _):
        reply = await made.reply()
        assert reply.finish is not None
        assert (reply.finish.kind, len(words(reply))) == ("stop", MAX_WORDS_BYTES)
