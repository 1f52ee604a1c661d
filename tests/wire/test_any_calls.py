"""However a server tells the calls of tools, each is run once with its own arguments."""

import json
from typing import Any

import pytest

from chat.core.events import Finished
from chat.core.parts import ToolCall
from tests.loopback import sse
from tests.wire.any_door import asked
from tests.wire.responses_shapes import called, event, response
from tests.wire.talk import finished
from tests.wire_shapes import (
    gemini_stream,
    openai_stream,
)


def call(call_id: str, arguments: str, index: object = 0, name: str = "calc") -> dict[str, Any]:
    told: dict[str, Any] = {"function": {"name": name, "arguments": arguments}}
    told |= {"index": index} if index is not None else {}
    return {"type": "function", **told, **({"id": call_id} if call_id else {})}


A, B = '{"x":"2+2"}', '{"x":"3*5"}'
CALLS: dict[str, tuple[list[list[dict[str, Any]]], list[str]]] = {
    # The tool calls of each delta, and the arguments that must reach the tools.
    "index 0, one delta": ([[call("a", A), call("b", B)]], [A, B]),
    "index 0, many deltas": ([[call("a", A)], [call("b", B)]], [A, B]),
    "no index": ([[call("a", A, None)], [call("b", B, None)]], [A, B]),
    "no index, one delta": ([[call("a", A, None), call("b", B, None)]], [A, B]),
    "no index, no id": ([[call("", A, None)], [call("", B, None)]], [A, B]),
    "index as text": ([[call("a", A, "0")], [call("b", B, "1")]], [A, B]),
    "a repeat": (
        [[call("a", A[:4])], [{"index": 0, "function": {"arguments": A[4:]}}], [call("a", A)]],
        [A],
    ),
    "a repeat elsewhere": ([[call("a", "")], [call("a", A)], [call("a", A, 1)]], [A]),
    "another that is named alike": ([[call("call_0", A)], [call("call_0", B, 1)]], [A, B]),
    "the same twice, two ids": ([[call("a", A)], [call("b", A)]], [A, A]),
    "a placeholder": ([[call("", "", 0, "")], [call("a", A, 1)]], [A]),
    "an empty object first": ([[call("a", "{}")], [call("", A, 0, "")]], [A]),
    "the id late": (
        [[call("", A[:5])], [{"index": 0, "id": "a", "function": {"arguments": A[5:]}}]],
        [A],
    ),
    "growing": ([[call("a", A[:3])], [call("a", A[:8])], [call("a", A)]], [A]),
    "interleaved": (
        [
            [call("a", A[:4])],
            [call("b", B[:4], 1)],
            [{"index": 0, "function": {"arguments": A[4:]}}],
            [{"index": 1, "function": {"arguments": B[4:]}}],
        ],
        [A, B],
    ),
    "the name behind the arguments": (
        [
            [{"index": 0, "id": "a", "function": {"arguments": A}}],
            [{"index": 0, "function": {"name": "calc"}}],
        ],
        [A],
    ),
    "in a code fence": ([[call("a", f"```json\n{A}\n```")]], [A]),
    "as Anthropic names them": ([[{"id": "a", "name": "calc", "input": json.loads(A)}]], [A]),
    "a table for text": ([[call("a", json.loads(A))]], [A]),
    "an object inside": (
        [
            [call("a", '{"x":')],
            [{"index": 0, "function": {"arguments": '{"y":1}'}}],
            [{"index": 0, "function": {"arguments": "}"}}],
        ],
        ['{"x":{"y":1}}'],
    ),
}


@pytest.mark.parametrize(("given", "run"), CALLS.values(), ids=CALLS.keys())
async def test_every_call_is_run_once_with_its_own_arguments(
    given: list[list[dict[str, Any]]], run: list[str]
) -> None:
    parts: list[Any] = [{"tool_calls": calls} for calls in given]
    events = await asked("openai_chat", openai_stream(parts, "tool_calls"))
    calls = [found for found in events if isinstance(found, ToolCall)]
    assert [found.arguments for found in calls] == [json.loads(text) for text in run]
    assert {found.name for found in calls} == {"calc"}
    assert finished(events).finish.kind == "tool_calls"


async def test_a_call_that_comes_twice_is_run_once_at_the_other_doors() -> None:
    part = {"functionCall": {"id": "a", "name": "calc", "args": {"x": 1}}}
    empty = {"functionCall": {"name": ""}}
    events = await asked("gemini", gemini_stream([empty, part, part]))
    assert [type(found) for found in events] == [ToolCall, Finished]
    item = called("calc", A)
    reply = sse(
        event("response.output_item.done", item=item),
        event("response.completed", response=response([item])),
    )
    events = await asked("openai_responses", reply)
    assert [type(found) for found in events] == [ToolCall, Finished]
