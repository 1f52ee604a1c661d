"""What people spend, and what they may, in the database of the conversations."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from datetime import date

from sqlalchemy import Engine

from chat.core.messages import now
from chat.core.spending import (
    EVERYBODY,
    Amount,
    Meter,
    SpendingLimits,
    Spent,
    in_the_way,
    month_of,
)
from storage.transaction import Transaction, named, names, transaction


class SqlSpending:
    """The port ``SpendingStore`` on a migrated database. Each call is one transaction.

    A row holds the sums of a day, so that a month is read from as many rows as it has days.
    """

    def __init__(self, engine: Engine, turn: Callable[[], AbstractContextManager[float]]) -> None:
        """``turn`` is that of the store of conversations: one queue of writers for a database."""
        self._engine = engine
        self._turn = turn

    def reserve(
        self,
        owner: str,
        amount: Amount,
        day: date,
        own: SpendingLimits,
        shared: SpendingLimits,
    ) -> Meter | None:
        """Count an amount if every limit holds it."""
        with self._writing() as writing:
            # Or two at once would each find room for itself. In this order, or two would wait for
            # each other.
            if shared.counts:
                writing.alone(SPENDING)
            writing.alone(f"{SPENDING} {owner}")
            spent = _spent(writing, owner, day)
            together = _spent(writing, EVERYBODY, day) if shared.counts else Spent()
            meter = in_the_way(amount, (own, spent), (shared, together))
            if meter is None:
                _add(writing, owner, amount, day)
            return meter

    def add(self, owner: str, more: Amount, day: date) -> None:
        """Count an amount, whatever the limits."""
        with self._writing() as writing:
            _add(writing, owner, more, day)

    def spent(self, owner: str, day: date) -> Spent:
        """What an owner has spent."""
        with transaction(self._engine) as reading:
            return _spent(reading, owner, day)

    def forget_before(self, day: date) -> int:
        """Forget what was spent on the days before."""
        with self._writing() as writing:
            return writing.run("DELETE FROM spending WHERE day < :day", day=day.isoformat())

    def limits(self, subjects: Sequence[str]) -> Mapping[str, SpendingLimits]:
        """The limits that were set for these."""
        wanted = list(dict.fromkeys(subjects))
        if not wanted:
            return {}
        statement = f"{_LIMITS} ({names('subject', len(wanted))})"
        with transaction(self._engine) as reading:
            rows = reading.rows(statement, **named("subject", wanted))
        return {str(subject): limits_from(json.loads(value)) for subject, value in rows}

    def set_limits(self, subject: str, limits: SpendingLimits) -> None:
        """Set the limits of a subject."""
        with self._writing() as writing:
            if not limits:
                writing.run("DELETE FROM spending_limit WHERE subject = :subject", subject=subject)
                return
            given = {name: value for name, value in asdict(limits).items() if value is not None}
            moment = writing.moment(now())
            writing.run(_SET, subject=subject, value=json.dumps(given), moment=moment)

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self._turn() as patience_s, transaction(self._engine, patience_s) as writing:
            yield writing


SPENDING = "spending"
"""What transactions ask for that must see the sums as they are."""


def limits_from(value: object) -> SpendingLimits:
    """Limits as they are stored; of what a newer Easel may have written, what this one knows."""
    known = SpendingLimits.__dataclass_fields__
    given = value if isinstance(value, dict) else {}
    return SpendingLimits(**{name: limit for name, limit in given.items() if name in known})


def _add(writing: Transaction, owner: str, more: Amount, day: date) -> None:
    for account in dict.fromkeys((owner, EVERYBODY)):
        writing.run(_ADD, owner=account, day=day.isoformat(), usd=more.usd, pictures=more.pictures)


def _spent(reading: Transaction, owner: str, day: date) -> Spent:
    first, following = month_of(day)
    row = reading.row(
        _SPENT,
        owner=owner,
        day=day.isoformat(),
        first=first.isoformat(),
        following=following.isoformat(),
    )
    assert row is not None, "a sum is always there"
    month_usd, month_pictures, day_usd, day_pictures = row
    return Spent(
        Amount(float(day_usd), int(day_pictures)), Amount(float(month_usd), int(month_pictures))
    )


_ADD = """
    INSERT INTO spending (owner, day, usd, pictures) VALUES (:owner, :day, :usd, :pictures)
    ON CONFLICT (owner, day) DO UPDATE
    SET usd = spending.usd + excluded.usd, pictures = spending.pictures + excluded.pictures
"""
_SPENT = """
    SELECT coalesce(sum(usd), 0), coalesce(sum(pictures), 0),
        coalesce(sum(CASE WHEN day = :day THEN usd END), 0),
        coalesce(sum(CASE WHEN day = :day THEN pictures END), 0)
    FROM spending WHERE owner = :owner AND day >= :first AND day < :following
"""
_LIMITS = "SELECT subject, value FROM spending_limit WHERE subject IN"
_SET = """
    INSERT INTO spending_limit (subject, value, changed_at) VALUES (:subject, :value, :moment)
    ON CONFLICT (subject) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
"""
