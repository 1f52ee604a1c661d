"""Random conversations: every kind of part, echo and ending, in every order that may be stored.

Each text holds a word of its own, so that what became of it can be looked up; each echo holds a
secret that names whose it is, so that it is known on a wire where it does not belong.
"""

import base64
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st
from PIL import Image as Pillow

from chat.core.messages import Message, Origin, Status
from chat.core.parts import (
    Echo,
    Image,
    MediaRef,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    images,
)
from chat.providers.registry import KINDS
from tests.wire_shapes import tiny_png

MODELS = ("painter", "drawer")
ENDED: tuple[Status, ...] = ("complete", "stopped", "failed", "blocked", "interrupted")

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_TRIMMINGS = ("", " ", "\n\n", "…", "狐", "\u202e", " **bold** ", "[x](y)", "\u2028")

_BEATS = ("text", "text", "image", "image", "draft", "thought", "tools", "tools", "many", "blank")


def _picture(number: int) -> bytes:
    """A small picture; what follows its end makes each of another length, and odd in base64."""
    return tiny_png(number, 255 - number) + b"\xfb\xff\xbe" * number


def _mask() -> bytes:
    held = io.BytesIO()
    Pillow.new("RGBA", (8, 8), (0, 0, 0, 0)).save(held, "PNG")
    return held.getvalue()


PICTURES: Mapping[str, bytes] = {
    hashlib.sha256(data).hexdigest(): data for data in (*map(_picture, range(24)), _mask())
}
_NAMES = tuple(PICTURES)
MASK = _NAMES[-1]
LARGEST_BYTES = max(map(len, PICTURES.values()))


@dataclass(frozen=True)
class Asked:
    """A conversation up to a question, or to the middle of the reply to it."""

    branch: tuple[Message, ...]

    @property
    def question(self) -> Message:
        """The last message of the user."""
        return next(message for message in reversed(self.branch) if message.role == "user")

    @property
    def under_way(self) -> bool:
        """Whether tools have just answered, and the model is asked to go on."""
        return self.branch[-1].role == "assistant"


class _Writer:
    """Writes one conversation; numbers what it writes."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._count = 0
        self._seen: list[str] = []
        """Names of pictures that stand in the conversation already."""

    def number(self) -> int:
        self._count += 1
        return self._count

    def text(self) -> str:
        trimming = st.sampled_from(_TRIMMINGS)
        return f"{self._draw(trimming)}word{self.number()}.{self._draw(trimming)}"

    def image(self, **more: Any) -> Image:
        again = bool(self._seen) and self._draw(st.booleans())
        name = self._draw(st.sampled_from(self._seen if again else _NAMES[:-1]))
        if not more.get("draft"):
            self._seen.append(name)
        return picture(name, **more)

    def question(self) -> tuple[Part, ...]:
        """Pictures, perhaps a mask, then words, as a question is composed."""
        count = self._draw(st.sampled_from((0, 0, 0, 1, 1, 2, 5)))
        asked: list[Part] = []
        kept = self._draw(st.booleans())
        if self._seen and kept:  # the tray offers the latest picture
            asked.append(picture(self._seen[-1], origin="model"))
        for _ in range(count):
            image = self.image(origin="upload")
            if all(image.media != other.media for other in images(asked)):  # the tray holds it once
                asked.append(image)
        if asked and self._draw(st.sampled_from((False, False, True))):
            asked.append(picture(MASK, origin="upload", mask=True))
        if not asked or self._draw(st.booleans()):
            asked.append(Text(self.text()))
        return tuple(asked)

    def reply(self, origin: Origin, *, ends_in_tools: bool = False) -> tuple[Part, ...]:
        """A reply as one kind of provider leaves it."""
        said: list[Part] = []
        beats = st.sampled_from(_BEATS)
        for beat in self._draw(st.lists(beats, max_size=5)):
            said += self._beat(beat, origin, first=_opens(said))
        if ends_in_tools:
            said += self._tools(origin, finished=True)
        elif self._draw(st.sampled_from((False, False, True))):
            said += self._tools(origin, finished=False)
        return tuple(said)

    def _beat(self, beat: str, origin: Origin, *, first: bool) -> list[Part]:
        # Gemini signs what it says first, its pictures and its calls, the rest as it likes; and a
        # reply that was stopped or masked may have lost any signature.
        signs = origin.kind != "gemini" or self._draw(st.sampled_from((first, True, False)))
        echo = self._echo(origin) if signs else None
        match beat:
            case "text":
                return [Text(self.text(), echo)]
            case "blank":
                return [Text("", self._echo(origin))]
            case "image":
                return [self._drawn(origin)]
            case "many":
                return [self._drawn(origin) for _ in range(self._draw(st.integers(2, 14)))]
            case "draft":
                return [self.image(origin="model", draft=True)]
            case "thought":
                return [Reasoning(f"thought{self.number()}", self._echo(origin, "reasoning"))]
            case _:
                return self._tools(origin, finished=True)

    def _drawn(self, origin: Origin) -> Image:
        return self.image(origin="model", echo=self._echo(origin, "picture"))

    def _tools(self, origin: Origin, *, finished: bool) -> list[Part]:
        """Some calls at once; unfinished, the last of them got no answer."""
        calls: list[Part] = []
        results: list[Part] = []
        for _ in range(self._draw(st.integers(1, 3))):
            call_id = f"call-{self.number()}" + "/+=" * self._draw(st.sampled_from((0, 1, 40)))
            arguments = {"place": f"Köln {self.number()}"}
            calls.append(ToolCall(call_id, "get_weather", arguments, self._echo(origin, "call")))
            content: list[Text | Image] = []
            if self._draw(st.booleans()):
                content.append(Text(self.text()))
            if self._draw(st.booleans()):
                content.append(self.image(origin="tool"))
            failed = self._draw(st.booleans())
            results.append(ToolResult(call_id, "get_weather", tuple(content), failed))
        return calls + (results if finished else results[:-1])

    def _echo(self, origin: Origin, what: str = "text") -> Echo | None:
        secret = f"secret-{origin.kind}-{origin.model}-{self.number()}"
        match origin.kind, what:
            case "gemini", _:
                signature = base64.b64encode(secret.encode()).decode()
                return Echo("gemini", {"thought_signature": signature})
            case "gemini_interactions", "reasoning" | "call":
                return Echo(
                    "gemini_interactions", {"signature": base64.b64encode(secret.encode()).decode()}
                )
            case "openai_chat", "text" if self._draw(st.booleans()):
                signature = base64.b64encode(secret.encode()).decode()
                return Echo("openai_chat", {"thought_signature": signature})
            case "openai_chat", _:
                return Echo("openai_chat", {"reasoning_details": [{"data": secret}]})
            case "openai_responses", "reasoning":
                kept = {"id": f"rs_{secret}", "summary": [], "encrypted_content": secret}
                return Echo("openai_responses", {"reasoning": kept})
            case "openai_responses", "picture":
                return Echo("openai_responses", {"picture_id": f"ig_{secret}"})
            case kind, _:
                return Echo(kind, {"secret": secret})


def _opens(said: list[Part]) -> bool:
    """Whether the next part is the first that the model says, thinking aside, or says to tools."""
    since = next((k for k, part in enumerate(said[::-1]) if isinstance(part, ToolResult)), None)
    return all(
        isinstance(part, Reasoning) or (isinstance(part, Image) and part.draft)
        for part in (said if since is None else said[len(said) - since :])
    )


def picture(name: str, **more: Any) -> Image:
    """A part with one of the pictures."""
    return Image(MediaRef(name, "image/png", len(PICTURES[name]), 8, 8), **more)


@st.composite
def conversations(draw: st.DrawFn, kind: str, *, under_way: bool = True) -> Asked:
    """Anything that may stand above a question, the question, and perhaps half of the reply.

    Half of the replies are by the model of this kind that is asked now; ``under_way`` allows for
    half a reply.
    """
    writer = _Writer(draw)
    others = [Origin(other, f"{other}-test", model) for other in KINDS for model in MODELS]
    authors = st.one_of(st.just(Origin(kind, f"{kind}-test", MODELS[0])), st.sampled_from(others))
    branch: list[Message] = []

    def add(role: Any, parts: tuple[Part, ...], **more: Any) -> None:
        branch.append(Message("m", "c", None, role, parts, created_at=LONG_AGO, **more))

    for _ in range(draw(st.integers(0, 4))):
        add("user", writer.question())
        author = draw(authors)
        parts = writer.reply(author)
        add("assistant", parts, origin=author, status=draw(st.sampled_from(ENDED)))
    add("user", writer.question())
    if under_way and draw(st.sampled_from((False, False, True))):
        author = draw(authors)
        parts = writer.reply(author, ends_in_tools=True)
        add("assistant", parts, origin=author, status="streaming")
    return Asked(tuple(branch))
