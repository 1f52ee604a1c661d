"""The host's file of limits on spending, read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from chat.core.spending import NO_LIMITS, SpendingLimits
from chat.models.role_tables import of_roles, top_of
from chat.models.rows import Row


@dataclass(frozen=True, slots=True)
class UnknownPrice:
    """What a call counts as whose price is unknown."""

    picture_usd: float
    reply_usd: float


@dataclass(frozen=True, slots=True)
class QuotaRules:
    """What the host has set."""

    everybody: SpendingLimits = NO_LIMITS
    """Of each person."""
    roles: Mapping[str, SpendingLimits] = field(default_factory=dict)
    """Of each person of a role, before those of everybody."""
    instance: SpendingLimits = NO_LIMITS
    """Of all together."""
    unknown_price: UnknownPrice | None = None
    """``None``: what costs nobody knows what is not done where there is a limit in USD."""


NO_RULES = QuotaRules()


def read_quotas(name: str, text: str, roles: Sequence[str]) -> QuotaRules:
    """What a file says.

    Args:
        name: of the file, for people.
        text: TOML with the tables ``everybody``, ``role``, ``instance`` and ``unknown_price``.
        roles: those there are.

    Raises:
        ConfigError: something in it is wrong; a line for each mistake names file, line and key.
    """
    with top_of(name, text) as top:
        everybody = _limits(top.table("everybody"))
        each = of_roles(top, roles, _limits)
        instance = _limits(top.table("instance"), together=True)
        unknown = _unknown(top.table("unknown_price"), given="unknown_price" in top)
    return QuotaRules(everybody, each, instance, unknown)


OF_ONE = ("messages_a_minute", "replies_at_once")
"""Limits that make no sense of all together."""


def _limits(row: Row, *, together: bool = False) -> SpendingLimits:
    names = [each.name for each in fields(SpendingLimits)]
    if together:
        names = [name for name in names if name not in OF_ONE]
    read = {
        name: row.amount(name) if name.startswith("usd") else _count(row, name) for name in names
    }
    row.finish("a limit")
    return SpendingLimits(**read)  # type: ignore[arg-type]


def _count(row: Row, name: str) -> int | None:
    least = 1 if name in OF_ONE else 0
    return row.count(name, least, least=least) if name in row else None


def _unknown(row: Row, *, given: bool) -> UnknownPrice | None:
    picture_usd, reply_usd = row.amount("picture_usd"), row.amount("reply_usd")
    row.finish()
    if not given:
        return None
    if picture_usd is None or reply_usd is None:
        row.wrong("it needs “picture_usd” and “reply_usd”, what each counts as.")
    return UnknownPrice(picture_usd or 0.0, reply_usd or 0.0)
