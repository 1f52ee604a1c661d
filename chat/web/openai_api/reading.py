"""From the messages of a request to those that models are asked with.

A reply of a model is one message, as in a conversation of Easel's: what it said, what it called,
what the tools answered and what it went on to say. Questions that follow each other are one, too.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from chat.core.calling import ToolSpec
from chat.core.messages import Message, Role, new_id
from chat.core.parts import Content, Image, ImageOrigin, Json, Part, Text, ToolCall, ToolResult
from chat.core.strict_json import is_strict
from chat.core.text import clean_text
from chat.providers.shared.replies.nesting import is_too_deep
from chat.turns.question import MAX_TEXT_CHARACTERS
from chat.web.openai_api.chat_bodies import (
    Along,
    AssistantMessage,
    Call,
    ChatMessage,
    FilePart,
    ImagePart,
    SystemMessage,
    TextPart,
    Tool,
    ToolMessage,
)
from chat.web.openai_api.errors import InvalidRequest
from chat.web.openai_api.files_in import FilesIn
from chat.web.openai_api.pictures_in import PicturesIn

T = TypeVar("T", Part, Content)

MAX_CHARACTERS = 4 * MAX_TEXT_CHARACTERS
"""Of all words of a request."""

NO_QUESTION = "The last message must be the user's, or the answer of a tool."
NO_CALL = "A message of the role tool must answer a tool call of the message before it."
UNANSWERED = "Each tool call of a message must be answered before the conversation goes on."


class Conversation:
    """What was said so far, put together message by message."""

    def __init__(self, pictures: PicturesIn, files: FilesIn) -> None:
        """Nothing was said. Pictures are taken in by ``pictures``, other files by ``files``."""
        self._pictures = pictures
        self._files = files
        self._system: list[str] = []
        self._said: list[tuple[Role, list[Part]]] = []
        self._open: dict[str, str] = {}
        """Calls that wait for their results: id to name."""
        self._characters = 0

    async def read(self, messages: Sequence[ChatMessage]) -> tuple[str, tuple[Message, ...]]:
        """The system prompt, and the messages, oldest first.

        Raises:
            InvalidRequest: they make no conversation that waits for a model.
            MediaRejected: a picture is none that Easel takes.
            Busy: too many others fetch pictures.
        """
        for at, message in enumerate(messages):
            try:
                await self._take(message)
            except InvalidRequest as error:
                raise InvalidRequest(str(error), f"messages.{at}", error.code) from error
        if self._open:
            raise InvalidRequest(UNANSWERED, "messages")
        told = _told(self._said)
        if not told or not _waits(told[-1]):
            raise InvalidRequest(NO_QUESTION, "messages")
        return "\n\n".join(filter(None, self._system)), told

    async def _take(self, message: ChatMessage) -> None:
        if isinstance(message, ToolMessage):
            if message.tool_call_id not in self._open:
                raise InvalidRequest(NO_CALL)
            name = self._open.pop(message.tool_call_id)
            content = tuple(await self._content(message.content, "tool"))
            self._parts("assistant").append(ToolResult(message.tool_call_id, name, content))
            return
        if self._open:
            raise InvalidRequest(UNANSWERED)
        if isinstance(message, SystemMessage):
            self._system.append(self._words(_joined(message.content)))
        elif isinstance(message, AssistantMessage):
            await self._replied(message)
        else:
            for part in await self._content(message.content, "upload"):
                _add(self._parts("user"), part)

    async def _replied(self, message: AssistantMessage) -> None:
        parts = self._parts("assistant")
        if isinstance(message.content, str):
            _add(parts, Text(self._words(message.content)))
        for part in message.content or () if not isinstance(message.content, str) else ():
            if isinstance(part, ImagePart):
                parts.append(Image(await self._pictures.take(part.address, "model"), "model"))
            else:
                words = part.text if isinstance(part, TextPart) else part.refusal
                _add(parts, Text(self._words(words)))
        if message.refusal:
            _add(parts, Text(self._words(message.refusal)))
        for shown in message.images or ():
            parts.append(Image(await self._pictures.take(shown.address, "model"), "model"))
        for call in message.tool_calls or ():
            if call.id in self._open:
                raise InvalidRequest("Two tool calls of a message have the same id.")
            self._open[call.id] = call.function.name
            parts.append(ToolCall(call.id, call.function.name, self._arguments(call)))

    def _arguments(self, call: Call) -> dict[str, Json]:
        text = self._words(call.function.arguments)
        try:
            found = json.loads(text) if text.strip() else {}
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or is_too_deep(found) or not is_strict(found):
            raise InvalidRequest("The arguments of a tool call must be a JSON object.")
        return found

    async def _content(self, content: str | Iterable[Along], origin: ImageOrigin) -> list[Content]:
        if isinstance(content, str):
            return [Text(self._words(content))]
        found: list[Content] = []
        for part in content:
            if isinstance(part, TextPart):
                _add(found, Text(self._words(part.text)))
            elif isinstance(part, FilePart):
                found.append(await self._files.take(part.file))
            else:
                found.append(Image(await self._pictures.take(part.address, origin), origin))
        return found

    def _parts(self, role: Role) -> list[Part]:
        """Where more of what this one says goes."""
        if not self._said or self._said[-1][0] != role:
            self._said.append((role, []))
        return self._said[-1][1]

    def _words(self, text: str) -> str:
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            raise InvalidRequest(f"A request has at most {MAX_CHARACTERS:,} characters of words.")
        return clean_text(text)


def _add(parts: list[T], part: T) -> None:
    """Add a part; words behind words are a paragraph of their own."""
    last = parts[-1] if parts else None
    if isinstance(part, Text) and isinstance(last, Text):
        part = replace(last, text="\n\n".join(filter(None, (last.text, part.text))))
        parts.pop()
    parts.append(part)


def _joined(content: str | Iterable[TextPart]) -> str:
    if isinstance(content, str):
        return content
    return "\n\n".join(part.text for part in content)


def _told(said: Sequence[tuple[Role, list[Part]]]) -> tuple[Message, ...]:
    told: list[Message] = []
    for role, parts in said:
        kept = tuple(part for part in parts if not isinstance(part, Text) or part.text.strip())
        if kept:
            above = told[-1].id if told else None
            told.append(Message(new_id(), "", above, role, kept))
    return tuple(told)


def _waits(message: Message) -> bool:
    return message.role == "user" or isinstance(message.parts[-1], ToolResult)


def tools_of(tools: Sequence[Tool] | None) -> tuple[ToolSpec, ...]:
    """What the model may call. Raises ``InvalidRequest``."""
    found = tuple(_spec(tool) for tool in tools or ())
    if len({spec.name for spec in found}) < len(found):
        raise InvalidRequest("Two tools have the same name.", "tools")
    return found


def _spec(tool: Tool) -> ToolSpec:
    parameters = tool.function.parameters or {"type": "object", "properties": {}}
    if is_too_deep(parameters):
        raise InvalidRequest("The parameters of a tool are nested too deep.", "tools")
    if not is_strict(parameters):
        # Python reads both, and no SDK sends them on.
        sentence = "The parameters of a tool hold a number or a letter that JSON does not have."
        raise InvalidRequest(sentence, "tools")
    return ToolSpec(tool.function.name, clean_text(tool.function.description), parameters)
