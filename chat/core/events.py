"""What happens while a reply is made.

A provider yields :data:`ProviderEvent`; the turn that drives it publishes :data:`TurnEvent`
to whoever watches. Raw picture bytes exist only in the first.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from chat.core.forms import FormField
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
    caption: str = ""
    """What stands under it; empty: what was asked for."""
    kind: Literal["image_bytes"] = "image_bytes"


@dataclass(frozen=True, slots=True)
class CallDelta:
    """More of a call that the model is still writing, to be shown and not kept.

    What is kept, run and sent back is the whole call, which follows, or never does.
    """

    number: int
    """Which call of this answer, from 0 in the order in which they began."""
    name: str
    """As far as it has come."""
    arguments: str
    """The next piece of their JSON."""
    anew: bool = False
    """Whether they begin again with this piece: what came before it is void."""
    kind: Literal["call_delta"] = "call_delta"


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of every complete stream; a stream that ends without one was cut."""

    finish: Finish
    usage: Usage | None = None
    response_id: str = ""
    request_id: str = ""
    """What the endpoint calls the request, for its support."""
    speech_s: float = 0.0
    """For how many seconds of speech it says that it charges; 0: it does not say."""
    kind: Literal["finished"] = "finished"


ProviderEvent: TypeAlias = TextDelta | ReasoningDelta | ImageBytes | CallDelta | ToolCall | Finished


@dataclass(frozen=True, slots=True)
class CallsEnded:
    """The model writes no call any more: what has not become a whole one never will."""

    kind: Literal["calls_ended"] = "calls_ended"


@dataclass(frozen=True, slots=True)
class Saved:
    """The reply as it now stands in the store. One with a final status ends the turn."""

    message: Message
    kind: Literal["saved"] = "saved"


@dataclass(frozen=True, slots=True)
class Queued:
    """The turn waits for others of its owner to end. It is shown and not kept."""

    place: int
    """In the queue, 1 for the next; 0: it waits no longer."""
    kind: Literal["queued"] = "queued"


@dataclass(frozen=True, slots=True)
class ToolProgress:
    """How far a running tool is. It is shown and not kept."""

    call_id: str
    note: str
    share: float | None = None
    """From 0 to 1; ``None``: not known."""
    kind: Literal["tool_progress"] = "tool_progress"


@dataclass(frozen=True, slots=True)
class UserAsked:
    """A running tool asks the user something, and waits. It is shown and not kept."""

    id: str
    """Of the question."""
    call_id: str
    title: str
    source: str
    """What people call the tool, and where it comes from."""
    message: str
    fields: tuple[FormField, ...]
    """What is to be filled in; none: only whether or not."""
    kind: Literal["user_asked"] = "user_asked"


@dataclass(frozen=True, slots=True)
class UserAnswered:
    """A question is not open any more: answered, declined, or not waited for."""

    id: str
    kind: Literal["user_answered"] = "user_answered"


TurnEvent: TypeAlias = (
    TextDelta
    | ReasoningDelta
    | Image
    | CallDelta
    | CallsEnded
    | Queued
    | ToolCall
    | ToolProgress
    | ToolResult
    | UserAsked
    | UserAnswered
    | Saved
)
