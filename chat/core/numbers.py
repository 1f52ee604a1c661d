"""Numbers, shares, sizes and days as the language has them that is spoken now.

The page has the browser's own knowledge for that; what the server draws has the same of Unicode's
CLDR, which ``make words`` puts into the catalogues. English, the source, needs none.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from chat.core.languages import SOURCE, catalogue, language, say

ENGLISH: Final[Mapping[str, Any]] = {
    "decimal": ".",
    "group": ",",
    "sizes": [3, 3],
    "percent": "{n}%",
    "day": "{d} {month} {y}",
}
"""``sizes``: how many digits the last group has, and how many each before it."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _ways() -> Mapping[str, Any]:
    to = language()
    return ENGLISH if to == SOURCE else catalogue(to).numbers or ENGLISH


def number(value: float, decimals: int = 0) -> str:
    """With groups, and so many decimals: ``1,234.5``, in German ``1.234,5``."""
    ways = _ways()
    whole, _, rest = f"{abs(value):.{decimals}f}".partition(".")
    last, each = ways["sizes"]
    groups = [whole[-last:]]
    whole = whole[:-last]
    while whole:
        groups.insert(0, whole[-each:])
        whole = whole[:-each]
    sign = "-" if value < 0 and (rest.strip("0") or groups != ["0"]) else ""
    grouped = str(ways["group"]).join(groups)
    return f"{sign}{grouped}{ways['decimal']}{rest}" if rest else sign + grouped


def percent(share: float) -> str:
    """A share in whole hundredths: ``12%``, in French ``12 %`` with its narrow space."""
    return str(_ways()["percent"]).replace("{n}", number(100 * share))


def size(size_bytes: int) -> str:
    """``25 B``, ``12 kB``, ``3.4 MB``, ``12 MB``: as the page says it of a file that is added."""
    if size_bytes < 1_000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{number(size_bytes / 1_000)} kB"
    return f"{number(size_bytes / 1_000_000, 1 if size_bytes < 10_000_000 else 0)} MB"


def day(moment: datetime) -> str:
    """``3 December 2026``, in Japanese ``2026年12月3日``."""
    pieces = {
        "{d}": str(moment.day),
        "{m}": str(moment.month),
        "{month}": say(_MONTHS[moment.month - 1]),
        "{y}": str(moment.year),
    }
    text = str(_ways()["day"])
    for place, value in pieces.items():
        text = text.replace(place, value)
    return text
