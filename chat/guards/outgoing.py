"""A request as it may go out: its words and pictures, each seen by the rules.

What the user asks now is refused as a whole; what was refused earlier still stands in the
conversation, and is left out of the history with a remark.
"""

from collections.abc import Mapping
from dataclasses import replace

from chat.core.calling import ModelRequest
from chat.core.errors import Blocked
from chat.core.messages import Message, question_at
from chat.core.parts import Content, File, Image, Part, Text, ToolCall, ToolResult, UnknownPart
from chat.guards.arguments import judged_json
from chat.guards.pipeline import GuardPipeline

HELD_BACK = "[Something was held back here.]"
ALTERED = "A guard masked part of this conversation before it was sent."


async def admitted(request: ModelRequest, pipeline: GuardPipeline) -> ModelRequest:
    """The request with everything masked that must be. Raises ``Blocked``."""
    now = question_at(request.messages) or 0
    system = await pipeline.passed_text(request.system) if request.system else ""
    messages = [
        await _Reader(request.media, pipeline, earlier=i < now).read(message)
        for i, message in enumerate(request.messages)
    ]
    if system == request.system and tuple(messages) == request.messages:
        return request
    return replace(
        request, system=system, messages=tuple(messages), notes=(*request.notes, ALTERED)
    )


class _Reader:
    """Reads the parts of one message."""

    def __init__(
        self, media: Mapping[str, bytes], pipeline: GuardPipeline, *, earlier: bool
    ) -> None:
        self._media = media
        self._pipeline = pipeline
        self._earlier = earlier

    async def read(self, message: Message) -> Message:
        """The message as it may go out; the model's own words too, for they may quote the user's.

        A reply with a call that was altered is nobody's: what was signed is another call, and the
        signature may stand in its very id.
        """
        users = message.role == "user"
        parts = tuple([await self._part(part, users=users) for part in message.parts])
        calls = zip(parts, message.parts, strict=True)
        altered = any(isinstance(now, ToolCall) and now is not was for now, was in calls)
        return replace(message, parts=parts, origin=None if altered else message.origin)

    async def _part(self, part: Part, *, users: bool) -> Part:
        match part:
            case ToolResult():
                content = [await self._content(item, users=True) for item in part.content]
                return replace(part, content=tuple(content))
            case ToolCall():
                arguments = await judged_json(part.arguments, self._words)
                if arguments == part.arguments:
                    return part
                return replace(part, arguments=arguments, echo=None)
            case Text() | Image():
                return await self._content(part, users=users)
            case _:
                return part

    async def _words(self, text: str) -> str:
        part = await self._content(Text(text), users=False)
        return part.text if isinstance(part, Text) else ""

    async def _content(self, part: Content, *, users: bool) -> Content:
        if isinstance(part, UnknownPart | File):
            return part  # no model is sent it
        try:
            if isinstance(part, Text):
                text = await self._pipeline.passed_text(part.text, users=users)
                return part if text == part.text else Text(text)
            data = self._media.get(part.media.sha256)
            if data is None or await self._pipeline.passes_image(data, users=users):
                return part
        except Blocked:
            if users and not self._earlier:
                raise
        return Text(HELD_BACK)
