"""What people may spend on models, what they have spent, and the port that counts it.

Days and months are those of UTC. An owner's account may be anybody's; that of ``EVERYBODY`` holds
what all owners have spent together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol, TypeAlias

EVERYBODY = ""
"""Whose account counts for all owners together."""

NEAR = 0.8
"""From this share of a limit on somebody is told that it is near."""

SLACK = 1e-9
"""Sums of decimal fractions are as little off as this."""

Period: TypeAlias = Literal["day", "month"]
Measure: TypeAlias = Literal["usd", "pictures"]


@dataclass(frozen=True, slots=True)
class SpendingLimits:
    """How much there may be of what; ``None`` is no limit."""

    usd_a_day: float | None = None
    usd_a_month: float | None = None
    pictures_a_day: int | None = None
    pictures_a_month: int | None = None
    messages_a_minute: int | None = None
    replies_at_once: int | None = None

    def __bool__(self) -> bool:
        """Whether there is any limit."""
        return any(getattr(self, field.name) is not None for field in fields(self))

    @property
    def in_usd(self) -> bool:
        """Whether it matters what something costs."""
        return self.usd_a_day is not None or self.usd_a_month is not None

    @property
    def counts(self) -> bool:
        """Whether anything has to be counted that is spent."""
        return self.in_usd or not (self.pictures_a_day is None and self.pictures_a_month is None)

    def before(self, others: "SpendingLimits") -> "SpendingLimits":
        """Each limit as it is here, or else as it is there."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return replace(others, **{k: value for k, value in given.items() if value is not None})


NO_LIMITS = SpendingLimits()


@dataclass(frozen=True, slots=True)
class Amount:
    """What something costs, or a difference of two such."""

    usd: float = 0.0
    pictures: int = 0

    def less(self, other: "Amount") -> "Amount":
        """How much more this is than another."""
        return Amount(self.usd - other.usd, self.pictures - other.pictures)


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent on a day, and in its month until then and after."""

    day: Amount = Amount()
    month: Amount = Amount()


@dataclass(frozen=True, slots=True)
class Meter:
    """One limit, and how far it is reached."""

    shared: bool
    """It is for everybody together."""
    period: Period
    measure: Measure
    spent: float
    limit: float

    @property
    def reached(self) -> bool:
        """Whether nothing is left."""
        return self.spent >= self.limit - SLACK

    @property
    def near(self) -> bool:
        """Whether little or nothing is left."""
        return self.spent >= NEAR * self.limit - SLACK

    @property
    def left(self) -> float:
        """What may still be spent."""
        return max(0.0, self.limit - self.spent)

    def holds(self, more: Amount) -> bool:
        """Whether so much more may be spent. What costs nothing always may."""
        cost = more.usd if self.measure == "usd" else more.pictures
        return cost <= 0 or self.spent + cost <= self.limit + SLACK


def meters(limits: SpendingLimits, spent: Spent, *, shared: bool) -> Iterator[Meter]:
    """Every limit on what is spent, the longer one of two first: it begins anew later."""
    rows: Sequence[tuple[Period, Measure, float, float | None]] = (
        ("month", "usd", spent.month.usd, limits.usd_a_month),
        ("month", "pictures", spent.month.pictures, limits.pictures_a_month),
        ("day", "usd", spent.day.usd, limits.usd_a_day),
        ("day", "pictures", spent.day.pictures, limits.pictures_a_day),
    )
    for period, measure, so_far, limit in rows:
        if limit is not None:
            yield Meter(shared, period, measure, so_far, limit)


def in_the_way(
    more: Amount,
    own: tuple[SpendingLimits, Spent],
    shared: tuple[SpendingLimits, Spent],
) -> Meter | None:
    """The first limit that does not hold so much more; ``None``: all do."""
    every = (*meters(*own, shared=False), *meters(*shared, shared=True))
    return next((each for each in every if not each.holds(more)), None)


def day_of(moment: datetime) -> date:
    """The day on which something is counted."""
    return moment.astimezone(UTC).date()


def month_of(day: date) -> tuple[date, date]:
    """The first day of its month, and the first of the next one."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


def anew(period: Period, moment: datetime) -> datetime:
    """When a day or a month begins anew."""
    day = day_of(moment)
    following = day + timedelta(days=1) if period == "day" else month_of(day)[1]
    return datetime.combine(following, time(), UTC)


class SpendingStore(Protocol):
    """Where it is counted what people spend, and kept what they may. Every write is durable.

    Raises, for all of it: ``Full``, ``ReadOnly`` and other ``StorageError``.
    """

    def reserve(
        self,
        owner: str,
        amount: Amount,
        day: date,
        own: SpendingLimits,
        shared: SpendingLimits,
    ) -> Meter | None:
        """Count an amount if the owner's limits and everybody's hold it.

        Of several at once only so many are counted as fit together.

        Returns: the limit in the way, and nothing is counted; ``None``: it is.
        """
        ...

    def add(self, owner: str, more: Amount, day: date) -> None:
        """Count an amount, whatever the limits; what was reserved too much is a negative one."""
        ...

    def spent(self, owner: str, day: date) -> Spent:
        """What an owner, or ``EVERYBODY``, has spent."""
        ...

    def forget_before(self, day: date) -> int:
        """Forget what was spent on the days before; of how many accounts and days."""
        ...

    def limits(self, subjects: Sequence[str]) -> Mapping[str, SpendingLimits]:
        """The limits that were set for these, of those that have any."""
        ...

    def set_limits(self, subject: str, limits: SpendingLimits) -> None:
        """Set the limits of a subject, such as ``role:user``; none at all forgets it."""
        ...


def person_subject(person_id: str) -> str:
    """By which name limits of one person are kept."""
    return f"person:{person_id}"


def role_subject(role: str) -> str:
    """By which name limits of everybody of a role are kept."""
    return f"role:{role}"
