"""Several processes over one store: which of them live, and whose reply is whose.

A reply that is alive, queued or streaming, is leased to the process that wrote it last; the store
notes that with every write. A process says that it lives once every :data:`BEAT_S`. One that has
not for :data:`LEASE_S`, by the clock of the store, is taken to be dead, and what it left unfinished
may be taken over, once. Nobody's clock but the store's counts.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from chat.core.messages import Message

BEAT_S = 1.5
LEASE_S = 4.5


@dataclass(frozen=True, slots=True)
class LeftReply:
    """An unfinished reply that nobody writes any more."""

    owner: str
    message: Message


@dataclass(frozen=True, slots=True)
class ReplicasSeen:
    """What a beat finds of the others."""

    living: Sequence[str] = ()
    """The ids of those that live, sorted."""
    lapsed: bool = False
    """Whether there is one that does not any more."""


@dataclass(frozen=True, slots=True)
class TurnElsewhere:
    """A reply that another process writes."""

    reply_id: str
    owner: str
    conversation_id: str


class Replicas(Protocol):
    """The processes over a store.

    Raises ``StorageError`` where the store does not answer.
    """

    @property
    def shared(self) -> bool:
        """Whether several may use the store at once. If not, a lock keeps all others out."""
        ...

    @property
    def own(self) -> str:
        """The id of this process; empty where the store is not shared."""
        ...

    def beat(self) -> ReplicasSeen:
        """Say that this process lives; what there is of others."""
        ...

    def take_over(self, *, lapsed: bool) -> list[LeftReply]:
        """Unfinished replies that nobody writes, oldest first; they are this process's now.

        Of several that ask at once, one is given each. ``lapsed``: those of every process that
        lives no more. Without it, asked before this one writes any: those that surely nobody
        writes, of itself, of the process before it in the same data folder, and of none.
        """
        ...

    def elsewhere(self) -> list[TurnElsewhere]:
        """The replies that living others write, oldest first."""
        ...

    def leave(self) -> None:
        """This process is about to end; what it left unfinished may be taken over at once."""
        ...

    def housekeeping(self) -> AbstractContextManager[bool]:
        """Hold what only one process may do at a time; false: another one is at it."""
        ...
