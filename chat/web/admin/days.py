"""Which days somebody wants to see: one of a few ranges, or their own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from chat.core.spending import month_of

RANGES = {
    "7": "the last 7 days",
    "30": "the last 30 days",
    "90": "the last 90 days",
    "365": "the last 365 days",
    "month": "this month",
    "last-month": "last month",
    "own": "these days:",
}
USUAL = "30"
MOST_DAYS = 3700

NO_DAY = "A day is written like 2026-11-30."
WRONG_WAY = "The first day comes before the last."
TOO_MANY = "That is more than ten years. Choose fewer days."


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days; both count."""

    chosen: str
    since: date
    until: date

    @property
    def each(self) -> list[date]:
        """Every day of it."""
        count = (self.until - self.since).days + 1
        return [self.since + timedelta(days=number) for number in range(count)]

    def parts(self, days: int) -> Iterator[tuple[date, date]]:
        """The first and the last day of each of so many days."""
        for begin in self.each[::days]:
            yield begin, min(begin + timedelta(days=days - 1), self.until)

    @property
    def query(self) -> Mapping[str, str]:
        """As the fields of an address."""
        if self.chosen != "own":
            return {"range": self.chosen}
        return {"range": "own", "since": str(self.since), "until": str(self.until)}


def days_of(fields: Mapping[str, str], today: date) -> Days:
    """The range that the fields of an address name. Raises ``ValueError``, to be shown."""
    chosen = fields.get("range", USUAL)
    if chosen == "own":
        try:
            since = date.fromisoformat(fields.get("since", ""))
            until = date.fromisoformat(fields.get("until", ""))
        except ValueError:
            raise ValueError(NO_DAY) from None
        if since > until:
            raise ValueError(WRONG_WAY)
        if (until - since).days >= MOST_DAYS:
            raise ValueError(TOO_MANY)
        return Days(chosen, since, until)
    first, following = month_of(today)
    if chosen == "month":
        return Days(chosen, first, following - timedelta(days=1))
    if chosen == "last-month":
        before = month_of(first - timedelta(days=1))[0]
        return Days(chosen, before, first - timedelta(days=1))
    if chosen not in RANGES:
        chosen = USUAL
    return Days(chosen, today - timedelta(days=int(chosen) - 1), today)


def chooser(fields: Mapping[str, str], days: Days) -> str:
    """The fields of a form by which a range is chosen, as HTML; what was typed stays."""
    chosen = fields.get("range", days.chosen)
    options = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{words}</option>'
        for value, words in RANGES.items()
    )
    since = escape(fields.get("since", "") or str(days.since))
    until = escape(fields.get("until", "") or str(days.until))
    return (
        f'<label>Days <select name="range">{options}</select></label>'
        f'<label>From <input type="date" name="since" value="{since}"></label>'
        f'<label>To <input type="date" name="until" value="{until}"></label>'
    )
