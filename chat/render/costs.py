"""Money in words: what was paid, what may be paid, and what nobody knows."""

from decimal import Decimal

from chat.core.languages import later, plural, say
from chat.core.numbers import number
from chat.core.ports import Spending

FREE = later("free")
UNKNOWN = later("cost unknown")


def paid_words(cost_usd: float) -> str:
    """What something did cost: ``$0.0391``."""
    if cost_usd == 0:
        return say(FREE)
    if cost_usd < 0.0001:
        return say("under ${amount}", amount=number(0.0001, 4))
    return _money(cost_usd, 2 if cost_usd >= 1 else 4)


def expected_words(cost_usd: float | None) -> str:
    """What something may cost, no more exact than it is known: ``about $0.04``."""
    if cost_usd is None:
        return say("price unknown")
    if cost_usd == 0:
        return say(FREE)
    if cost_usd < 0.0005:
        return say("under ${amount}", amount=number(0.001, 3))
    amount = number(cost_usd, 3 if cost_usd < 0.0095 else 2)
    return say("about ${amount}", amount=amount)


def spending_words(spending: Spending) -> str:
    """What a conversation cost so far: ``$0.12, 1 reply unknown``; empty before its first reply."""
    unknown = plural(spending.unpriced, "{n} reply unknown", "{n} replies unknown")
    # “Free” of the known part would be read as the price of the whole.
    if not spending.priced or (spending.cost_usd == 0 and spending.unpriced):
        return unknown if spending.unpriced else ""
    known = say(FREE) if spending.cost_usd == 0 else _sum(spending.cost_usd)
    return f"{known}, {unknown}" if spending.unpriced else known


def _sum(cost_usd: float) -> str:
    return _money(cost_usd, 2) if cost_usd >= 0.01 else paid_words(cost_usd)


def listed_words(amount: float) -> str:
    """What a price list says: ``$30``, ``$0.50``, and less than a cent as it is, ``$0.0395``."""
    if amount == int(amount):
        return _money(amount, 0)
    if round(amount, 2) == amount:
        return _money(amount, 2)
    exact = Decimal(repr(amount)).normalize()
    return _money(amount, max(0, -int(exact.as_tuple().exponent)))


def _money(amount_usd: float, decimals: int) -> str:
    return f"${number(amount_usd, decimals)}"
