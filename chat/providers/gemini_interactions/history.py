"""Messages as the steps of an interaction: who said what, with which picture, in which order.

A reply of this model goes back as it came: each signed thought before what was said because of it,
words and pictures in one step of output as long as nothing comes between. Words of other models go
back as words; their pictures are shown again by the user. Where a model wants signatures, a turn of
its own that has none before its first words or call is excused with the value that Google names.

Thoughts without a signature stay here: they are refused.
"""

from collections.abc import Iterable
from typing import Any, TypeAlias

from chat.core.calling import ModelRequest
from chat.core.messages import Message, Round, rounds
from chat.core.parts import Image, Part, Reasoning, Text, ToolCall, ToolResult, plain_text
from chat.providers.gemini_interactions.echoes import is_late, is_own, signature_of
from chat.providers.shared.requests.carried import Carried
from chat.providers.shared.requests.repeats import once
from chat.providers.shared.requests.thought_signatures import BYPASS_BASE64

Step: TypeAlias = dict[str, Any]

CAPTION = "A picture from the reply above:"
SHOWN_ABOVE = "The picture above."
"""Said for a question that is nothing but a picture which the reply before it sends by itself."""


def steps(request: ModelRequest, carried: Carried) -> list[Step]:
    """The whole history, oldest first."""
    return _History(request, carried).told()


class _History:
    """The telling of one history."""

    def __init__(self, request: ModelRequest, carried: Carried) -> None:
        self._request = request
        self._pictures = carried
        self._card = request.card
        self._told: list[Step] = []
        self._carried: list[Image] = []
        """Pictures of earlier replies that the next user turn shows."""
        self._shown: set[str] = set()
        """Pictures that the reply before the next user turn, or its tools, send by themselves."""

    def told(self) -> list[Step]:
        for message in once(self._request.messages):
            if message.role == "user":
                self._user(message)
            else:
                self._assistant(message)
        self._as_user(self._carried_content(without=frozenset()))
        return self._told

    def _as_user(self, content: list[Step]) -> None:
        if content:
            self._told.append({"type": "user_input", "content": content})

    def _user(self, message: Message) -> None:
        own = {part.media.sha256 for part in message.parts if isinstance(part, Image)}
        content = self._carried_content(without=own)
        for part in message.parts:
            if isinstance(part, Text) and part.text:
                content.append(_words(part.text))
            elif isinstance(part, Image) and not (part.mask or part.media.sha256 in self._shown):
                content.append(self._picture(part))
        self._as_user(content or [_words(SHOWN_ABOVE)])
        self._shown = set()

    def _carried_content(self, without: Iterable[str]) -> list[Step]:
        content: list[Step] = []
        seen = {*without, *self._shown}
        for image in self._carried:
            if image.media.sha256 not in seen:
                seen.add(image.media.sha256)
                content += [_words(CAPTION), self._picture(image)]
        self._carried = []
        return content

    def _assistant(self, message: Message) -> None:
        own = is_own(message, self._card)
        for exchange in rounds(message.parts):
            said = self._said(exchange, own)
            while said and said[-1]["type"] == "thought" and message.status != "complete":
                said.pop()  # a reply that was stopped: what it led to did not come
            self._told += said
            self._answered(exchange)

    def _said(self, exchange: Round, own: bool) -> list[Step]:
        said: list[Step] = []
        # What was signed at the end of an answer is told before what was said because of it.
        for part in sorted(exchange.said, key=lambda part: not is_late(part)):
            signed = any(step["type"] == "thought" for step in said)
            step = self._step(part, own, signed=signed)
            if step is None:
                continue
            if step["type"] == "model_output" and said and said[-1]["type"] == "model_output":
                said[-1]["content"] += step["content"]
            else:
                said.append(step)
        if all(step["type"] == "thought" for step in said):
            return []
        if self._card.signatures and said[0]["type"] != "thought" and "signature" not in said[0]:
            said.insert(0, {"type": "thought", "signature": BYPASS_BASE64})
        return said

    def _step(self, part: Part, own: bool, *, signed: bool) -> Step | None:
        signature = signature_of(part) if own else ""
        match part:
            case Text(text=text) if text:
                return {"type": "model_output", "content": [_words(text)]}
            case Reasoning() if signature:
                return {"type": "thought", "signature": signature}
            case Image(draft=True):
                return None
            case Image() if part.media.sha256 in self._shown:
                return None
            case Image() if own and (signed or not self._card.signatures):
                self._shown.add(part.media.sha256)
                return {"type": "model_output", "content": [self._picture(part)]}
            case Image():
                self._carried.append(part)
            case ToolCall():
                call: Step = {"type": "function_call", "id": part.call_id, "name": part.name}
                call["arguments"] = dict(part.arguments)
                return {**call, "signature": signature} if signature else call
        return None

    def _answered(self, exchange: Round) -> None:
        beside: list[Step] = []
        for result in exchange.results:
            pictures = [self._picture(image) for image in self._not_shown(result)]
            words = plain_text(result.content)
            if not self._card.signatures:  # the third generation reads pictures inside an answer
                beside += pictures
                pictures = []
            step: Step = {
                "type": "function_result",
                "call_id": result.call_id,
                "name": result.name,
                "result": [*([_words(words)] if words else []), *pictures] if pictures else words,
            }
            self._told.append({**step, "is_error": True} if result.failed else step)
        self._as_user(beside)

    def _not_shown(self, result: ToolResult) -> list[Image]:
        """The pictures of an answer that were not sent yet; now they are."""
        drawn = {item.media.sha256: item for item in result.content if isinstance(item, Image)}
        fresh = [image for name, image in drawn.items() if name not in self._shown]
        self._shown.update(drawn)
        return fresh

    def _picture(self, image: Image) -> Step:
        data = self._request.media[image.media.sha256]
        return {"type": "image", "mime_type": image.media.mime, "data": self._pictures.mark(data)}


def _words(text: str) -> Step:
    return {"type": "text", "text": text}
