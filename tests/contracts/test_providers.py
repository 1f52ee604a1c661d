"""What every provider promises, whatever wire it speaks. A new row in KINDS is tested by itself.

Its spec names a server for it: see ``tests.wire.servers``.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

import pytest

from chat.core.calling import ModelRequest, Provider
from chat.core.errors import (
    AuthFailed,
    ChatError,
    ProviderError,
    RateLimited,
    Rejected,
    Unavailable,
)
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.messages import Message
from chat.core.parts import Echo, Reasoning, Text, ToolCall, ToolResult
from chat.providers.registry import KINDS, open_provider, specs
from tests.contracts.resolve import resolved
from tests.loopback import Loopback, Reply, json_reply, sse, text_reply
from tests.wire.servers import PICTURE, Served
from tests.wire.talk import WEATHER, Media, assistant, generator, request, user
from tests.wire_shapes import tiny_png


@dataclass(frozen=True)
class House:
    """A provider at work, and what it stands before."""

    provider: Provider
    served: Served

    def asks(self, *messages: Message | str, media: Media | None = None) -> ModelRequest:
        said = (m if isinstance(m, Message) else user(m) for m in messages)
        return request(self.served.card, *said, media=(media or Media()).bytes)

    async def hears(
        self, *messages: Message | str, media: Media | None = None
    ) -> list[ProviderEvent]:
        async with aclosing(generator(self.provider, self.asks(*messages, media=media))) as events:
            return [event async for event in events]


@pytest.fixture(params=KINDS)
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    test_server = resolved(specs()[request.param].test_server)
    with test_server() as served:
        provider = open_provider(served.endpoint)
        yield House(provider, served)
        await provider.aclose()


def shown(events: Sequence[ProviderEvent]) -> tuple[str, list[bytes]]:
    """The words and the pictures of a reply."""
    words = "".join(event.text for event in events if isinstance(event, TextDelta))
    return words, [e.data for e in events if isinstance(e, ImageBytes) and not e.draft]


async def test_a_reply_ends_with_finished_and_holds_what_was_asked_for(house: House) -> None:
    events = await house.hears("Draw a red fox")
    words, pictures = shown(events)
    assert words.strip() or house.served.words == "none"
    assert all(picture[:4] in {b"\x89PNG", b"RIFF", b"\xff\xd8\xff\xe0"} for picture in pictures)
    assert pictures
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.finish.kind == "stop"
    assert not any(isinstance(event, Finished) for event in events[:-1])


@pytest.mark.parametrize("taken", [1, 2])
async def test_closing_early_leaves_nothing_running(house: House, taken: int) -> None:
    before = asyncio.all_tasks()
    async with aclosing(generator(house.provider, house.asks("Draw a red fox"))) as events:
        for _ in range(taken):
            await anext(events)
    gc.collect()
    left = asyncio.all_tasks() - before
    if left:  # generators that the loop is about to close
        _, pending = await asyncio.wait(left, timeout=5)
        assert not pending
    assert shown(await house.hears("Draw a red fox"))[1], "the next turn works as if nothing was"


async def test_two_streams_at_once_do_not_mix(house: House) -> None:
    fox, sea = "Draw a red fox", "Draw a blue sea at night"
    alone = [shown(await house.hears(words)) for words in (fox, sea)]
    together = await asyncio.gather(house.hears(fox), house.hears(sea))
    assert [shown(events) for events in together] == alone


async def test_two_streams_pulled_in_turns_by_one_task_do_not_mix(house: House) -> None:
    fox, sea = "Draw a red fox", "Draw a blue sea at night"
    alone = [shown(await house.hears(words)) for words in (fox, sea)]
    heard: list[list[ProviderEvent]] = [[], []]
    async with (
        aclosing(generator(house.provider, house.asks(fox))) as first,
        aclosing(generator(house.provider, house.asks(sea))) as second,
    ):
        open_streams = [(first, heard[0]), (second, heard[1])]
        while open_streams:
            for pair in tuple(open_streams):
                event = await anext(pair[0], None)
                if event is None:
                    open_streams.remove(pair)
                else:
                    pair[1].append(event)
    assert [shown(events) for events in heard] == alone


@pytest.mark.parametrize(
    "words",
    [
        "Zeichne einen Fuchs 🦊\u200d",
        "צייר שועל \u202eabc",
        "e\u0301\u2028\u0000\U0010ffff",
        "狐" * 500,
    ],
    ids=["emoji", "right to left", "odd", "long"],
)
async def test_any_script_is_understood(house: House, words: str) -> None:
    events = await house.hears(words)
    assert isinstance(events[-1], Finished)
    said, pictures = shown(events)
    assert said == words if house.served.words == "repeated" else said or pictures


async def test_history_of_other_providers_is_taken_as_it_is(house: House) -> None:
    media = Media()
    foreign = Echo("elsewhere", {"secret": [1, None]})
    reply = assistant(
        Reasoning("Hm.", foreign),
        Text("Let me look.", foreign),
        ToolCall("call/1+=", "get_weather", {"place": "Köln"}, foreign),
        ToolResult("call/1+=", "get_weather", (Text("Sunny"), media.image(PICTURE, "tool"))),
        media.image(tiny_png(9), "model", draft=True),
        media.image(tiny_png(99), "model", alt="A fox", echo=foreign),
        by="elsewhere",
        model="another",
    )
    asked = house.asks(
        user("Weather?", media.image(tiny_png(1, 2, 3))), reply, user("Draw a red fox"), media=media
    )
    async with aclosing(generator(house.provider, asked)) as events:
        heard = [event async for event in events]
    assert isinstance(heard[-1], Finished)
    assert heard[-1].finish.kind == "stop"
    assert "secret" not in shown(heard)[0]


async def test_tools_on_offer_do_not_stop_a_plain_answer(house: House) -> None:
    asked = request(house.served.card, user("Draw a red fox"), tools=(WEATHER,))
    async with aclosing(generator(house.provider, asked)) as events:
        heard = [event async for event in events]
    assert isinstance(heard[-1], Finished)
    assert heard[-1].finish.kind in {"stop", "tool_calls"}


async def test_what_an_endpoint_serves_is_listed_by_names_that_can_be_asked_for(
    house: House,
) -> None:
    listed = await house.provider.models()
    assert listed
    assert all(model.wire_name and "models/" not in model.wire_name for model in listed)
    assert len({model.wire_name for model in listed}) == len(listed)
    assert shown(await house.hears("Draw a red fox"))[1], "asking for the list changes nothing"


REFUSALS: dict[int, type[ChatError]] = {
    401: AuthFailed,
    404: Rejected,
    422: Rejected,
    429: RateLimited,
    500: Unavailable,
}

NO_ANSWERS: dict[str, Reply] = {
    "nothing": Reply((b"",), promised_bytes=0),
    "nothing more": json_reply({}),
    "a list": json_reply([1, None]),
    "a number": json_reply(5),
    "half a body": Reply((b'{"a": ',), promised_bytes=100, cut=True),
    "words": text_reply("Good morning.", mime="text/plain"),
    "a web page": text_reply("<!doctype html><title>Sign in</title>"),
    "events of nothing": sse({}, [], None, 5, "x"),
    "events that break off": sse({"a": {"b": [1]}}, cut=True),
    "deep brackets": text_reply(100_000 * "[", mime="application/json"),
}


async def ended(house: House, reply: Reply) -> Finished | ChatError:
    """How a reply ends whose server answers so."""
    with Loopback(lambda _: reply) as server:
        endpoint = replace(house.served.endpoint, base_url=server.url)
        provider = open_provider(endpoint)
        try:
            last = (await House(provider, house.served).hears("Draw a red fox"))[-1]
        except ChatError as error:
            return error
        finally:
            await provider.aclose()
    assert isinstance(last, Finished)
    return last


async def test_a_refusal_is_told_by_its_status(house: House) -> None:
    if not house.served.endpoint.base_url:
        return  # nobody is asked
    for status, kind in REFUSALS.items():
        end = await ended(house, json_reply({"error": {"message": "No."}}, status))
        assert isinstance(end, kind), (status, end)
        assert str(end).endswith((".", "”")), "a person reads it"


async def test_what_is_no_answer_ends_in_a_sentence_and_never_as_one(house: House) -> None:
    if not house.served.endpoint.base_url:
        return  # nobody is asked
    for name, reply in NO_ANSWERS.items():
        end = await ended(house, reply)
        if isinstance(end, Finished):
            assert end.finish.kind not in {"stop", "tool_calls"}, name
            assert end.finish.message, name
        else:
            assert isinstance(end, ProviderError), name


async def test_a_provider_may_be_let_go_of_twice(house: House) -> None:
    await house.hears("Draw a red fox")
    await house.provider.aclose()
    await house.provider.aclose()
