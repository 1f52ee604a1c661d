"""An answer that does not end is ended: what came is kept, it is said, and nobody listens on."""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from chat.core.bounds import MAX_ARGUMENTS_BYTES, MAX_CALLS, MAX_LINKS, MAX_PICTURES
from chat.core.errors import BadReply, ProviderError
from chat.core.events import ImageBytes
from chat.core.parts import ToolCall, pictures, plain_text
from chat.providers.shared.http.incoming import BOUNDS, Bounds, incoming
from tests.loopback import Gate, Loopback, Reply, Request, json_reply
from tests.patience import PATIENCE_S
from tests.unit.turns.exchange import card, exchange, sentence
from tests.wire.doors import DOORS, RED, STREAMING
from tests.wire.hostile import JSON, PIECES, STREAM, Hostile, answers
from tests.wire.interactions_shapes import called as called_in_a_step
from tests.wire.interactions_shapes import delta, event, interactions_stream
from tests.wire.responses_shapes import called as called_by_item
from tests.wire.responses_shapes import responses_stream
from tests.wire.talk import heard, request
from tests.wire.turn import WholeTurn
from tests.wire_shapes import gemini_stream, openai_stream, tiny_png

SMALL = Bounds(
    whole_bytes=40_000,
    stream_bytes=60_000,
    event_bytes=20_000,
    idle_bytes=5_000,
    error_bytes=10_000,
    marks=2_000,
)


@pytest.mark.parametrize("hostile", [*answers()], ids=lambda each: each.name)
@pytest.mark.parametrize("kind", DOORS)
async def test_what_has_no_end_is_ended_and_the_connection_closed(
    kind: str, hostile: Hostile
) -> None:
    door = DOORS[kind]
    BOUNDS.set(SMALL)
    with Loopback([hostile.reply()]) as server:
        found, error = await heard(door.opened(server.url), request(door.card()))
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
    assert isinstance(error, ProviderError)
    assert found == []
    if hostile.status == 200:
        assert isinstance(error, BadReply)
    else:
        assert error.status == hostile.status


@pytest.mark.parametrize("kind", STREAMING)
async def test_events_without_end_are_ended_by_their_number(kind: str) -> None:
    door = DOORS[kind]
    BOUNDS.set(Bounds(events=200))
    endless = Reply((*[b'data: {"x": 1}\n\n' * 50] * 100, Gate()), headers=STREAM)
    with Loopback([endless]) as server:
        _, error = await heard(door.opened(server.url), request(door.card()))
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
    assert "sent more than an answer may hold" in str(error)


@pytest.mark.parametrize("kind", DOORS)
async def test_words_that_would_be_read_in_one_go_for_too_long_end_the_reply(kind: str) -> None:
    door = DOORS[kind]
    BOUNDS.set(Bounds(read_bytes=50_000))
    words = json.dumps({"a": "word " * 20_000}).encode()
    for reply in (Reply((b"data: ", words, b"\n\n"), headers=STREAM), Reply((words,))):
        with Loopback([reply]) as server:
            _, error = await heard(door.opened(server.url), request(door.card()))
        assert "sent more than an answer may hold" in str(error)


@pytest.mark.parametrize("at_once", [False, True], ids=["bit by bit", "at once"])
@pytest.mark.parametrize("kind", STREAMING)
async def test_what_came_before_is_kept_and_the_end_is_said(kind: str, at_once: bool) -> None:
    door = DOORS[kind]
    BOUNDS.set(SMALL)
    said = ("Half ", "of it") if door.talks else (RED,)
    began = door.begun(said)
    steps = (*began.steps, *[b": ping\n\n" * 100] * PIECES)
    if at_once:
        steps = (b"".join(step for step in steps if isinstance(step, bytes)),)
    with Loopback([Reply((*steps, Gate()), headers=STREAM)]) as server:
        async with WholeTurn(door.endpoint(server.url), door.card()) as turn:
            reply = await turn.ended(await turn.begun())
    assert reply.status == "interrupted"
    assert reply.parts
    assert reply.finish is not None
    assert "sent more than an answer may hold. What had arrived is kept." in reply.finish.message


@pytest.mark.parametrize("kind", DOORS)
async def test_an_error_is_quoted_however_long_it_is(kind: str) -> None:
    door = DOORS[kind]
    BOUNDS.set(SMALL)
    body = json.dumps({"error": {"message": "Told.", "code": 429}}) + " " * 100_000
    reply = Reply((body.encode(), Gate()), 429, JSON)
    with Loopback([reply]) as server:
        _, error = await heard(door.opened(server.url), request(door.card()))
    assert "takes no more requests for now" in str(error)


def calls(count: int, arguments: str = "{}") -> list[dict[str, Any]]:
    return [
        {"index": n, "id": f"c{n}", "function": {"name": "get_weather", "arguments": arguments}}
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (calls(MAX_CALLS + 1), "more than 100 tools"),
        (calls(1, json.dumps({"a": "x" * MAX_ARGUMENTS_BYTES})), "more to read than Easel takes"),
    ],
    ids=["calls", "arguments"],
)
@pytest.mark.parametrize("pieces", [1, 50])
async def test_more_calls_than_a_reply_may_have_end_it(
    said: list[dict[str, Any]], told: str, pieces: int
) -> None:
    step = -(-len(said) // pieces)
    parts: list[Any] = ["Half of it"]
    parts += [{"tool_calls": said[at : at + step]} for at in range(0, len(said), step)]
    async with exchange([card("a")], {"a": [openai_stream(parts)]}) as (made, _):
        reply = await made.reply()
    assert told in sentence(reply)
    assert not [part for part in reply.parts if isinstance(part, ToolCall)]


def chat_call(arguments: dict[str, str], call_id: str) -> dict[str, Any]:
    function = {"name": "get_weather", "arguments": json.dumps(arguments)}
    return {"tool_calls": [{"index": int(call_id), "id": call_id, "function": function}]}


CALLING: dict[str, tuple[Callable[[list[Any]], Reply], Callable[[dict[str, str], str], Any]]] = {
    "gemini": (
        gemini_stream,
        lambda arguments, call_id: {
            "functionCall": {"id": call_id, "name": "get_weather", "args": arguments}
        },
    ),
    "gemini_interactions": (
        interactions_stream,
        lambda arguments, call_id: called_in_a_step("get_weather", arguments, call_id),
    ),
    "openai_chat": (openai_stream, chat_call),
    "openai_responses": (
        responses_stream,
        lambda arguments, call_id: called_by_item("get_weather", json.dumps(arguments), call_id),
    ),
}
"""A stream of each wire that can call tools, and a call of it."""


@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("kind", CALLING)
async def test_arguments_longer_than_an_answer_may_have_end_it(kind: str, count: int) -> None:
    stream, call = CALLING[kind]
    arguments = {"place": "x" * (MAX_ARGUMENTS_BYTES // count)}
    said = ["Half of it", *(call(arguments, str(number)) for number in range(count))]
    door = DOORS[kind]
    with Loopback([stream(said)]) as server:
        async with WholeTurn(door.endpoint(server.url), door.card()) as turn:
            reply = await turn.ended(await turn.begun())
    assert reply.status == "interrupted"
    assert plain_text(reply.parts).startswith("Half of it")
    assert reply.finish is not None
    assert "more to read than Easel takes" in reply.finish.message


ENDLESS: dict[str, list[Any]] = {
    "gemini_interactions": [
        event("step.start", index=9, step={"type": "function_call", "id": "c", "name": "n"}),
        *[delta("arguments_delta", 9, arguments="x" * 1_000)] * 600,
    ],
    "openai_responses": [{"type": "response.function_call_arguments.delta", "delta": "x" * 1_000}]
    * 600,
}


@pytest.mark.parametrize("kind", ENDLESS)
async def test_arguments_that_do_not_end_are_ended(kind: str) -> None:
    door, said = DOORS[kind], ["Half of it", *ENDLESS[kind], Gate()]
    with Loopback([CALLING[kind][0](said)]) as server:
        _, error = await heard(door.opened(server.url), request(door.card()))
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
    assert "more to read than Easel takes" in str(error)


async def test_links_of_one_reply_are_opened_up_to_a_number() -> None:
    opened: list[str] = []

    def answer(asked: Request) -> Reply:
        if asked.path.endswith("completions"):
            links = [f"http://127.0.0.1:{server.port}/{n}.png" for n in range(800)]
            return openai_stream([{"images": [{"url": link} for link in links]}])
        opened.append(asked.path)
        picture = tiny_png(len(opened))
        return Reply((picture,), headers={"content-type": "image/png"})

    with Loopback(answer) as server:
        door = DOORS["openai_chat"]
        found, error = await heard(door.opened(server.url), request(door.card()))
    assert len(opened) == MAX_LINKS
    assert sum(isinstance(event, ImageBytes) for event in found) == MAX_LINKS
    assert f"sent more than {MAX_LINKS} pictures as links" in str(error)


MANY: dict[str, Callable[[list[bytes]], Reply]] = {
    "openai_chat": lambda many: openai_stream([*many]),
    "openai_images": lambda many: json_reply(
        {"data": [{"b64_json": base64.b64encode(each).decode()} for each in many]}
    ),
}


@pytest.mark.parametrize("kind", MANY)
async def test_pictures_of_one_reply_are_kept_up_to_a_number(kind: str) -> None:
    door = DOORS[kind]
    many = [tiny_png(number, 7) for number in range(MAX_PICTURES + 10)]
    with Loopback([MANY[kind](many)]) as server:
        async with WholeTurn(door.endpoint(server.url), door.card(stream=False)) as turn:
            reply = await turn.ended(await turn.begun())
    assert len(pictures(reply.parts)) == MAX_PICTURES
    assert reply.finish is not None
    assert f"Easel keeps {MAX_PICTURES} pictures in one reply" in reply.finish.message


@pytest.mark.parametrize("first", ["the reader", "the response"])
async def test_a_reply_that_is_stopped_may_be_closed_by_all_who_hold_it_at_once(first: str) -> None:
    told = Reply((b"data: {}\n\n", Gate()), headers=STREAM)
    hooks = {"response": [incoming("The test server")]}
    with Loopback([told]) as server:
        async with httpx2.AsyncClient(event_hooks=hooks) as client:
            asking = client.build_request("GET", server.url)
            response = await client.send(asking, stream=True)
            pieces = response.aiter_raw()
            assert await anext(pieces) == b"data: {}\n\n"
            closing = [pieces.aclose(), response.aclose()]
            await asyncio.gather(*(closing if first == "the reader" else reversed(closing)))
            assert response.is_closed
