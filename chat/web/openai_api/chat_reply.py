"""A chat's answer in one piece of JSON."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat.core.events import ReasoningDelta, TextDelta
from chat.core.parts import ToolCall
from chat.turns.direct import AnsweredBy, DirectEnd, DirectEvent, PictureShown
from chat.web.openai_api.encoded_picture import image_json
from chat.web.openai_api.finishes import chat_usage, reason_of, refusal_of, usage_of


def call_json(call: ToolCall) -> dict[str, Any]:
    """A call of a tool of whoever asks."""
    arguments = json.dumps(dict(call.arguments), ensure_ascii=False)
    function = {"name": call.name, "arguments": arguments}
    return {"id": call.call_id, "type": "function", "function": function}


def together(ends: Sequence[DirectEnd]) -> dict[str, Any] | None:
    """The usage of several answers."""
    costs = [end.cost_usd for end in ends if end.cost_usd is not None]
    usage = usage_of(end.usage for end in ends)
    return chat_usage(usage, sum(costs) if len(costs) == len(ends) else None)


@dataclass(slots=True)
class _Choice:
    """One of the answers, as it comes."""

    words: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    pictures: list[tuple[PictureShown, int]] = field(default_factory=list)
    """Each with the characters that stand before it."""
    calls: list[ToolCall] = field(default_factory=list)
    characters: int = 0

    def hear(self, event: DirectEvent) -> None:
        match event:
            case TextDelta():
                self.words.append(event.text)
                self.characters += len(event.text)
            case ReasoningDelta():
                self.reasoning.append(event.text)
            case PictureShown():
                self.pictures.append((event, self.characters))
            case ToolCall():
                self.calls.append(event)
            case AnsweredBy():
                pass


class ChatReply:
    """Hears the answers to a question, and writes them once they are whole."""

    def __init__(self, reply_id: str, created_s: int, count: int) -> None:
        """Of so many answers."""
        self._id = reply_id
        self._created_s = created_s
        self._choices = [_Choice() for _ in range(count)]

    def hear(self, index: int, event: DirectEvent) -> None:
        """Take in a piece of an answer."""
        self._choices[index].hear(event)

    async def written(self, ends: Sequence[DirectEnd]) -> AsyncIterator[bytes]:
        """The JSON, in slices. Raises ``BadReply`` before the first where an answer is none."""
        reasons = [
            reason_of(end.finish, calls=bool(choice.calls))
            for choice, end in zip(self._choices, ends, strict=True)
        ]
        head = {
            "id": self._id,
            "object": "chat.completion",
            "created": self._created_s,
            "model": ends[0].model,
            "usage": together(ends),
        }
        if notes := [note for end in ends for note in end.notes]:
            head["easel"] = {"notes": list(dict.fromkeys(notes))}
        yield _opened(head) + b',"choices":['
        for index, (choice, end) in enumerate(zip(self._choices, ends, strict=True)):
            if index:
                yield b","
            frame = {"index": index, "finish_reason": reasons[index], "logprobs": None}
            yield _opened(frame) + b',"message":'
            async for piece in _message(choice, end):
                yield piece
            yield b"}"
        yield b"]}"


async def _message(choice: _Choice, end: DirectEnd) -> AsyncIterator[bytes]:
    words = "".join(choice.words)
    message: dict[str, Any] = {
        "role": "assistant",
        "content": words or None,
        "refusal": refusal_of(end.finish) or None,
    }
    if choice.reasoning:
        message["reasoning_content"] = "".join(choice.reasoning)
    if choice.calls:
        message["tool_calls"] = [call_json(call) for call in choice.calls]
    yield _opened(message)
    if choice.pictures:
        yield b',"images":['
        for index, (shown, offset) in enumerate(choice.pictures):
            if index:
                yield b","
            for piece in await image_json(shown.ref, shown.data, index, offset):
                yield piece
        yield b"]"
    yield b"}"


def _opened(value: dict[str, Any]) -> bytes:
    """An object as JSON, with its end left open."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
