"""A conversation with Sketch, kept as the turn would keep it, and measures of its pictures."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from chat.core.calling import ModelRequest, ToolSpec
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.messages import Message, Origin, new_id
from chat.core.models import Endpoint, ModelCard
from chat.core.parts import Echo, Image, Json, MediaRef, Part, Text, ToolCall, ToolResult
from chat.providers.sketch.adapter import Sketch

CARD = ModelCard("sketch", "sketch", "sketch", "Sketch")
ENDPOINT = Endpoint("sketch", "sketch", "Sketch", options={"pace_s": 0})

Pixels = npt.NDArray[np.float64]


def pixels(data: bytes) -> Pixels:
    """Rows, columns, RGB of an encoded picture, 0..255."""
    with Pillow.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64)


def png(image: Pillow.Image) -> bytes:
    """As PNG bytes."""
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def plain(colour: tuple[int, int, int], size_px: tuple[int, int] = (240, 180)) -> bytes:
    """A picture of one colour."""
    return png(Pillow.new("RGB", size_px, colour))


def hue(region: Pixels) -> float:
    """Degrees of the mean colour: 0 red, 120 green, 240 blue."""
    red, green, blue = region.reshape(-1, 3).mean(axis=0)
    return float(np.degrees(np.arctan2(3**0.5 * (green - blue), 2 * red - green - blue))) % 360


def share(picture: Pixels, degrees: float, spread: float = 22, strong: float = 70) -> float:
    """How much of the picture has that hue, strongly."""
    red, green, blue = picture[..., 0], picture[..., 1], picture[..., 2]
    angle = np.degrees(np.arctan2(3**0.5 * (green - blue), 2 * red - green - blue)) % 360
    away = np.abs((angle - degrees + 180) % 360 - 180)
    return float(((away < spread) & (np.ptp(picture, axis=2) > strong)).mean())


@dataclass
class Reply:
    """What came back, in order."""

    events: list[ProviderEvent]

    @property
    def text(self) -> str:
        """All words."""
        return "".join(e.text for e in self.events if isinstance(e, TextDelta))

    @property
    def shown(self) -> list[ImageBytes]:
        """All pictures."""
        return [e for e in self.events if isinstance(e, ImageBytes)]

    @property
    def picture(self) -> Pixels:
        """The only picture."""
        (only,) = self.shown
        return pixels(only.data)

    @property
    def calls(self) -> list[ToolCall]:
        """All tool calls."""
        return [e for e in self.events if isinstance(e, ToolCall)]

    @property
    def finished(self) -> Finished:
        """The end; there is exactly one and it is the last event."""
        assert isinstance(self.events[-1], Finished)
        assert sum(isinstance(e, Finished) for e in self.events) == 1
        return self.events[-1]

    def order(self) -> str:
        """``t`` for a run of text, ``p`` for a picture, ``c`` for a call."""
        letters = ""
        for event in self.events:
            letter = {"text_delta": "t", "image_bytes": "p", "tool_call": "c"}.get(event.kind, "")
            letters += letter if letter != "t" or not letters.endswith("t") else ""
        return letters


@dataclass
class Talk:
    """A conversation under way."""

    tools: tuple[ToolSpec, ...] = ()
    options: Mapping[str, Json] = field(default_factory=lambda: {"image_size": "512"})
    messages: list[Message] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    before: tuple[Text, ...] = ()
    """What the program says before each question."""

    async def ask(self, text: str, *uploads: bytes) -> Reply:
        """Say something, with pictures; the reply becomes part of the conversation."""
        parts: tuple[Part, ...] = (
            *(self._kept(data) for data in uploads),
            *self.before,
            Text(text),
        )
        self.messages.append(Message(new_id(), "c", None, "user", parts))
        reply = await self.answered()
        said: list[Part] = []
        for event in reply.events:
            if isinstance(event, TextDelta):
                said.append(Text(event.text))
            elif isinstance(event, ImageBytes):
                said.append(self._kept(event.data, event.alt, event.echo))
            elif isinstance(event, ToolCall):
                said.append(event)
        origin = Origin("sketch", "sketch", "sketch")
        self.messages.append(Message(new_id(), "c", None, "assistant", tuple(said), origin=origin))
        return reply

    async def result(self, words: str, failed: bool = False) -> Reply:
        """Answer the last call and let the reply go on."""
        last = self.messages[-1]
        call = next(p for p in last.parts if isinstance(p, ToolCall))
        result = ToolResult(call.call_id, call.name, (Text(words),), failed=failed)
        parts = (*last.parts, result)
        self.messages[-1] = Message(new_id(), "c", None, "assistant", parts)
        return await self.answered()

    async def answered(self) -> Reply:
        """What Sketch says to the conversation as it stands."""
        request = ModelRequest(
            CARD,
            tuple(self.messages),
            tools=self.tools,
            options=self.options,
            media=dict(self.media),
        )
        return Reply([event async for event in Sketch(ENDPOINT).stream(request)])

    def _kept(self, data: bytes, alt: str = "", echo: Echo | None = None) -> Image:
        sha256 = hashlib.sha256(data).hexdigest()
        self.media[sha256] = data
        ref = MediaRef(sha256, "image/png", len(data), 1, 1)
        return Image(ref, "model" if alt else "upload", alt, echo=echo)
