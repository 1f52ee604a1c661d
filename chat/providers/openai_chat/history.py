"""Messages as chat completions want them: words, calls, and pictures in user turns alone.

A server that hands on Gemini's signatures gets them back with the words they came with, and
where words have none the value that is accepted instead; no other server ever sees either.
Its calls need nothing: their signatures stand in their ids, and LiteLLM excuses those without one.

Google's own endpoints of this wire have signatures elsewhere. What stood there goes back there, and
the first call of a turn is excused where it has none.
"""

import json
from typing import Any

from chat.core.calling import ModelRequest
from chat.core.messages import Message, Round, rounds
from chat.core.models import ModelCard
from chat.core.parts import Image, Text, ToolCall, ToolResult, plain_text
from chat.providers.openai_chat.echoes import (
    EXTRA_NAMES,
    KIND,
    details_of,
    extra_of,
    signature_of,
    unsigned_id,
)
from chat.providers.shared.openai.history import OpenAIHistory, is_own
from chat.providers.shared.requests.carried import Carried
from chat.providers.shared.requests.thought_signatures import BYPASS, BYPASS_BASE64

ONLY_PICTURES = "Here is the picture."
"""Said for a reply without words, where an empty turn would be refused."""


def messages(
    request: ModelRequest, carried: Carried, *, googles: bool = False
) -> list[dict[str, Any]]:
    """The system prompt and the whole history, oldest first.

    ``googles`` says that the endpoint is one of Google's own.
    """
    return _History(request, carried, googles=googles).told()


class _History(OpenAIHistory):
    """The telling of one history."""

    def __init__(self, request: ModelRequest, carried: Carried, *, googles: bool) -> None:
        super().__init__(request, carried)
        said = [
            exchange.said
            for message in request.messages
            if any(part.echo for part in message.parts) and is_own(message, request.card, KIND)
            for exchange in rounds(message.parts)
        ]
        extras = [extra_of(part) for parts in said for part in parts]
        self._extra_name = next((name for extra in extras for name in extra), "")
        """Under whose name calls are excused; empty: they are not."""
        if googles and request.card.signatures and not self._extra_name:
            self._extra_name = EXTRA_NAMES[0]
        signs = request.card.signatures or any(map(signature_of, said))
        self._signs = signs and not (googles or self._extra_name)

    def told(self) -> list[dict[str, Any]]:
        """The system prompt, then the history."""
        if self._request.system:
            self._told.append({"role": "system", "content": self._request.system})
        return super().told()

    def _say_as_user(self, content: list[dict[str, Any]]) -> None:
        if all(item["type"] == "text" for item in content):
            words = "\n\n".join(item["text"] for item in content)
            if words:
                self._told.append({"role": "user", "content": words})
        else:
            self._told.append({"role": "user", "content": content})

    def _assistant(self, message: Message) -> None:
        echoes = any(part.echo for part in message.parts)
        own = echoes and is_own(message, self._request.card, KIND)
        self._keeps_ids = _is_of(message, self._request.card)
        for exchange in rounds(message.parts):
            self._said(exchange, own)
            for result in exchange.results:
                self._answered(result)

    def _said(self, exchange: Round, own: bool) -> None:
        if self._told and self._told[-1]["role"] == "tool":
            self._show_carried()  # what the tools drew is seen before the model goes on
        pictures = [p for p in exchange.said if isinstance(p, Image) and not p.draft]
        calls = [self._call(part, own) for part in exchange.said if isinstance(part, ToolCall)]
        if calls and self._extra_name and "extra_content" not in calls[0]:
            calls[0]["extra_content"] = {self._extra_name: {"thought_signature": BYPASS.decode()}}
        words = plain_text(exchange.said)
        self._carried += pictures
        if not (words or pictures or calls):
            return
        told: dict[str, Any] = {"role": "assistant"}
        told["content"] = words or (None if calls else ONLY_PICTURES)
        if calls:
            told["tool_calls"] = calls
        if self._signs and told["content"]:
            signature = signature_of(exchange.said) if own else ""
            told["provider_specific_fields"] = {"thought_signatures": [signature or BYPASS_BASE64]}
        if own and words:
            extras = (extra_of(part) for part in exchange.said if isinstance(part, Text))
            if extra := next(filter(None, extras), None):
                told["extra_content"] = extra
        details = [detail for part in exchange.said for detail in details_of(part)] if own else []
        if details:
            told["reasoning_details"] = details
        self._told.append(told)

    def _answered(self, result: ToolResult) -> None:
        words = plain_text(result.content)
        pictures = [item for item in result.content if isinstance(item, Image)]
        self._carried += pictures
        if pictures:
            words = f"{words}\n\n[The picture follows.]".strip()
        if result.failed:
            words = f"Error: {words}"
        call_id = self._call_id(result.call_id)
        self._told.append({"role": "tool", "tool_call_id": call_id, "content": words})

    def _call(self, call: ToolCall, own: bool) -> dict[str, Any]:
        arguments = json.dumps(dict(call.arguments), ensure_ascii=False)
        extra = extra_of(call) if own else {}
        told = {
            "id": self._call_id(call.call_id),
            "type": "function",
            "function": {"name": call.name, "arguments": arguments},
        }
        return {**told, "extra_content": extra} if extra else told

    def _call_id(self, call_id: str) -> str:
        return call_id if self._keeps_ids else unsigned_id(call_id)

    def _words(self, text: str) -> dict[str, Any]:
        return {"type": "text", "text": text}

    def _picture(self, image: Image) -> dict[str, Any]:
        return {"type": "image_url", "image_url": {"url": self._url(image)}}


def _is_of(message: Message, card: ModelCard) -> bool:
    """Whether this model wrote the message, at whichever endpoint: it may have several."""
    origin = message.origin
    return origin is not None and (origin.kind, origin.model) == (KIND, card.id)
