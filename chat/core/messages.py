"""Messages and the conversations they form.

A conversation is a tree: ``parent_id`` points up, ``head_id`` names the leaf on the screen.
Editing and regenerating add siblings; nothing is overwritten.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import Literal, TypeAlias, TypeVar

from chat.core.conversation_settings import ConversationSettings
from chat.core.parts import Extra, Json, Part, ToolResult

Role: TypeAlias = Literal["user", "assistant"]

Status: TypeAlias = Literal[
    "queued", "streaming", "waiting", "complete", "stopped", "failed", "blocked", "interrupted"
]
"""``queued`` and ``streaming`` are alive: a turn writes them. ``waiting`` is a reply whose calls of
tools the user has to decide on: no turn runs, and one will go on with it. The others are final."""

FinishKind: TypeAlias = Literal[
    "stop", "length", "tool_calls", "blocked", "no_image", "error", "cancelled"
]

Billed: TypeAlias = Literal["yes", "no", "unknown"]

NextAction: TypeAlias = Literal[
    "retry", "edit", "reword", "ask_picture", "other_model", "tools_off", "keys"
]
"""What may help: the same again; other words by the user; words we suggest; asking plainly for
the picture; another model; no tools in this conversation; another key."""

N = TypeVar("N", int, float)

ALIVE: frozenset[Status] = frozenset({"queued", "streaming"})

UNENDED: frozenset[Status] = ALIVE | {"waiting"}
"""Of a reply that may still change."""


def new_id() -> str:
    """A random 128-bit identifier, 32 hexadecimal digits, safe in a URL."""
    return uuid.uuid4().hex


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one reply by modality. ``None`` means the provider did not say; it is never 0."""

    input_text_tokens: int | None = None
    input_image_tokens: int | None = None
    output_text_tokens: int | None = None
    output_image_tokens: int | None = None
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None
    reported_cost_usd: float | None = None
    """A price that the endpoint itself stated for the call."""
    input_audio_tokens: int | None = None
    """Of speech that was to be written down."""
    extra: Extra = field(default=None, hash=False, repr=False)

    def __add__(self, other: "Usage") -> "Usage":
        """The two together; a figure stays unknown only where both are unknown.

        A price is known only where both state one: half of it would pass for the whole.
        """
        stated = (self.reported_cost_usd, other.reported_cost_usd)

        def both(a: N | None, b: N | None) -> N | None:
            return a if b is None else b if a is None else a + b

        return Usage(
            both(self.input_text_tokens, other.input_text_tokens),
            both(self.input_image_tokens, other.input_image_tokens),
            both(self.output_text_tokens, other.output_text_tokens),
            both(self.output_image_tokens, other.output_image_tokens),
            both(self.reasoning_tokens, other.reasoning_tokens),
            both(self.cached_tokens, other.cached_tokens),
            None if None in stated else both(*stated),
            both(self.input_audio_tokens, other.input_audio_tokens),
        )

    def shared(self, among: int) -> "list[Usage]":
        """It in so many parts that make it up together, as equal as whole tokens let them be."""

        def part(figure: int | None, at: int) -> int | None:
            return None if figure is None else figure * (at + 1) // among - figure * at // among

        stated = self.reported_cost_usd
        return [
            Usage(
                part(self.input_text_tokens, at),
                part(self.input_image_tokens, at),
                part(self.output_text_tokens, at),
                part(self.output_image_tokens, at),
                part(self.reasoning_tokens, at),
                part(self.cached_tokens, at),
                None if stated is None else stated / among,
                part(self.input_audio_tokens, at),
            )
            for at in range(among)
        ]


@dataclass(frozen=True, slots=True)
class Finish:
    """Why a reply ended."""

    kind: FinishKind
    native: str = ""
    """The provider's own word for it, or the class of the error."""
    message: str = ""
    """A sentence for the user; empty where nothing need be said."""
    billed: Billed = "unknown"
    """Whether the provider charges for what ended so."""
    actions: tuple[NextAction, ...] = ()
    """What may help, the best first; empty: what the status alone suggests."""
    extra: Extra = field(default=None, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a reply."""

    kind: str
    """The wire kind of the provider."""
    endpoint: str
    model: str
    """The id of the model card."""
    response_id: str = ""
    deployment: str = ""
    """Which of several places answered, as ``endpoint/wire name``; empty: there was one."""
    notes: tuple[str, ...] = ()
    """Sentences on how the reply came about that the user should know."""
    settings: Mapping[str, Json] = field(default_factory=dict, hash=False)
    """What was chosen for its pictures when it was asked for: ratio, size, style ..."""
    pictures_by: str = ""
    """The id of the card that draws, where another model runs the tools for it; empty: there is
    none."""
    extra: Extra = field(default=None, hash=False, repr=False)

    @property
    def chosen(self) -> str:
        """The id of the card that was chosen to answer, whoever wrote the words."""
        return self.pictures_by or self.model


STUDIO = Origin("studio", "studio", "studio")
"""Of a reply that no model wrote: a picture changed by a picture operation."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of one speaker.

    An assistant message holds a whole reply: with tools on, calls and results stand among
    its parts in the order they happened (see :func:`rounds`).
    """

    id: str
    conversation_id: str
    parent_id: str | None
    role: Role
    parts: tuple[Part, ...]
    status: Status = "complete"
    finish: Finish | None = None
    """While it is alive: how the model's last words ended, as long as its tools are at work."""
    origin: Origin | None = None
    usage: Usage | None = None
    cost_usd: float | None = None
    """Price of the reply; ``None`` is unknown, never free."""
    client_id: str | None = None
    """What the browser called a user message: the same one twice is one turn."""
    created_at: datetime = field(default_factory=now)
    finished_at: datetime | None = None
    """Its end, or since when it waits."""


@dataclass(frozen=True, slots=True)
class Conversation(ConversationSettings):
    """A conversation and its settings."""

    id: str
    owner: str
    title: str
    _: KW_ONLY
    head_id: str | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    deleted_at: datetime | None = None
    """Set while the conversation waits in the bin; undo clears it."""
    pinned_at: datetime | None = None
    """Since when it stands on top of the list; ``None``: it does not."""
    extra: Extra = field(default=None, hash=False, repr=False)
    """Stored settings that this Easel has no use for, and stored values of the wrong type."""


@dataclass(frozen=True, slots=True)
class Round:
    """One exchange inside a reply: what the model said, then what the tools answered."""

    said: tuple[Part, ...]
    results: tuple[ToolResult, ...]


def question_at(messages: Sequence[Message]) -> int | None:
    """Where the last question stands; ``None`` where there is none."""
    return next((k for k in reversed(range(len(messages))) if messages[k].role == "user"), None)


def last_question(messages: Sequence[Message]) -> Message | None:
    """What the user said last."""
    at = question_at(messages)
    return None if at is None else messages[at]


def rounds(parts: tuple[Part, ...]) -> tuple[Round, ...]:
    """Split a reply where tool results end, as every wire wants it: model, tools, model ..."""
    split: list[Round] = []
    said: list[Part] = []
    results: list[ToolResult] = []
    for part in parts:
        if isinstance(part, ToolResult):
            results.append(part)
            continue
        if results:
            split.append(Round(tuple(said), tuple(results)))
            said, results = [], []
        said.append(part)
    if said or results:
        split.append(Round(tuple(said), tuple(results)))
    return tuple(split)
