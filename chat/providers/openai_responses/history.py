"""Messages as the flat list of items that the Responses API wants.

A reply of this model goes back as it came, its pictures and its reasoning as items of their
own. Pictures of others are shown again by the next user turn, each once.
"""

import hashlib
import json
from typing import Any

from chat.core.calling import ModelRequest
from chat.core.messages import Message, rounds
from chat.core.parts import Image, Part, Reasoning, Text, ToolCall, ToolResult, plain_text
from chat.providers.openai_responses.echoes import KIND, picture_id, reasoning_of, search_of
from chat.providers.shared.openai.history import OpenAIHistory, is_own
from chat.providers.shared.requests.carried import Carried

CALL_ID_CHARS = 64
"""The longest call id that is taken; other wires make longer ones."""


def items(request: ModelRequest, carried: Carried) -> list[dict[str, Any]]:
    """The whole history, oldest first."""
    return _History(request, carried).told()


class _History(OpenAIHistory):
    """The telling of one history."""

    def _say_as_user(self, content: list[dict[str, Any]]) -> None:
        if content:
            self._told.append({"role": "user", "content": content})

    def _assistant(self, message: Message) -> None:
        own = is_own(message, self._request.card, KIND)
        for exchange in rounds(message.parts):
            said = self._said(exchange.said, own)
            while said and said[-1].get("type") == "reasoning":
                said.pop()  # a reply that broke off: reasoning that led to nothing is refused
            self._told += said
            self._told += [self._answered(result) for result in exchange.results]

    def _said(self, parts: tuple[Part, ...], own: bool) -> list[dict[str, Any]]:
        """The items of one round; words between two other things are one message."""
        said: list[dict[str, Any]] = []
        run: list[Text] = []
        for part in parts:
            if isinstance(part, Text):
                run.append(part)
                continue
            item = self._item(part, own)
            if item is not None:
                said += _message(run)
                run = []
                said.append(item)
        return said + _message(run)

    def _item(self, part: Part, own: bool) -> dict[str, Any] | None:
        match part:
            case Reasoning() if own:
                return reasoning_of(part) or search_of(part)
            case Image(draft=True):
                return None
            case Image() if part.media.sha256 in self._shown:
                return None
            case Image() if own and picture_id(part):
                self._shown.add(part.media.sha256)
                return {
                    "type": "image_generation_call",
                    "id": picture_id(part),
                    "status": "completed",
                    "result": self._pictures.mark(self._bytes(part)),
                }
            case Image():
                self._carried.append(part)
            case ToolCall():
                return {
                    "type": "function_call",
                    "call_id": _call_id(part.call_id),
                    "name": part.name,
                    "arguments": json.dumps(dict(part.arguments), ensure_ascii=False),
                }
        return None

    def _answered(self, result: ToolResult) -> dict[str, Any]:
        words = plain_text(result.content)
        if result.failed:
            words = f"Error: {words}"
        pictures = [self._picture(image) for image in self._not_shown(result)]
        return {
            "type": "function_call_output",
            "call_id": _call_id(result.call_id),
            "output": [*([self._words(words)] if words else []), *pictures] if pictures else words,
        }

    def _picture(self, image: Image) -> dict[str, Any]:
        return {"type": "input_image", "image_url": self._url(image)}

    def _words(self, text: str) -> dict[str, Any]:
        return {"type": "input_text", "text": text}


def _message(run: list[Text]) -> list[dict[str, Any]]:
    words = plain_text(tuple(run))
    return [{"role": "assistant", "content": words}] if words else []


def _call_id(call_id: str) -> str:
    """The id, or where it is too long a shorter one that is the same each time."""
    if len(call_id) <= CALL_ID_CHARS:
        return call_id
    return f"call_{hashlib.sha256(call_id.encode()).hexdigest()[:32]}"
