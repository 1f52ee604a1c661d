"""What people show each other, read only, and the port that keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from chat.core.messages import now

ShareKind: TypeAlias = Literal["conversation", "board"]

MAX_SHARES = 500
"""Of one owner."""
MAX_SHARED_WITH = 200
"""People that one is shared with by name, and groups."""


@dataclass(frozen=True, slots=True)
class Share:
    """That somebody lets others look at something of theirs. Nobody writes by it."""

    id: str
    owner: str
    kind: ShareKind
    subject: str
    """The id of the conversation or the board."""
    leaf: str = ""
    """Of a conversation, the last message that is shown: what comes later is not; empty: a board,
    as it is whenever somebody looks."""
    token: str = field(default="", repr=False)
    """Whoever has it may look; empty: only who signs in."""
    everybody: bool = False
    """All who sign in here may look, guests aside."""
    people: tuple[str, ...] = ()
    """The ids of those who may, by name."""
    groups: tuple[str, ...] = ()
    """The names of the groups that may: whoever is in one when they look."""
    created_at: datetime = field(default_factory=now)
    ends_at: datetime | None = None
    """From then on nobody may look; ``None``: until it is ended."""
    views: int = 0
    """How often others have opened it."""


class Shares(Protocol):
    """Where they are kept. Every write is durable.

    With a person go theirs, and their place in those of others.

    Raises, for all of it: ``Full``, ``ReadOnly`` and other ``StorageError``.
    """

    def add(self, share: Share) -> None:
        """Keep a new one.

        Raises ``NotFound`` where somebody it is shared with is missing, and ``TooMany`` where the
        owner has as many as may be.
        """
        ...

    def get(self, share_id: str) -> Share | None:
        """One by its id, whether or not its time is over."""
        ...

    def by_token(self, token: str) -> Share | None:
        """One by what its link carries, whether or not its time is over."""
        ...

    def of(self, owner: str) -> list[Share]:
        """Those of an owner, the newest first."""
        ...

    def shared_with(
        self, person_id: str, *, everybody: bool, groups: Sequence[str] = ()
    ) -> list[Share]:
        """Those of others that name somebody or one of these groups.

        The newest first, at most ``MAX_SHARES``.

        With ``everybody`` also those with all who sign in.
        """
        ...

    def viewed(self, share_id: str) -> None:
        """Count that it was opened, if there still is such a one."""
        ...

    def remove(self, owner: str, share_id: str) -> bool:
        """End one of an owner's; false where there is none."""
        ...
