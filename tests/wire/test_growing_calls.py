"""A call of a tool is seen while its model writes it, on every wire that tells; real SDKs, HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from chat.core.calling import ToolSpec
from chat.core.events import CallDelta
from chat.core.growing_json import SHOWN_CHARACTERS
from chat.core.models import Endpoint
from chat.core.parts import ToolCall, ToolResult, plain_text
from chat.providers.registry import open_provider
from chat.providers.shared.replies.call_growth import CallGrowth
from chat.render.live_body import LiveBody
from chat.tools.schema import FunctionTool
from tests.loopback import Gate, Loopback, Reply
from tests.patience import PATIENCE_S
from tests.unit.turns.workshop import ME
from tests.wire.cloud import express
from tests.wire.interactions_shapes import delta as interactions_delta
from tests.wire.interactions_shapes import event as interactions_event
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import called, event, responses_stream
from tests.wire.talk import card, endpoint, generator, request
from tests.wire.tool_talk import TOOL_WIRES
from tests.wire.turn import WholeTurn
from tests.wire_shapes import gemini_stream, openai_stream

BEGUN, REST = '{"words": "A fox in th', 'e snow", "times": 2}'
ARGUMENTS = json.loads(BEGUN + REST)
Parts = Sequence[Any]


class Shape(Protocol):
    """A reply that calls the tool."""

    def __call__(self, between: Parts, rest: str, *, ended: bool) -> Reply:
        """With this between its two halves, this second half, and an end or none."""
        ...


def shout(words: str, times: int) -> str:
    """Shout.

    Args:
        words: what.
        times: how often.
    """
    return " ".join([words.upper()] * times)


TOOLS = {"shout": FunctionTool("shout", shout)}


def _chat(between: Parts, rest: str, *, ended: bool) -> Reply:
    head = {"index": 0, "id": "c1", "type": "function"}
    pieces: list[Any] = [
        {"tool_calls": [{**head, "function": {"name": "shout", "arguments": ""}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": BEGUN}}]},
        *between,
        {"tool_calls": [{"index": 0, "function": {"arguments": rest}}]},
    ]
    return openai_stream(pieces, "tool_calls" if ended else None)


def _responses(between: Parts, rest: str, *, ended: bool) -> Reply:
    item = called("shout", "", "c1") | {"status": "in_progress"}
    kind = "response.function_call_arguments.delta"
    parts: list[Any] = [
        event("response.output_item.added", item=item),
        event(kind, item_id="fc_1", delta=BEGUN),
        *between,
        event(kind, item_id="fc_1", delta=rest),
    ]
    whole = [called("shout", BEGUN + rest, "c1")] if ended else []
    return responses_stream([*parts, *whole], "completed" if ended else None)


def _interactions(between: Parts, rest: str, *, ended: bool) -> Reply:
    head = {"type": "function_call", "id": "c1", "name": "shout", "arguments": {}}
    parts: list[Any] = [
        interactions_event("step.start", index=0, step=head),
        interactions_delta("arguments_delta", arguments=BEGUN),
        *between,
        interactions_delta("arguments_delta", arguments=rest),
    ]
    stop = [interactions_event("step.stop", index=0)] if ended else []
    return interactions_stream([*parts, *stop], "requires_action" if ended else None)


def _gemini(between: Parts, rest: str, *, ended: bool) -> Reply:
    """As Google Cloud does it: values at their paths, and an empty call at the end."""
    del rest  # the values themselves are told
    words, times = ARGUMENTS["words"], ARGUMENTS["times"]
    begun = BEGUN.rpartition('"')[2]

    def piece(*values: Mapping[str, Any], more: bool = True) -> dict[str, Any]:
        return {"functionCall": {"partialArgs": list(values), "willContinue": more}}

    head = {"id": "c1", "name": "shout", "willContinue": True}
    parts: list[Any] = [
        {"functionCall": head, "thoughtSignature": "c2lnbmVk"},
        piece({"jsonPath": "$.words", "stringValue": begun, "willContinue": True}),
        *between,
        piece({"jsonPath": "$.words", "stringValue": words.removeprefix(begun)}),
        piece({"jsonPath": "$['times']", "numberValue": times}),
    ]
    stop: list[Any] = [{"functionCall": {}}] if ended else []
    return gemini_stream([*parts, *stop], "STOP" if ended else None)


def _streamed(url: str) -> Endpoint:
    return express("gemini", url, stream_function_call_arguments=True)


@dataclass(frozen=True)
class Row:
    """One wire."""

    kind: str
    reply: Shape
    at: Callable[[str], Endpoint]


ROWS = {
    row.kind: row
    for row in (
        Row("openai_chat", _chat, lambda url: endpoint("openai_chat", f"{url}/v1")),
        Row("openai_responses", _responses, lambda url: endpoint("openai_responses", f"{url}/v1")),
        Row("gemini_interactions", _interactions, lambda url: endpoint("gemini_interactions", url)),
        Row("gemini", _gemini, _streamed),
    )
}
every_wire = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())


class Watcher:
    """Somebody who looks at a running reply, from its beginning."""

    def __init__(self, turn: WholeTurn, reply_id: str) -> None:
        job = turn.jobs.get(reply_id)
        assert job is not None
        self._job = job
        self.body = LiveBody({"shout": "Shout it"})

    async def until(self, *words: str) -> str:
        """What is on the screen once all of these are."""
        self.body = LiveBody({"shout": "Shout it"})
        async with asyncio.timeout(PATIENCE_S), aclosing(self._job.watch()) as batches:
            async for batch in batches:
                self.body.feed(batch)
                if all(word in self.body.html() for word in words):
                    return self.body.html()
        raise AssertionError(self.body.html())

    async def whole(self) -> str:
        """What is on the screen once the reply has ended."""
        self.body = LiveBody({})
        async with asyncio.timeout(PATIENCE_S), aclosing(self._job.watch()) as batches:
            async for batch in batches:
                self.body.feed(batch)
        return self.body.html()


@asynccontextmanager
async def asked(row: Row, *replies: Reply) -> AsyncIterator[tuple[WholeTurn, str, Loopback]]:
    wire = TOOL_WIRES[row.kind]
    with Loopback([*replies, wire.says("Done."), wire.says("Later.")]) as server:
        model = card(row.kind, tools=True, signatures=False)
        async with WholeTurn(row.at(server.url), model, TOOLS) as turn:
            yield turn, await turn.begun("Shout of a fox", tools_on=True), server


@every_wire
async def test_a_call_is_seen_growing_and_then_runs_as_it_was_written(row: Row) -> None:
    gate = Gate()
    async with asked(row, row.reply([gate], REST, ended=True)) as (turn, reply_id, server):
        watcher = Watcher(turn, reply_id)
        growing = await watcher.until("A fox in th")
        assert '<details class="tool growing">' in growing
        assert "Shout it" in growing
        assert "is called" in growing
        assert "e snow" not in growing
        gate.open()
        reply = await turn.ended(reply_id)
    assert reply.status == "complete"
    (call,) = (part for part in reply.parts if isinstance(part, ToolCall))
    assert (call.name, call.arguments) == ("shout", ARGUMENTS)
    (result,) = (part for part in reply.parts if isinstance(part, ToolResult))
    assert plain_text(result.content) == "A FOX IN THE SNOW A FOX IN THE SNOW"
    told_back = TOOL_WIRES[row.kind].sent(server.requests[-1])
    assert told_back.calls == (("c1", "shout"),)


@every_wire
async def test_stop_in_the_middle_of_a_call_leaves_nothing_of_it(row: Row) -> None:
    async with asked(row, row.reply([Gate()], REST, ended=True)) as (turn, reply_id, server):
        await Watcher(turn, reply_id).until("A fox in th")
        assert turn.engine.stop(ME, reply_id)
        stopped = await turn.ended(reply_id)
        assert (stopped.status, stopped.parts) == ("stopped", ())
        after = await turn.ended(await turn.asked_after(stopped, "And now?"))
        sent = TOOL_WIRES[row.kind].sent(server.requests[-1])
    assert after.status == "complete"
    assert (sent.calls, sent.results) == ((), ())
    assert "fox in th" not in server.requests[-1].body.decode()


@every_wire
async def test_a_call_that_breaks_off_is_none_and_is_not_shown_any_more(row: Row) -> None:
    gate = Gate()
    broken = row.reply([gate], "", ended=False)
    async with asked(row, broken, broken, broken) as (turn, reply_id, _):
        watcher = Watcher(turn, reply_id)
        await watcher.until("A fox in th")
        gate.open()
        reply = await turn.ended(reply_id)
        assert (reply.status, reply.parts) == ("failed", ())
        assert await watcher.whole() == ""


@every_wire
async def test_what_is_shown_of_a_call_is_its_own_text_in_order(row: Row) -> None:
    """The pieces say the same as the whole call that follows."""
    with Loopback([row.reply([], REST, ended=True)]) as server:
        provider = open_provider(row.at(server.url))
        asked_for = request(card(row.kind, tools=True), tools=())
        async with aclosing(generator(provider, asked_for)) as events:
            heard = [each async for each in events]
        await provider.aclose()
    grown = [each for each in heard if isinstance(each, CallDelta)]
    assert {(each.number, each.name) for each in grown} == {(0, "shout")}
    assert not any(each.anew for each in grown)
    text = "".join(each.arguments for each in grown)
    (call,) = (each for each in heard if isinstance(each, ToolCall))
    assert call.arguments == ARGUMENTS
    assert json.loads(text if text.endswith("}") else text + "}") == ARGUMENTS
    assert heard.index(grown[-1]) < heard.index(call)


def function(arguments: str, name: str = "", call_id: str = "", index: int = 0) -> dict[str, Any]:
    told = {"name": name, "arguments": arguments} if name else {"arguments": arguments}
    return {"index": index, **({"id": call_id} if call_id else {}), "function": told}


FOX = '{"words": "A fox"}'
SERVERS: dict[str, tuple[list[dict[str, Any]], dict[int, tuple[str, dict[str, Any]]]]] = {
    "says it all from the start each time": (
        [function(FOX[:length], "shout", "c") for length in (8, 12, 99)],
        {0: ("shout", {"words": "A fox"})},
    ),
    "says it whole and then once more": (
        [function(FOX, "shout", "c")] * 2,
        {0: ("shout", {"words": "A fox"})},
    ),
    "corrects itself": (
        [function(FOX, "shout", "c"), function('{"words": "A cat"}', "", "c")],
        {0: ("shout", {"words": "A cat"})},
    ),
    "gives every call the same index": (
        [function('{"words": "A"}', "shout", "c"), function('{"words": "B"}', "shout", "d")],
        {0: ("shout", {"words": "A"}), 1: ("shout", {"words": "B"})},
    ),
    "gives the name in pieces": (
        [function("", "sho", "c"), function("", "ut"), function('{"words": "A"}')],
        {0: ("shout", {"words": "A"})},
    ),
    "lets two calls take turns": (
        [
            function('{"words"', "shout", "c"),
            function('{"words"', "shout", "d", 1),
            function(': "A"}'),
            function(': "B"}', index=1),
        ],
        {0: ("shout", {"words": "A"}), 1: ("shout", {"words": "B"})},
    ),
}


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS.keys())
async def test_however_a_server_sends_its_pieces_what_is_shown_is_what_is_called(
    server: tuple[list[dict[str, Any]], dict[int, tuple[str, dict[str, Any]]]],
) -> None:
    pieces, expected = server
    reply = openai_stream([{"tool_calls": [piece]} for piece in pieces], "tool_calls")
    shouting = ToolSpec("shout", "", {"type": "object"})
    with Loopback([reply]) as at:
        provider = open_provider(endpoint("openai_chat", f"{at.url}/v1"))
        asked_for = request(card("openai_chat", tools=True), tools=(shouting,))
        async with aclosing(generator(provider, asked_for)) as events:
            heard = [each async for each in events]
        await provider.aclose()
    shown: dict[int, tuple[str, str]] = {}
    for each in heard:
        if isinstance(each, CallDelta):
            before = "" if each.anew else shown.get(each.number, ("", ""))[1]
            shown[each.number] = (each.name, before + each.arguments)
    assert {number: (name, json.loads(text)) for number, (name, text) in shown.items()} == expected
    calls = [(each.name, each.arguments) for each in heard if isinstance(each, ToolCall)]
    assert calls == list(expected.values())


def test_of_arguments_of_any_length_no_more_is_told_than_is_shown() -> None:
    growth = CallGrowth()
    pieces = [CallDelta(number, "shout", "x" * 500) for number in (0, 1) for _ in range(1_000)]
    told = [piece.number for piece in pieces if growth.shown(piece)]
    assert [told.count(number) for number in (0, 1)] == [SHOWN_CHARACTERS // 500] * 2
    assert growth.shown(CallDelta(0, "shout", "y", anew=True))
