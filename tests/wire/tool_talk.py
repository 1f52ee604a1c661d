"""Calls of tools on every wire that has them: what a server says, and what it was sent."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from tests.loopback import Reply, Request
from tests.wire import interactions_shapes, responses_shapes
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import responses_stream
from tests.wire_shapes import gemini_stream, openai_stream

Wanted: TypeAlias = tuple[str, Mapping[str, Any]]
"""The name of a tool, and its arguments."""


@dataclass(frozen=True)
class ToolTraffic:
    """What of tools stands in a request."""

    declared: tuple[str, ...]
    calls: tuple[tuple[str, str], ...]
    """Id and name of each call, in order."""
    results: tuple[tuple[str, str], ...]
    """Id and words of each result, in order."""


@dataclass(frozen=True)
class ToolWire:
    """How a server of a wire asks for tools, and how it is told of them."""

    wants: Callable[[Sequence[Wanted], int], Reply]
    """Calls, in a round of this number."""
    says: Callable[[str], Reply]
    traffic: Callable[[Mapping[str, Any]], ToolTraffic]
    ids: bool = True
    """Whether the server has an id for each call: ``call_<round>_<place>``."""

    def id_of(self, round_number: int, at: int) -> str:
        """What a call is sent back under; empty: it has no id."""
        return f"call_{round_number}_{at}" if self.ids else ""

    def sent(self, request: Request) -> ToolTraffic:
        """What of tools stands in what was asked."""
        return self.traffic(request.json)


def _ids(calls: Sequence[Wanted], round_number: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for at, (name, arguments) in enumerate(calls):
        yield f"call_{round_number}_{at}", name, dict(arguments)


def _gemini_wants(calls: Sequence[Wanted], round_number: int, *, ids: bool = True) -> Reply:
    parts = [
        {
            "functionCall": {
                **({"id": call_id} if ids else {}),
                "name": name,
                "args": arguments,
            },
            **({"thoughtSignature": "c2lnbmVk"} if not at else {}),
        }
        for at, (call_id, name, arguments) in enumerate(_ids(calls, round_number))
    ]
    return gemini_stream(parts)


def _gemini(body: Mapping[str, Any]) -> ToolTraffic:
    declared = [
        function["name"]
        for group in body.get("tools", ())
        for function in group.get("functionDeclarations", ())
    ]
    parts = [part for content in body["contents"] for part in content["parts"]]
    calls = [part["functionCall"] for part in parts if "functionCall" in part]
    answers = [part["functionResponse"] for part in parts if "functionResponse" in part]
    return ToolTraffic(
        tuple(declared),
        tuple((call.get("id", ""), call["name"]) for call in calls),
        tuple((each.get("id", ""), "".join(each["response"].values())) for each in answers),
    )


def _interactions_wants(calls: Sequence[Wanted], round_number: int) -> Reply:
    steps = [
        interactions_shapes.called(name, arguments, call_id)
        for call_id, name, arguments in _ids(calls, round_number)
    ]
    return interactions_stream(steps, "requires_action")


def _interactions(body: Mapping[str, Any]) -> ToolTraffic:
    steps = body["input"]
    return ToolTraffic(
        tuple(tool["name"] for tool in body.get("tools", ())),
        tuple((s["id"], s["name"]) for s in steps if s["type"] == "function_call"),
        tuple((s["call_id"], _words(s["result"])) for s in steps if s["type"] == "function_result"),
    )


def _chat_wants(calls: Sequence[Wanted], round_number: int) -> Reply:
    """Each call in pieces, as servers stream them."""
    deltas: list[dict[str, Any]] = []
    for at, (call_id, name, arguments) in enumerate(_ids(calls, round_number)):
        told = json.dumps(arguments)
        head = {"index": at, "id": call_id, "type": "function"}
        deltas.append({"tool_calls": [{**head, "function": {"name": name, "arguments": ""}}]})
        pieces = told[: len(told) // 2], told[len(told) // 2 :]
        deltas += [
            {"tool_calls": [{"index": at, "function": {"arguments": piece}}]} for piece in pieces
        ]
    return openai_stream(deltas, "tool_calls")


def _chat(body: Mapping[str, Any]) -> ToolTraffic:
    messages = body["messages"]
    calls = [call for message in messages for call in message.get("tool_calls", ())]
    return ToolTraffic(
        tuple(tool["function"]["name"] for tool in body.get("tools", ())),
        tuple((call["id"], call["function"]["name"]) for call in calls),
        tuple((m["tool_call_id"], m["content"]) for m in messages if m["role"] == "tool"),
    )


def _responses_wants(calls: Sequence[Wanted], round_number: int) -> Reply:
    items = [
        responses_shapes.called(name, json.dumps(arguments), call_id)
        for call_id, name, arguments in _ids(calls, round_number)
    ]
    return responses_stream(items)


def _responses(body: Mapping[str, Any]) -> ToolTraffic:
    items = [item for item in body["input"] if "type" in item]
    return ToolTraffic(
        tuple(tool["name"] for tool in body.get("tools", ()) if tool["type"] == "function"),
        tuple((i["call_id"], i["name"]) for i in items if i["type"] == "function_call"),
        tuple(
            (i["call_id"], _words(i["output"]))
            for i in items
            if i["type"] == "function_call_output"
        ),
    )


def _words(told: str | Sequence[Mapping[str, Any]]) -> str:
    return told if isinstance(told, str) else "".join(item.get("text", "") for item in told)


TOOL_WIRES: dict[str, ToolWire] = {
    "gemini": ToolWire(_gemini_wants, lambda words: gemini_stream([words]), _gemini),
    "gemini_interactions": ToolWire(
        _interactions_wants, lambda words: interactions_stream([words]), _interactions
    ),
    "openai_chat": ToolWire(_chat_wants, lambda words: openai_stream([words]), _chat),
    "openai_responses": ToolWire(
        _responses_wants, lambda words: responses_stream([words]), _responses
    ),
}
"""By the kind of endpoint."""

GEMINI_WITHOUT_IDS = ToolWire(
    partial(_gemini_wants, ids=False), lambda words: gemini_stream([words]), _gemini, ids=False
)
"""As Google Cloud may answer."""
