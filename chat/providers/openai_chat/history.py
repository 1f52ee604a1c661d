"""Messages as chat completions want them: words, calls, and pictures in user turns alone."""

import json
from typing import Any

from chat.core.calling import ModelRequest
from chat.core.messages import Message, Round, rounds
from chat.core.parts import Echo, Image, Part, ToolCall, ToolResult, plain_text
from chat.providers.encoded import EncodedPictures
from chat.providers.openai_history import OpenAIHistory, is_own

KIND = "openai_chat"
ONLY_PICTURES = "Here is the picture."
"""Said for a reply without words, where an empty turn would be refused."""


def messages(request: ModelRequest, encoded: EncodedPictures) -> list[dict[str, Any]]:
    """The system prompt and the whole history, oldest first."""
    return _History(request, encoded).told()


class _History(OpenAIHistory):
    """The telling of one history."""

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
        own = is_own(message, self._request.card, KIND)
        for exchange in rounds(message.parts):
            self._said(exchange, own)
            for result in exchange.results:
                self._answered(result)

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

    def _words(self, text: str) -> dict[str, Any]:
        return {"type": "text", "text": text}

    def _picture(self, image: Image) -> dict[str, Any]:
        return {"type": "image_url", "image_url": {"url": self._url(image)}}


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
