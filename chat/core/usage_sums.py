"""What people use of models, in sums by day, person and model, and the port that keeps them.

Sums are kept by themselves: what a conversation cost counts on when the conversation is gone. Days
are those of UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, Protocol, TypeAlias

UsageBy: TypeAlias = Literal["day", "owner", "model"]


@dataclass(frozen=True, slots=True)
class UsageSum:
    """What was used, altogether."""

    replies: int = 0
    """Questions that were answered, or were to be: each once, by the model that was asked first."""
    calls: int = 0
    """Requests to providers."""
    failed: int = 0
    """Of these."""
    input_tokens: int = 0
    output_tokens: int = 0
    """Thinking included; both as far as providers have counted."""
    pictures: int = 0
    """That models drew."""
    usd: float = 0.0
    """As far as it is known."""
    unpriced: int = 0
    """Requests of which nobody knows what they cost."""

    def __add__(self, other: "UsageSum") -> "UsageSum":
        """Both together."""
        names = [each.name for each in fields(self)]
        return UsageSum(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class UsageRow:
    """What somebody used of a model on a day."""

    owner: str
    day: date
    model: str
    """The id of its card."""
    used: UsageSum


class UsageStore(Protocol):
    """Where the sums are kept. Every write is durable when the call returns.

    Raises, for all of it: ``Full``, ``ReadOnly`` and other ``StorageError``.
    """

    def add(self, rows: Sequence[UsageRow]) -> None:
        """Add these to the sums, all in one transaction."""
        ...

    def totals(
        self, by: UsageBy, since: date, until: date, *, owner: str = "", model: str = ""
    ) -> list[tuple[str, UsageSum]]:
        """The sum of each day (as ``2026-11-30``), owner or model, in their order.

        Both days count. With an owner or a model those of it alone.
        """
        ...

    def rows(self, since: date, until: date, *, owner: str = "", model: str = "") -> list[UsageRow]:
        """Every sum of these days, by day, owner and model."""
        ...

    def forget_before(self, day: date) -> int:
        """Forget the sums of the days before; how many there were."""
        ...
