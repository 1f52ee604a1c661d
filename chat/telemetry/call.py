"""The record of one call of a model, and the socket for who keeps such records.

Holds no key. Words are on it only where somebody keeps them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias, runtime_checkable

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


@runtime_checkable
class WatchRecorder(Protocol):
    """Who keeps records of turns that are watched here and written by another process."""

    def watched(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """Somebody watches a turn here. Twice is once."""
        ...

    def seen(self, turn_id: str, events: int, status: Status) -> None:
        """It has ended, after so many events of it had come, as this; if it was watched."""
        ...


class Recorders:
    """Several recorders as one."""

    def __init__(self, recorders: Sequence[Recorder]) -> None:
        self._recorders = tuple(recorders)
        self._watchers = [each for each in self._recorders if isinstance(each, WatchRecorder)]

    def watched(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """Tell each that keeps records of it."""
        for recorder in self._watchers:
            recorder.watched(conversation_id, turn_id, owner)

    def seen(self, turn_id: str, events: int, status: Status) -> None:
        """Tell each that keeps records of it."""
        for recorder in self._watchers:
            recorder.seen(turn_id, events, status)

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
