"""The scripted provider says what it is told, or the tests that rest on it prove nothing."""

import asyncio
from contextlib import aclosing

import pytest

from chat.core.errors import BadReply, ConfigError, Unavailable
from chat.core.events import Finished, TextDelta
from chat.core.messages import Finish
from chat.core.models import Endpoint
from chat.providers.registry import open_provider
from tests.scripted import Scripted, Wait
from tests.wire.talk import card, generator, heard, request

ENDPOINT = Endpoint("scripted", "scripted", "Scripted")
ASKED = request(card("scripted"))
END = Finished(Finish("stop"))


async def test_one_script_is_played_at_every_call() -> None:
    provider = Scripted(ENDPOINT, (TextDelta("Hi"), END))
    assert await heard(provider, ASKED) == ([TextDelta("Hi"), END], None)
    assert await heard(provider, ASKED) == ([TextDelta("Hi"), END], None)
    assert provider.requests == [ASKED, ASKED]
    assert provider.closed
    assert provider.closed_streams == 0


async def test_a_list_of_scripts_gives_one_to_each_call() -> None:
    provider = Scripted(ENDPOINT, [(TextDelta("One"), END), (TextDelta("Two"), END)])
    assert (await heard(provider, ASKED))[0][0] == TextDelta("One")
    assert (await heard(provider, ASKED))[0][0] == TextDelta("Two")
    assert isinstance((await heard(provider, ASKED))[1], BadReply)


async def test_an_exception_is_raised_where_it_stands() -> None:
    error = Unavailable("Gone.")
    assert await heard(Scripted(ENDPOINT, (TextDelta("Hi"), error)), ASKED) == (
        [TextDelta("Hi")],
        error,
    )


async def test_a_wait_holds_the_stream_until_it_is_let_go() -> None:
    event = asyncio.Event()
    stream = generator(Scripted(ENDPOINT, (Wait(event), END)), ASKED)
    async with aclosing(stream):
        coming = asyncio.ensure_future(anext(stream))
        await asyncio.wait({coming}, timeout=0)
        assert not coming.done()
        event.set()
        assert await coming == END


async def test_streams_that_are_closed_or_cancelled_are_counted() -> None:
    provider = Scripted(ENDPOINT, (TextDelta("Hi"), Wait(asyncio.Event()), END))
    async with aclosing(generator(provider, ASKED)) as stream:
        await anext(stream)
    assert provider.closed_streams == 1
    turn = asyncio.ensure_future(heard(provider, ASKED))
    await asyncio.wait({turn}, timeout=0)
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    assert provider.closed_streams == 2


def test_an_unknown_kind_is_named_with_those_that_are_known() -> None:
    with pytest.raises(ConfigError, match=r"“telegraph”; known are .*gemini"):
        open_provider(Endpoint("e", "telegraph", "E"))
