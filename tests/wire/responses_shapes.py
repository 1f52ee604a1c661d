"""Replies in the true shape of the Responses API, made from a list of words and pictures.

A part is a ``str`` (text in two deltas), ``bytes`` (a picture), a :class:`Gate` (wait there) or a
``dict`` (an output item, or an event where its type begins with ``response.``).
"""

import base64
from collections.abc import Sequence
from typing import Any

from tests.loopback import Gate, Reply, sse
from tests.wire_shapes import Said

USAGE = {
    "input_tokens": 268,
    "input_tokens_details": {"cached_tokens": 8, "cache_write_tokens": 0},
    "output_tokens": 150,
    "output_tokens_details": {"reasoning_tokens": 120},
    "total_tokens": 418,
}
TOOL_USAGE = {
    "image_gen": {
        "input_tokens": 60,
        "input_tokens_details": {"image_tokens": 50, "text_tokens": 10},
        "output_tokens": 1290,
        "total_tokens": 1350,
    },
    "web_search": {"num_requests": 0},
}


def b64(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def drawn(picture: bytes, **more: Any) -> dict[str, Any]:
    """An output item with a picture."""
    item = {"type": "image_generation_call", "id": "ig_1", "status": "completed"}
    return {**item, "result": b64(picture), **more}


def said(text: str, kind: str = "output_text") -> dict[str, Any]:
    """An output item with words."""
    content: dict[str, Any] = {"type": kind, "text": text, "annotations": []}
    if kind == "refusal":
        content = {"type": kind, "refusal": text}
    return {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [content],
    }


def called(name: str, arguments: str, call_id: str = "call_1") -> dict[str, Any]:
    """An output item with a function call."""
    item = {"type": "function_call", "id": "fc_1", "status": "completed"}
    return {**item, "call_id": call_id, "name": name, "arguments": arguments}


def response(output: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A whole response."""
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "gpt-5.4",
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "output": list(output),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": USAGE,
        **more,
    }


def event(kind: str, **more: Any) -> dict[str, Any]:
    """One event of a stream."""
    return {"type": kind, "sequence_number": 1, "output_index": 0, **more}


def delta(text: str, kind: str = "output_text") -> dict[str, Any]:
    """A piece of text."""
    told = event(f"response.{kind}.delta", item_id="msg_1", content_index=0, delta=text)
    return {**told, "logprobs": []}


def responses_stream(parts: Sequence[Said], end: str | None = "completed", **more: Any) -> Reply:
    """A streamed response that ends as it says; no end: it breaks off."""
    start = response((), status="in_progress", usage=None)
    events: list[object] = [event("response.created", response=start)]
    output: list[dict[str, Any]] = []
    for part in parts:
        match part:
            case str():
                half = len(part) // 2
                events += [delta(part[:half]), delta(part[half:])]
                output.append(said(part))
                events.append(event("response.output_item.done", item=output[-1]))
            case bytes():
                output.append(drawn(part))
                events.append(event("response.output_item.done", item=output[-1]))
            case Gate():
                events.append(part)
            case dict() if part["type"].startswith("response.") or part["type"] == "error":
                events.append(part)
            case dict():
                output.append(part)
                events.append(event("response.output_item.done", item=part))
    if end is not None:
        whole = response(output, status=end, **more)
        events.append(event(f"response.{end}", response=whole))
    return sse(*events)
