"""An appointment as a file that calendars take in.

Its library is loaded with the first one: it takes 2 MB, and most never make any.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias
from uuid import uuid4
from zoneinfo import ZoneInfo

from chat.core.errors import ToolFailed
from chat.core.messages import now
from chat.core.text import clean_text
from chat.core.tools import MadeFile, ToolOutput
from chat.tools.schema import with_facts
from chat.tools.time_zones import zone_named

if TYPE_CHECKING:
    from icalendar import Alarm, vRecur

Repeat: TypeAlias = Literal["never", "daily", "weekly", "monthly", "yearly"]

MAX_TITLE_CHARS = 200
MAX_NOTES_CHARS = 5_000
MAX_REMINDER_MINUTES = 60 * 24 * 28
YEARS = (1900, 2200)
_WRONG = (
    "Start and end are both days, such as 2026-12-24, or both times of day, such as "
    "2026-12-24 18:30."
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?", re.ASCII)


@with_facts(
    reach="Makes a file of what is shown, for you to download. Sends it to nobody.",
    policy="ask",
    always_asks=True,
)
def calendar_file(
    title: str,
    start: str,
    end: str = "",
    time_zone: str = "",
    place: str = "",
    notes: str = "",
    repeat: Repeat = "never",
    until: str = "",
    reminder_minutes: int | None = None,
) -> list[ToolOutput]:
    """Make a calendar file (.ics) of an appointment, which the user downloads and opens.

    Args:
        title: what it is, at most 200 characters.
        start: a day, "2026-12-24", for all of it; or a time of day, "2026-12-24 18:30".
        end: the same; of whole days the last one. Without it: that one day, or an hour.
        time_zone: of start and end, such as "Europe/Berlin"; UTC if it is left out.
        place: where it is.
        notes: what else there is to say.
        repeat: how often it comes again.
        until: the last day on which it comes again, "2027-12-24"; without it, for ever.
        reminder_minutes: how long before its start to remind.
    """
    _must_be_sound(title, place, notes)
    from icalendar import Calendar, Event

    event = Event()
    event.add("uid", str(uuid4()))
    event.add("dtstamp", now().replace(microsecond=0).astimezone(UTC))
    event.add("summary", title.strip())
    begins, ends = _times(start, end, time_zone)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    for name, words in (("location", place), ("description", notes)):
        if words.strip():
            event.add(name, words)
    if repeat != "never":
        event.add("rrule", _rule(repeat, until, begins))
    elif until:
        raise ToolFailed("“until” is for an appointment that comes again.")
    if reminder_minutes is not None:
        event.add_component(_alarm(reminder_minutes, title.strip()))
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Easel//Calendar file//EN")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    when = f"{begins:%Y-%m-%d %H:%M %Z}" if isinstance(begins, datetime) else f"{begins:%Y-%m-%d}"
    file = MadeFile(f"{title.strip()}.ics", "text/calendar", calendar.to_ical())
    return [f"The calendar file of “{title.strip()}”, {when}, is ready for the user.", file]


def _must_be_sound(title: str, place: str, notes: str) -> None:
    if not title.strip() or not title.isprintable():
        raise ToolFailed("An appointment has a title of one line.")
    most = MAX_TITLE_CHARS
    if max(len(title), len(place)) > most or len(notes) > MAX_NOTES_CHARS:
        raise ToolFailed(
            f"Title and place have at most {most}, notes {MAX_NOTES_CHARS} characters."
        )
    if any(clean_text(words) != words for words in (place, notes)):
        raise ToolFailed("Place or notes hold characters that no file can.")


def _times(start: str, end: str, zone: str) -> tuple[date, date]:
    """Begin and end, the end not included; moments of a zone, or whole days."""
    whole = bool(_DAY.fullmatch(start.strip()))
    begins = _read(start, zone, whole=whole)
    if not end.strip():
        return begins, begins + (timedelta(days=1) if whole else timedelta(hours=1))
    ends = _read(end, zone, whole=whole)
    if ends < begins or (ends == begins and not whole):
        raise ToolFailed("The appointment ends before it begins.")
    return begins, ends + timedelta(days=1) if whole else ends


def _read(text: str, zone: str, *, whole: bool) -> date:
    form = _DAY if whole else _MOMENT
    if not form.fullmatch(text.strip()):
        raise ToolFailed(_WRONG)
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ToolFailed(_WRONG) from error
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise ToolFailed(f"Appointments are from {YEARS[0]} to {YEARS[1]}.")
    if whole:
        return found.date()
    moment = found.replace(tzinfo=zone_named(zone))
    # An offset alone is no zone that a calendar would know.
    return moment if isinstance(moment.tzinfo, ZoneInfo) else moment.astimezone(UTC)


def _rule(repeat: str, until: str, begins: date) -> "vRecur":
    from icalendar import vRecur

    if not until.strip():
        return vRecur({"freq": repeat})
    last = _read(until, "", whole=True)
    first = begins.date() if isinstance(begins, datetime) else begins
    if last < first:
        raise ToolFailed("The appointment comes again for the last time before it begins.")
    if isinstance(begins, datetime):  # RFC 5545: in UTC where the start has a zone
        end_of_day = datetime.combine(last, time(23, 59, 59), begins.tzinfo)
        return vRecur({"freq": repeat, "until": end_of_day.astimezone(UTC)})
    return vRecur({"freq": repeat, "until": last})


def _alarm(minutes: int, title: str) -> "Alarm":
    from icalendar import Alarm

    if not 0 <= minutes <= MAX_REMINDER_MINUTES:
        raise ToolFailed("A reminder comes from 0 minutes to 28 days before.")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm
