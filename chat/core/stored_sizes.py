"""How much is kept: of everybody, and of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OwnerSizes:
    """What is kept for one owner."""

    conversations: int = 0
    """That are not in the bin."""
    binned: int = 0
    """That are."""
    pictures: int = 0
    """And files, each once, however often it is shown."""
    picture_bytes: int = 0


@dataclass(frozen=True, slots=True)
class StoredSizes:
    """What is kept in all."""

    database: str
    """Which kind it is, as people call it."""
    database_bytes: int = 0
    messages: int = 0
    pictures: int = 0
    picture_bytes: int = 0
    """Of those that two people have once; small copies are not counted."""
    owners: Mapping[str, OwnerSizes] = field(default_factory=dict)
    binned_since: datetime | None = None
    """When what lies longest in the bin was put there."""


@dataclass(frozen=True, slots=True)
class KnownBackup:
    """A copy that was made of an Easel, as it was noted beside the pictures."""

    made_at: datetime
    place: str
    pictures: int
