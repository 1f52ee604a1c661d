"""What happens while a reply is made.

A provider yields :data:`ProviderEvent`; the turn that drives it publishes :data:`TurnEvent`
to whoever watches. Raw picture bytes exist only in the first.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from chat.core.messages import Finish, Message, Usage
from chat.core.parts import Echo, Image, ToolCall, ToolResult


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of text. One that carries an echo is a part of its own, never merged."""

    text: str
    echo: Echo | None = None
    kind: Literal["text_delta"] = "text_delta"


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """The next piece of a model's thinking."""

    text: str
    echo: Echo | None = None
    kind: Literal["reasoning_delta"] = "reasoning_delta"


@dataclass(frozen=True, slots=True)
class ImageBytes:
    """A whole picture, exactly as the model sent it."""

    data: bytes
    draft: bool = False
    alt: str = ""
    echo: Echo | None = None
    kind: Literal["image_bytes"] = "image_bytes"


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of every complete stream; a stream that ends without one was cut."""

    finish: Finish
    usage: Usage | None = None
    response_id: str = ""
    request_id: str = ""
    """What the endpoint calls the request, for its support."""
    kind: Literal["finished"] = "finished"


ProviderEvent: TypeAlias = TextDelta | ReasoningDelta | ImageBytes | ToolCall | Finished


@dataclass(frozen=True, slots=True)
class Saved:
    """The reply as it now stands in the store. One with a final status ends the turn."""

    message: Message
    kind: Literal["saved"] = "saved"


@dataclass(frozen=True, slots=True)
class ToolProgress:
    """How far a running tool is. It is shown and not kept."""

    call_id: str
    note: str
    share: float | None = None
    """From 0 to 1; ``None``: not known."""
    kind: Literal["tool_progress"] = "tool_progress"


TurnEvent: TypeAlias = (
    TextDelta | ReasoningDelta | Image | ToolCall | ToolProgress | ToolResult | Saved
)
