"""Keys by which programs act for somebody who signs in, and the port that keeps them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from chat.core.messages import now
from chat.core.people import Person

Scope: TypeAlias = Literal["chat", "images", "read"]
"""What a key is good for: to ask models for words, for pictures, or which models there are."""

MAX_KEYS = 20
"""Of one person."""


@dataclass(frozen=True, slots=True)
class PersonalKey:
    """A key. What it is itself knows whoever made it; here stands its hash."""

    id: str
    person_id: str
    name: str
    """Which program it is for; of a person's keys each has another."""
    digest: str = field(repr=False)
    """The sha256, in hex."""
    scopes: tuple[Scope, ...]
    created_at: datetime = field(default_factory=now)
    ends_at: datetime | None = None
    """From then on it opens nothing; ``None``: it lasts until it is revoked."""
    used_at: datetime | None = None
    """When it was last used, to a few minutes."""


class PersonalKeys(Protocol):
    """Where they are kept. Every write is durable; with a person their keys go.

    Raises, for all of it: ``Full``, ``ReadOnly`` and other ``StorageError``.
    """

    def add(self, key: PersonalKey) -> None:
        """Keep a new one.

        Raises ``NotFound`` where its person is missing, ``Conflict`` where they have one of that
        name, and ``TooMany`` where they have as many as may be.
        """
        ...

    def of(self, person_id: str) -> list[PersonalKey]:
        """The keys of somebody, the first first."""
        ...

    def by_digest(self, digest: str) -> tuple[PersonalKey, Person] | None:
        """A key and whose it is, whether or not its time is over."""
        ...

    def used(self, key_id: str, at: datetime) -> None:
        """Remember when a key was last used, if there still is such a one."""
        ...

    def remove(self, person_id: str, key_id: str = "") -> int:
        """Forget a key of somebody, or all of them; how many there were."""
        ...
