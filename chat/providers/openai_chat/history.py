"""Messages as chat completions want them.

No compatible server takes a picture in an assistant's turn without losing or refusing it, so
pictures of earlier replies are shown again by the next user turn, each once. They are the
conversation so far, not what the user sends along: taking a picture out of a message does not
take it out of what was said before.
"""

import json
from collections.abc import Iterable
from typing import Any

from chat.core.calling import ModelRequest
from chat.core.messages import Message, Round, rounds
from chat.core.parts import Echo, Image, Part, Text, ToolCall, ToolResult, plain_text
from chat.providers.encoded import EncodedPictures

KIND = "openai_chat"
CAPTION = "Pictures from the reply above:"
ONLY_PICTURES = "Here is the picture."
"""Said for a reply without words, where an empty turn would be refused."""


def messages(request: ModelRequest, encoded: EncodedPictures) -> list[dict[str, Any]]:
    """The system prompt and the whole history, oldest first."""
    return _History(request, encoded).told()


class _History:
    """The telling of one history."""

    def __init__(self, request: ModelRequest, encoded: EncodedPictures) -> None:
        self._request = request
        self._encoded = encoded
        self._told: list[dict[str, Any]] = []
        self._carried: list[Image] = []
        """Pictures of earlier replies that the next user turn shows."""

    def told(self) -> list[dict[str, Any]]:
        if self._request.system:
            self._told.append({"role": "system", "content": self._request.system})
        for message in self._request.messages:
            if message.role == "user":
                self._user(message)
            else:
                self._assistant(message)
        self._show_carried()
        return self._told

    def _user(self, message: Message) -> None:
        own = {part.media.sha256 for part in message.parts if isinstance(part, Image)}
        content = self._carried_content(without=own)
        for part in message.parts:
            if isinstance(part, Text) and part.text:
                content.append({"type": "text", "text": part.text})
            elif isinstance(part, Image):
                content.append(self._picture(part))
        self._say_as_user(content)

    def _say_as_user(self, content: list[dict[str, Any]]) -> None:
        if all(item["type"] == "text" for item in content):
            words = "\n\n".join(item["text"] for item in content)
            if words:
                self._told.append({"role": "user", "content": words})
        else:
            self._told.append({"role": "user", "content": content})

    def _carried_content(self, without: Iterable[str] = ()) -> list[dict[str, Any]]:
        seen = set(without)
        pictures: list[dict[str, Any]] = []
        for image in self._carried:
            if image.media.sha256 not in seen:
                seen.add(image.media.sha256)
                pictures.append(self._picture(image))
        self._carried = []
        return [{"type": "text", "text": CAPTION}, *pictures] if pictures else []

    def _show_carried(self) -> None:
        content = self._carried_content()
        if content:
            self._say_as_user(content)

    def _assistant(self, message: Message) -> None:
        own = self._is_own(message)
        for exchange in rounds(message.parts):
            self._said(exchange, own)
            for result in exchange.results:
                self._answered(result)

    def _is_own(self, message: Message) -> bool:
        origin, card = message.origin, self._request.card
        return origin is not None and (origin.kind, origin.endpoint, origin.model) == (
            KIND,
            card.endpoint,
            card.id,
        )

    def _said(self, exchange: Round, own: bool) -> None:
        if self._told and self._told[-1]["role"] == "tool":
            self._show_carried()  # what the tools drew is seen before the model goes on
        pictures = [p for p in exchange.said if isinstance(p, Image) and not p.draft]
        calls = [_call(part) for part in exchange.said if isinstance(part, ToolCall)]
        words = plain_text(exchange.said)
        self._carried += pictures
        if not (words or pictures or calls):
            return
        told: dict[str, Any] = {"role": "assistant"}
        told["content"] = words or (None if calls else ONLY_PICTURES)
        if calls:
            told["tool_calls"] = calls
        details = [detail for part in exchange.said for detail in _details(part)] if own else []
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
        self._told.append({"role": "tool", "tool_call_id": result.call_id, "content": words})

    def _picture(self, image: Image) -> dict[str, Any]:
        url = self._encoded.url(image.media, self._request.media[image.media.sha256])
        return {"type": "image_url", "image_url": {"url": url}}


def _call(call: ToolCall) -> dict[str, Any]:
    arguments = json.dumps(dict(call.arguments), ensure_ascii=False)
    return {
        "id": call.call_id,
        "type": "function",
        "function": {"name": call.name, "arguments": arguments},
    }


def reasoning_echo(details: list[Any]) -> Echo:
    """An echo of the reasoning details of a reply, in the order they came."""
    return Echo(KIND, {"reasoning_details": details})


def _details(part: Part) -> list[Any]:
    if part.echo is None or part.echo.provider != KIND:
        return []
    details = part.echo.data.get("reasoning_details")
    return details if isinstance(details, list) else []
