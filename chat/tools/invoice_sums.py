"""What an invoice comes to: exact decimals, each amount rounded to the coins of its currency."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from chat.core.errors import ToolFailed

MAX_ITEMS = 60
MAX_ITEM_CHARS = 300
MOST = Decimal(1_000_000_000)
_NUMBER = re.compile(r"-?\d{1,10}(\.\d{1,6})?", re.ASCII)
_NO_COINS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
_MILLS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
"""Currencies of no and of three decimals. Source: ISO 4217, list one (2026-01-01)."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row of an invoice."""

    quantity: Decimal
    price: Decimal
    """Of one, without tax."""
    words: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """The rows, and what they come to."""

    items: tuple[Item, ...]
    net: Decimal
    tax_percent: Decimal
    tax: Decimal
    total: Decimal
    currency: str

    def money(self, amount: Decimal) -> str:
        """An amount as people write it: ``1,234.50 EUR``."""
        return f"{amount:,.{_places(self.currency)}f} {self.currency}"


def sums_of(rows: Sequence[str], tax_percent: str, currency: str) -> Sums:
    """Reckon an invoice.

    Args:
        rows: each ``quantity; price of one; words``.
        tax_percent: of the net sum.
        currency: three letters.

    Raises:
        ToolFailed: a row or number that makes no sense; the sentence says which.
    """
    code = currency.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code, re.ASCII):
        raise ToolFailed("A currency is three letters, such as EUR.")
    if not 0 < len(rows) <= MAX_ITEMS:
        raise ToolFailed(f"An invoice has from 1 to {MAX_ITEMS} items.")
    percent = _number(tax_percent, "The tax")
    if not 0 <= percent <= 100:
        raise ToolFailed("The tax is from 0 to 100 per cent.")
    items = tuple(_item(number, row, code) for number, row in enumerate(rows, 1))
    net = sum((item.amount for item in items), Decimal(0))
    tax = _rounded(net * percent / 100, code)
    return Sums(items, net, percent, tax, net + tax, code)


def _item(number: int, row: str, currency: str) -> Item:
    quantity, _, rest = row.partition(";")
    price, _, words = rest.partition(";")
    words = " ".join(words.split())
    if not 0 < len(words) <= MAX_ITEM_CHARS:
        raise ToolFailed(
            f"Item {number} is written as “quantity; price; words”, such as “3; 49.90; Hours of "
            f"design”, with at most {MAX_ITEM_CHARS} characters of words."
        )
    many, each = (_number(part, f"A number of item {number}") for part in (quantity, price))
    amount = _rounded(many * each, currency)
    if abs(amount) > MOST:
        raise ToolFailed(f"Item {number} is more than an invoice takes.")
    return Item(many, each, words, amount)


def _number(text: str, what: str) -> Decimal:
    if not _NUMBER.fullmatch(text.strip()):
        raise ToolFailed(f"{what} is written in digits with a point, such as 49.90.")
    return Decimal(text.strip())


def _places(currency: str) -> int:
    return 0 if currency in _NO_COINS else 3 if currency in _MILLS else 2


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-_places(currency)), ROUND_HALF_UP)
