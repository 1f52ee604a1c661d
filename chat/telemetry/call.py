"""The record of one call of a model, and the socket for who keeps such records.

Holds no key. Words are on it only where somebody keeps them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from chat.core.calling import ModelRequest
from chat.core.events import ProviderEvent
from chat.core.messages import Status, Usage
from chat.core.models import Endpoint, ModelCard

Outcome: TypeAlias = Literal["ok", "blocked", "error", "stopped"]


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a provider and what came of it."""

    conversation_id: str
    turn_id: str
    """The id of the reply it was made for."""
    owner: str
    endpoint: Endpoint
    card: ModelCard
    """With the endpoint and the wire name that were asked."""
    attempt: int
    """From 1, within one question to the model."""
    started_at: datetime
    total_s: float
    first_event_s: float | None = None
    """Until the first event; ``None`` where none came."""
    outcome: Outcome = "ok"
    error_type: str = ""
    """The class of the error, where there was one."""
    http_status: int | None = None
    finish: str = ""
    """The kind of the finish, where there was one."""
    usage: Usage | None = None
    cost_usd: float | None = None
    pictures: int = 0
    """How many were drawn, without drafts."""
    request_id: str = ""
    response_id: str = ""
    deployment: str = ""
    """Which of several places was asked; empty: there was one."""
    request: ModelRequest | None = field(default=None, repr=False)
    """What was sent, where a recorder keeps words."""
    said: Sequence[ProviderEvent] = field(default=(), repr=False)
    """What came and may be shown, where a recorder keeps words."""


class Recorder(Protocol):
    """Who keeps records. None of it raises, waits for a network, or takes long."""

    @property
    def keeps_words(self) -> bool:
        """Whether calls shall carry what was asked and said."""
        ...

    def began(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """A turn has begun."""
        ...

    def called(self, call: Call) -> None:
        """A call is over."""
        ...

    def ended(self, turn_id: str, status: Status) -> None:
        """A turn that had begun is over."""
        ...

    def close(self) -> None:
        """Send what is left, within seconds. Safe to call twice."""
        ...


class Recorders:
    """Several recorders as one."""

    def __init__(self, recorders: Sequence[Recorder]) -> None:
        self._recorders = tuple(recorders)

    @property
    def keeps_words(self) -> bool:
        """Whether one of them wants them."""
        return any(recorder.keeps_words for recorder in self._recorders)

    def began(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """Tell each."""
        for recorder in self._recorders:
            recorder.began(conversation_id, turn_id, owner)

    def called(self, call: Call) -> None:
        """Tell each."""
        for recorder in self._recorders:
            recorder.called(call)

    def ended(self, turn_id: str, status: Status) -> None:
        """Tell each."""
        for recorder in self._recorders:
            recorder.ended(turn_id, status)

    def close(self) -> None:
        """Close each."""
        for recorder in self._recorders:
            recorder.close()
