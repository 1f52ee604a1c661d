"""What processes over one store tell each other of replies that grow, and of what people do.

A reply is written by one process, and its log is there, in :mod:`chat.turns.jobs`. Where several
share a store, they lay the log out for each other as well: pieces of it by their place, so that
any of them may read it from any place on, and nothing is lost or told twice, however often a piece
is laid out. It is a copy: a server that forgets it loses nothing.

With it go signals, a word and a few ids each. Who hears one, reads what there is to know elsewhere.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from chat.core.events import TurnEvent
from chat.core.parts import Json

SignalKind: TypeAlias = Literal[
    "joined",
    "began",
    "frames",
    "ended",
    "asks",
    "stop",
    "halt",
    "answer",
    "waits",
    "decided",
    "news",
    "signed out",
]

WORDS: Mapping[SignalKind, int] = {
    "joined": 0,
    "began": 3,
    "frames": 1,
    "ended": 1,
    "asks": 2,
    "stop": 2,
    "halt": 2,
    "answer": 2,
    "waits": 4,
    "decided": 1,
    "news": 2,
    "signed out": 1,
}
"""How many words a signal of each kind has."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that happened."""

    kind: SignalKind
    words: tuple[str, ...] = ()
    """Ids, and what else is short."""


@dataclass(frozen=True, slots=True)
class LogPiece:
    """Some of what happened to a reply, in order."""

    turn: str
    """The id of the reply."""
    first: int
    """How many events came before it."""
    events: tuple[TurnEvent | None, ...]
    """``None`` stands for one that says nothing to others: the last save, which they read."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What others have told."""

    signals: tuple[Signal, ...] = ()
    anew: bool = False
    """Whether one listens only from here on: what was told before may have been missed."""


class LiveLog(Protocol):
    """Logs of replies, and signals, among the processes over one store.

    Raises ``StorageError`` where it does not answer.
    """

    def tell(
        self,
        pieces: Sequence[LogPiece] = (),
        signals: Sequence[Signal] = (),
        ended: Sequence[str] = (),
        notes: Mapping[str, Json] | None = None,
    ) -> None:
        """Forget what this process laid out of turns that have ended, lay out pieces and notes.

        In this order: a turn that has ended may have begun anew. Then tell the others, of each
        piece by a signal ``frames`` with its turn. All of it or nothing.
        """
        ...

    def read(self, wanted: Mapping[str, int]) -> list[LogPiece]:
        """The pieces that reach beyond so many events of a turn; by turn, in their order.

        One that cannot be read is left out.
        """
        ...

    def take_note(self, name: str) -> Json | None:
        """A note, which is gone then; ``None``: there is none."""
        ...

    def turns(self) -> list[str]:
        """The turns of which anything is laid out, whoever did it."""
        ...

    def forget(self, names: Sequence[str]) -> None:
        """Forget everything of these turns, whoever laid it out, and the notes of these names."""
        ...

    def forget_old(self) -> None:
        """Forget what nobody asked for within a day."""
        ...

    def heard(self) -> AsyncGenerator[Heard, None]:
        """What others tell, until it is closed. A line that is lost is made anew."""
        ...

    def close(self) -> None:
        """Let go of it. Safe to call twice."""
        ...
