"""The parts a message is made of.

Pure values: a part never knows its database row, its HTML or its wire form. The order
in a list of parts is the order on the screen.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Any
"""A value that ``json.dumps`` accepts and gives back unchanged."""

ImageOrigin: TypeAlias = Literal["upload", "model", "tool"]


@dataclass(frozen=True, slots=True)
class MediaRef:
    """The name of stored picture bytes: everything about a picture but the picture."""

    sha256: str
    """64 lower-case hexadecimal digits of the stored bytes."""
    mime: str
    """What the bytes are, found by looking at them: ``image/png``, ``image/jpeg`` ..."""
    size_bytes: int
    width_px: int
    """Width as shown, after any orientation tag has been applied."""
    height_px: int


@dataclass(frozen=True, slots=True)
class Echo:
    """Opaque state that only the provider that wrote it may read.

    Thought signatures, reasoning details and native call ids travel here, on the very
    part that carried them, and go back to that provider unchanged.
    """

    provider: str
    """The wire kind that wrote it: ``gemini``, ``openai_chat`` ..."""
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Text:
    """Words, in Markdown."""

    text: str
    echo: Echo | None = None
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What a model thought aloud; shown folded, never sent to another provider."""

    text: str
    echo: Echo | None = None
    kind: Literal["reasoning"] = "reasoning"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a message. The bytes live in a media store under ``media.sha256``."""

    media: MediaRef
    origin: ImageOrigin
    alt: str = ""
    """What the picture shows, for people who cannot see it."""
    draft: bool = False
    """An interim picture of a thinking model: shown as a draft, never taken as the result."""
    echo: Echo | None = None
    mask: bool = False
    """Says where the first picture of its message may change: there it is transparent."""
    kind: Literal["image"] = "image"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model asks for a tool to be run."""

    call_id: str
    name: str
    arguments: Mapping[str, Json]
    echo: Echo | None = None
    kind: Literal["tool_call"] = "tool_call"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered. A failed tool is an answer too."""

    call_id: str
    """The ``call_id`` of the call it answers."""
    name: str
    content: tuple[Text | Image, ...]
    failed: bool = False
    echo: Echo | None = None
    kind: Literal["tool_result"] = "tool_result"


Part: TypeAlias = Text | Reasoning | Image | ToolCall | ToolResult


def plain_text(parts: tuple[Part, ...]) -> str:
    """The words of a message, adjacent text joined as it was streamed, pictures as blank lines."""
    joined: list[str] = []
    after_other = False
    for part in parts:
        if isinstance(part, Text):
            if after_other and joined:
                joined.append("\n\n")
            joined.append(part.text)
            after_other = False
        else:
            after_other = True
    return "".join(joined).strip()


def images(parts: Sequence[Part]) -> list[Image]:
    """Every picture in order, those inside tool results and drafts included."""
    found: list[Image] = []
    for part in parts:
        content = part.content if isinstance(part, ToolResult) else (part,)
        found.extend(item for item in content if isinstance(item, Image))
    return found


def pictures(parts: Sequence[Part]) -> tuple[Image, ...]:
    """The finished pictures in order, no masks; where drafts are all, the last stands in."""
    found = [image for image in images(parts) if not image.mask]
    finished = tuple(image for image in found if not image.draft)
    return finished or tuple(found[-1:])


def with_pictures(parts: Sequence[Part], read: Callable[[Image], Image | Text]) -> tuple[Part, ...]:
    """The parts with each picture as it was read, those inside tool results included."""
    mapped: list[Part] = []
    for part in parts:
        if isinstance(part, Image):
            mapped.append(read(part))
        elif isinstance(part, ToolResult):
            content = tuple(read(c) if isinstance(c, Image) else c for c in part.content)
            mapped.append(replace(part, content=content))
        else:
            mapped.append(part)
    return tuple(mapped)
