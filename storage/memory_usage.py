"""What people use of models, in a dictionary: gone when the program ends."""

import threading
from collections.abc import Sequence
from datetime import date

from chat.core.usage_sums import UsageBy, UsageRow, UsageSum


class MemoryUsage:
    """The port ``UsageStore`` in memory. One lock, so each call is whole."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._sums: dict[tuple[date, str, str], UsageSum] = {}

    def add(self, rows: Sequence[UsageRow]) -> None:
        """Add these to the sums."""
        with self._lock:
            for row in rows:
                key = row.day, row.owner, row.model
                self._sums[key] = self._sums.get(key, UsageSum()) + row.used

    def totals(
        self, by: UsageBy, since: date, until: date, *, owner: str = "", model: str = ""
    ) -> list[tuple[str, UsageSum]]:
        """The sum of each day, owner or model."""
        found: dict[str, UsageSum] = {}
        with self._lock:
            for (day, whose, of), used in self._sums.items():
                if since <= day <= until and owner in ("", whose) and model in ("", of):
                    key = {"day": day.isoformat(), "owner": whose, "model": of}[by]
                    found[key] = found.get(key, UsageSum()) + used
        return sorted(found.items())

    def rows(self, since: date, until: date, *, owner: str = "", model: str = "") -> list[UsageRow]:
        """Every sum of these days."""
        with self._lock:
            return [
                UsageRow(whose, day, of, used)
                for (day, whose, of), used in sorted(self._sums.items(), key=lambda one: one[0])
                if since <= day <= until and owner in ("", whose) and model in ("", of)
            ]

    def forget_before(self, day: date) -> int:
        """Forget the sums of the days before."""
        with self._lock:
            gone = [key for key in self._sums if key[0] < day]
            for key in gone:
                del self._sums[key]
            return len(gone)

    def rename(self, owner: str, pseudonym: str) -> None:
        """What was an owner's counts on under another name."""
        with self._lock:
            for row in self.rows(date.min, date.max, owner=owner):
                del self._sums[row.day, owner, row.model]
                self.add([UsageRow(pseudonym, row.day, row.model, row.used)])
