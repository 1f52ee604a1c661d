"""What was asked and said, for a log that may hold words: no bytes of pictures, no thinking aloud.

Source: the JSON schemas of ``gen_ai.input.messages`` and ``gen_ai.output.messages`` (2026-11-26).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from chat.core.calling import ModelRequest
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.messages import Message, rounds
from chat.core.parts import Image, Part, Text, ToolCall, ToolResult, plain_text
from chat.telemetry.call import Call
from chat.telemetry.names import Attributes


def word_attributes(call: Call) -> Attributes:
    """The words of a call; empty where it does not carry them."""
    if call.request is None:
        return {}
    told: Attributes = {
        "gen_ai.input.messages": _asked(call.request),
        "gen_ai.output.messages": [_said(call.said)],
    }
    if call.request.system:
        told["gen_ai.system_instructions"] = [_text(call.request.system)]
    return told


def _asked(request: ModelRequest) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for message in request.messages:
        told += _told(message)
    return told


def _told(message: Message) -> list[dict[str, Any]]:
    """A message, with each exchange of a reply and its tools as messages of their own."""
    told: list[dict[str, Any]] = []
    for exchange in rounds(message.parts):
        said = [part for part in map(_part, exchange.said) if part is not None]
        if said:
            told.append({"role": message.role, "parts": said})
        if exchange.results:
            told.append({"role": "tool", "parts": [_result(part) for part in exchange.results]})
    return told


def _part(part: Part) -> dict[str, Any] | None:
    match part:
        case Text():
            return _text(part.text)
        case Image():
            return {
                "type": "file",
                "modality": "image",
                "mime_type": part.media.mime,
                "file_id": part.media.sha256,
            }
        case ToolCall():
            return _call(part)
    return None


def _said(events: Sequence[ProviderEvent]) -> dict[str, Any]:
    """The reply as one message: text joined where nothing stands between."""
    parts: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, TextDelta):
            if parts and parts[-1]["type"] == "text":
                parts[-1]["content"] += event.text
            else:
                parts.append(_text(event.text))
        elif isinstance(event, ImageBytes):
            parts.append({"type": "file", "modality": "image", "size_bytes": len(event.data)})
        elif isinstance(event, ToolCall):
            parts.append(_call(event))
    return {"role": "assistant", "parts": parts, "finish_reason": _finish(events)}


def _finish(events: Iterable[ProviderEvent]) -> str:
    return next((event.finish.kind for event in events if isinstance(event, Finished)), "error")


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "content": text}


def _call(call: ToolCall) -> dict[str, Any]:
    return {
        "type": "tool_call",
        "id": call.call_id,
        "name": call.name,
        "arguments": dict(call.arguments),
    }


def _result(result: ToolResult) -> dict[str, Any]:
    return {
        "type": "tool_call_response",
        "id": result.call_id,
        "response": plain_text(result.content),
    }
