"""A calendar file holds the appointment that was shown, in a form that calendars read."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from chat.core.errors import ToolFailed
from chat.tools.registry import load_tools
from tests.unit.tools.surroundings import run

BERLIN = ZoneInfo("Europe/Berlin")


def event(**arguments: Any) -> Any:
    tool = load_tools()["calendar_file"]
    assert (tool.facts.policy, tool.facts.always_asks) == ("ask", True)
    _, file = run(tool, {"title": "Tea", **arguments})
    assert (file.name[-4:], file.mime) == (".ics", "text/calendar")
    (found,) = Calendar.from_ical(file.data).walk("VEVENT")
    return found


@pytest.mark.parametrize(
    ("asked", "begins", "ends"),
    [
        (
            {"start": "2026-12-24 18:30", "time_zone": "Europe/Berlin"},
            datetime(2026, 12, 24, 18, 30, tzinfo=BERLIN),
            datetime(2026, 12, 24, 19, 30, tzinfo=BERLIN),
        ),
        (
            {"start": "2026-12-24T10:00", "end": "2026-12-24T10:15", "time_zone": "+05:30"},
            datetime(2026, 12, 24, 4, 30, tzinfo=UTC),
            datetime(2026, 12, 24, 4, 45, tzinfo=UTC),
        ),
        ({"start": "2026-12-24"}, date(2026, 12, 24), date(2026, 12, 25)),
        (
            {"start": "2026-12-24", "end": "2026-12-26"},
            date(2026, 12, 24),
            date(2026, 12, 27),
        ),
    ],
)
def test_it_begins_and_ends_when_it_was_said_to(
    asked: dict[str, str], begins: date, ends: date
) -> None:
    found = event(**asked)
    assert found["dtstart"].dt == begins
    assert found["dtend"].dt == ends


def test_words_repetition_and_reminder_arrive_and_order_nothing() -> None:
    title, notes = "Tea, with Zoë; 🫖", "One\nBEGIN:VEVENT\nSUMMARY:Another"
    found = event(
        title=title,
        start="2026-12-24 18:30",
        time_zone="Europe/Berlin",
        notes=notes,
        place="Café 1",
        repeat="weekly",
        until="2027-01-31",
        reminder_minutes=30,
    )
    assert (found["summary"], found["description"], found["location"]) == (title, notes, "Café 1")
    assert found["rrule"]["until"] == [datetime(2027, 1, 31, 22, 59, 59, tzinfo=UTC)]
    (alarm,) = found.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(minutes=-30)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"start": "tomorrow"}, "both days"),
        ({"start": "2026-02-30"}, "both days"),
        ({"start": "2026-12-24", "end": "2026-12-24 10:00"}, "both days"),
        ({"start": "2026-12-24 10:00", "end": "2026-12-24 10:00"}, "ends before"),
        ({"start": "2026-12-24", "end": "2026-12-23"}, "ends before"),
        ({"start": "9999-12-31"}, "to 2200"),
        ({"start": "2026-12-24", "repeat": "daily", "until": "2026-12-01"}, "before it begins"),
        ({"start": "2026-12-24", "until": "2027-12-01"}, "comes again"),
        ({"start": "2026-12-24", "reminder_minutes": -1}, "28 days"),
        ({"start": "2026-12-24", "title": "a\nb"}, "one line"),
        ({"start": "2026-12-24", "notes": "x" * 5_001}, "5000"),
        ({"start": "2026-12-24 10:00", "time_zone": "Nowhere/Land"}, "zone"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(ToolFailed, match=why):
        event(**asked)
