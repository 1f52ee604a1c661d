"""Reckoning with dates and times of day. Where "now" comes from is handed in."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, TypeAlias

from chat.core.errors import ToolFailed
from chat.core.messages import now
from chat.tools.time_zones import zone_named, zone_title

Operation: TypeAlias = Literal["between", "add", "weekday", "convert"]
Unit: TypeAlias = Literal["minutes", "hours", "days", "weekdays", "weeks", "months", "years"]

MAX_CHARS = 40
MAX_AMOUNT = 1_000_000

_EXACT = {"minutes": 60, "hours": 3600}
_MONTHS = {"months": 1, "years": 12}


def calendar(source: Callable[[], datetime]) -> Callable[..., str]:
    """A calendar tool that reads the present moment from ``source``, aware of its zone."""

    def reckon(
        operation: Operation,
        start: str,
        end: str = "",
        amount: int = 0,
        unit: Unit = "days",
        zone: str = "UTC",
        to_zone: str = "UTC",
    ) -> str:
        """Reckon with dates and times of day.

        How long it is between two, what is so much later or earlier, which day of the week it is,
        or what time it is elsewhere at that moment.

        Args:
            operation: "between" start and end; "add" the amount to start; the "weekday" of start;
                "convert" start from zone to to_zone.
            start: such as "2026-11-30", "2026-11-30 14:30", "today" or "now".
            end: the same, for "between".
            amount: for "add"; a negative one goes back.
            unit: of the amount; "weekdays" are Monday to Friday.
            zone: of start and end, such as "Europe/Berlin", "Tokyo" or "+05:30".
            to_zone: for "convert".
        """
        here = zone_named(zone)
        first = _read(start, here, source)
        match operation:
            case "between":
                return _between(first, _read(end, here, source), here)
            case "add":
                return f"{_told(first)}, {amount:+d} {unit}: {_told(_added(first, amount, unit))}"
            case "weekday":
                return f"{_told(first)}. {_place(first)}"
            case "convert":
                return _converted(first, zone_named(to_zone))

    return reckon


def _read(text: str, zone: tzinfo, source: Callable[[], datetime]) -> date | datetime:
    """A date, or a moment with its zone. An offset in the text goes before the zone."""
    written = text.strip()
    if written.lower() == "today":
        return source().astimezone(zone).date()
    if written.lower() == "now":
        return source().astimezone(zone).replace(microsecond=0)
    try:
        if len(written) <= 10:
            return date.fromisoformat(written)
        moment = datetime.fromisoformat(written[:MAX_CHARS])
    except ValueError as error:
        raise ToolFailed(
            f"{written[:MAX_CHARS]!r} is no date such as 2026-11-30 or 2026-11-30 14:30."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _between(first: date | datetime, last: date | datetime, zone: tzinfo) -> str:
    if isinstance(first, datetime) or isinstance(last, datetime):
        return _time_between(_moment(first, zone), _moment(last, zone))
    low, high = sorted((first, last))
    days = (high - low).days
    parts = [f"{days:,} days"]
    if days >= 7:
        parts.append(_counted((days // 7, "week"), (days % 7, "day")))
    months = (high.year - low.year) * 12 + high.month - low.month
    months -= _months_later(low, months) > high
    if months:
        rest = (high - _months_later(low, months)).days
        parts.append(_counted((months // 12, "year"), (months % 12, "month"), (rest, "day")))
    order = "" if first <= last else " The end is before the start."
    return (
        f"From {_told(first)} to {_told(last)}: {', or '.join(parts)}; "
        f"{_weekdays(low, high):,} of the days are Monday to Friday, the last day not counted."
        f"{order}"
    )


def _time_between(first: datetime, last: datetime) -> str:
    # Compared in one zone: Python counts what clocks show where both have the same.
    size = last.astimezone(UTC) - first.astimezone(UTC)
    seconds = abs(int(size.total_seconds()))
    told = _counted(
        (seconds // 86_400, "day"),
        (seconds // 3600 % 24, "hour"),
        (seconds // 60 % 60, "minute"),
        (seconds % 60, "second"),
    )
    order = "" if size >= timedelta() else " The end is before the start."
    hours = f"{seconds / 3600:,.2f} hours"
    return f"From {_told(first)} to {_told(last)}: {told}, which is {hours}.{order}"


def _added(start: date | datetime, amount: int, unit: Unit) -> date | datetime:
    if abs(amount) > MAX_AMOUNT:
        raise ToolFailed(f"At most {MAX_AMOUNT:,} can be added or taken away.")
    try:
        if unit in _EXACT:
            moment = _moment(start, UTC) if not isinstance(start, datetime) else start
            later = moment.astimezone(UTC) + timedelta(seconds=amount * _EXACT[unit])
            return later.astimezone(moment.tzinfo)
        day = start.date() if isinstance(start, datetime) else start
        day = _day_added(day, amount, unit)
        if not isinstance(start, datetime):
            return day
        # What a clock on the wall shows, unless it is set forward over that time of day.
        wall = datetime.combine(day, start.timetz())
        return wall.astimezone(UTC).astimezone(start.tzinfo)
    except OverflowError as error:
        raise ToolFailed("That is beyond the years 1 to 9999.") from error


def _day_added(day: date, amount: int, unit: Unit) -> date:
    if unit in _MONTHS:
        return _months_later(day, amount * _MONTHS[unit])
    if unit == "weekdays":
        return _weekdays_later(day, amount)
    return day + timedelta(days=amount * (7 if unit == "weeks" else 1))


def _months_later(day: date, months: int) -> date:
    """The same day of another month; its last day where it is shorter. Raises OverflowError."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _weekdays_later(day: date, amount: int) -> date:
    step = 1 if amount >= 0 else -1
    while day.weekday() > 4 and amount:
        day -= timedelta(days=step)
    weeks, rest = divmod(abs(amount), 5)
    day += timedelta(days=7 * weeks * step)
    while rest:
        day += timedelta(days=step)
        rest -= day.weekday() < 5
    return day


def _weekdays(low: date, high: date) -> int:
    """Mondays to Fridays from one day on and before another."""
    weeks, rest = divmod((high - low).days, 7)
    return weeks * 5 + sum((low.weekday() + each) % 7 < 5 for each in range(rest))


def _converted(moment: date | datetime, to_zone: tzinfo) -> str:
    if not isinstance(moment, datetime):
        raise ToolFailed("To convert, give the time of day, too: 2026-11-30 14:30.")
    try:
        return f"{_told(moment)} is {_told(moment.astimezone(to_zone))}."
    except OverflowError as error:
        raise ToolFailed("That is beyond the years 1 to 9999.") from error


def _place(day: date | datetime) -> str:
    year, week, _ = day.isocalendar()
    number = day.timetuple().tm_yday
    return f"It is day {number} of {day.year}, in ISO week {week} of {year}."


def _moment(day: date | datetime, zone: tzinfo) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time(), zone)


def _told(day: date | datetime) -> str:
    # strftime leaves out the zeros before a year of three digits on some systems.
    named = f"{day:%A}, {day.year:04d}-{day:%m-%d}"
    return f"{named}, {day:%H:%M:%S} ({zone_title(day)})" if isinstance(day, datetime) else named


def _counted(*counts: tuple[int, str]) -> str:
    words = [f"{count:,} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    return " ".join(words) or "no time at all"


reckon = calendar(now)
