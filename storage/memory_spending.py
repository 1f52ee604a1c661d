"""What people spend, and what they may, in dictionaries: gone when the program ends."""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from chat.core.spending import (
    EVERYBODY,
    Amount,
    Meter,
    SpendingLimits,
    Spent,
    in_the_way,
    month_of,
)


class MemorySpending:
    """The port ``SpendingStore`` in memory. One lock, so each call is whole."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._days: dict[str, dict[date, Amount]] = defaultdict(dict)
        self._limits: dict[str, SpendingLimits] = {}

    def reserve(
        self,
        owner: str,
        amount: Amount,
        day: date,
        own: SpendingLimits,
        shared: SpendingLimits,
    ) -> Meter | None:
        """Count an amount if every limit holds it."""
        with self._lock:
            spent, together = self.spent(owner, day), self.spent(EVERYBODY, day)
            meter = in_the_way(amount, (own, spent), (shared, together))
            if meter is None:
                self.add(owner, amount, day)
            return meter

    def add(self, owner: str, more: Amount, day: date) -> None:
        """Count an amount, whatever the limits."""
        with self._lock:
            for account in dict.fromkeys((owner, EVERYBODY)):
                held = self._days[account].get(day, Amount())
                self._days[account][day] = _sum((held, more))

    def spent(self, owner: str, day: date) -> Spent:
        """What an owner has spent."""
        first, following = month_of(day)
        with self._lock:
            days = self._days.get(owner, {})
            month = _sum([each for at, each in days.items() if first <= at < following])
            return Spent(days.get(day, Amount()), month)

    def forget_before(self, day: date) -> int:
        """Forget what was spent on the days before."""
        with self._lock:
            gone = [(owner, at) for owner, days in self._days.items() for at in days if at < day]
            for owner, at in gone:
                del self._days[owner][at]
            return len(gone)

    def rename(self, owner: str, pseudonym: str) -> None:
        """What an owner has spent counts on under another name."""
        with self._lock:
            self._days[pseudonym].update(self._days.pop(owner, {}))

    def limits(self, subjects: Sequence[str]) -> Mapping[str, SpendingLimits]:
        """The limits that were set for these."""
        with self._lock:
            return {each: self._limits[each] for each in subjects if each in self._limits}

    def set_limits(self, subject: str, limits: SpendingLimits) -> None:
        """Set the limits of a subject."""
        with self._lock:
            self._limits.pop(subject, None)
            if limits:
                self._limits[subject] = limits


def _sum(amounts: Sequence[Amount]) -> Amount:
    return Amount(sum(each.usd for each in amounts), sum(each.pictures for each in amounts))
