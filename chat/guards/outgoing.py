"""A request as it may go out: its words and pictures, each seen by the rules.

What the user asks now is refused as a whole; what was refused earlier still stands in the
conversation, and is left out of the history with a remark.
"""

from collections.abc import Mapping
from dataclasses import replace

from chat.core.calling import ModelRequest
from chat.core.errors import Blocked
from chat.core.messages import Message
from chat.core.parts import Image, Json, Part, Text, ToolCall, ToolResult
from chat.guards.verdicts import Bench

HELD_BACK = "[Something was held back here.]"


async def admitted(request: ModelRequest, bench: Bench) -> ModelRequest:
    """The request with everything masked that must be. Raises ``Blocked``."""
    now = max((i for i, m in enumerate(request.messages) if m.role == "user"), default=0)
    system = await bench.text(request.system) if request.system else ""
    messages = [
        replace(message, parts=await _Reader(request.media, bench, earlier=i < now).all(message))
        for i, message in enumerate(request.messages)
    ]
    return replace(request, system=system, messages=tuple(messages))


class _Reader:
    """Reads the parts of one message."""

    def __init__(self, media: Mapping[str, bytes], bench: Bench, *, earlier: bool) -> None:
        self._media = media
        self._bench = bench
        self._earlier = earlier

    async def all(self, message: Message) -> tuple[Part, ...]:
        """Every part as it may go out.

        What the model itself has said was seen when it came; only what it wrote to tools goes
        by again, for it may quote the user.
        """
        if message.role == "user":
            return tuple([await self._content(part) for part in message.parts])  # type: ignore[arg-type]
        return tuple([await self._said(part) for part in message.parts])

    async def _said(self, part: Part) -> Part:
        match part:
            case ToolResult():
                content = [await self._content(item) for item in part.content]
                return replace(part, content=tuple(content))
            case ToolCall():
                return replace(part, arguments=await self._json(part.arguments))
            case _:
                return part

    async def _content(self, part: Text | Image) -> Text | Image:
        try:
            if isinstance(part, Text):
                text = await self._bench.text(part.text)
                return part if text == part.text else Text(text)
            data = self._media.get(part.media.sha256)
            if data is None or await self._bench.picture(data):
                return part
        except Blocked:
            if not self._earlier:
                raise
        return Text(HELD_BACK)

    async def _json(self, value: Json) -> Json:
        if isinstance(value, str):
            part = await self._content(Text(value))
            return part.text if isinstance(part, Text) else ""
        if isinstance(value, Mapping):
            return {key: await self._json(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [await self._json(item) for item in value]
        return value
