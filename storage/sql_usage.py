"""What people use of models, in the database of the conversations: a row a day, person and model.

Nothing is summed up but by the database, and a day's rows are as many as there were people and
models, however much they did.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, fields
from datetime import date

from sqlalchemy import Engine

from chat.core.usage_sums import UsageBy, UsageRow, UsageSum
from storage.transaction import Row, Transaction, transaction


class SqlUsage:
    """The port ``UsageStore`` on a migrated database. Each call is one transaction."""

    def __init__(self, engine: Engine, turn: Callable[[], AbstractContextManager[float]]) -> None:
        """``turn`` is that of the store of conversations: one queue of writers for a database."""
        self._engine = engine
        self._turn = turn

    def add(self, rows: Sequence[UsageRow]) -> None:
        """Add these to the sums."""
        # In one order, or two processes would wait for each other.
        ordered = sorted(rows, key=lambda each: (each.day, each.owner, each.model))
        with self._writing() as writing:
            for row in ordered:
                day = row.day.isoformat()
                writing.run(_ADD, day=day, owner=row.owner, model=row.model, **asdict(row.used))

    def totals(
        self, by: UsageBy, since: date, until: date, *, owner: str = "", model: str = ""
    ) -> list[tuple[str, UsageSum]]:
        """The sum of each day, owner or model."""
        where, values = _wanted(since, until, owner, model)
        statement = f"SELECT {by}, {_SUMS} FROM usage_day {where} GROUP BY {by} ORDER BY {by}"
        with transaction(self._engine) as reading:
            return [(str(row[0]), _sum(row[1:])) for row in reading.rows(statement, **values)]

    def rows(self, since: date, until: date, *, owner: str = "", model: str = "") -> list[UsageRow]:
        """Every sum of these days."""
        where, values = _wanted(since, until, owner, model)
        with transaction(self._engine) as reading:
            return [
                UsageRow(whose, date.fromisoformat(day), of, UsageSum(*sums))
                for day, whose, of, *sums in reading.rows(f"{_ROWS} {where} {_ORDER}", **values)
            ]

    def forget_before(self, day: date) -> int:
        """Forget the sums of the days before."""
        with self._writing() as writing:
            return writing.run("DELETE FROM usage_day WHERE day < :day", day=day.isoformat())

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self._turn() as patience_s, transaction(self._engine, patience_s) as writing:
            yield writing


def _wanted(since: date, until: date, owner: str, model: str) -> tuple[str, dict[str, str]]:
    """The condition of a statement, and its values."""
    values = {"since": since.isoformat(), "until": until.isoformat()}
    where = "WHERE day >= :since AND day <= :until"
    if owner:
        where, values["owner"] = f"{where} AND owner = :owner", owner
    if model:
        where, values["model"] = f"{where} AND model = :model", model
    return where, values


def _sum(values: Sequence[object] | Row) -> UsageSum:
    # PostgreSQL adds whole numbers up to what Python reads as decimal fractions.
    numbers = dict(zip(_FIGURES, values, strict=True))
    usd = float(str(numbers.pop("usd")))
    return UsageSum(usd=usd, **{name: int(str(value)) for name, value in numbers.items()})


_FIGURES = tuple(each.name for each in fields(UsageSum))
_ADD = f"""
    INSERT INTO usage_day (day, owner, model, {", ".join(_FIGURES)})
    VALUES (:day, :owner, :model, {", ".join(f":{name}" for name in _FIGURES)})
    ON CONFLICT (day, owner, model) DO UPDATE
    SET {", ".join(f"{name} = usage_day.{name} + excluded.{name}" for name in _FIGURES)}
"""
_SUMS = ", ".join(f"sum({name})" for name in _FIGURES)
_ROWS = f"SELECT day, owner, model, {', '.join(_FIGURES)} FROM usage_day"
_ORDER = "ORDER BY day, owner, model"
