"""Dates are reckoned as on a calendar, and times as on the clocks of their places."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chat.core.errors import ToolFailed
from chat.tools.dates import calendar

reckon = calendar(lambda: datetime(2026, 11, 30, 14, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            {"operation": "between", "start": "2026-11-30", "end": "2026-12-25"},
            "25 days, or 3 weeks 4 days; 19 of the days are Monday to Friday",
        ),
        (
            {"operation": "between", "start": "2024-02-29", "end": "2026-03-01"},
            "731 days, or 104 weeks 3 days, or 2 years 1 day;",
        ),
        ({"operation": "between", "start": "today", "end": "2026-11-29"}, "1 days;"),
        ({"operation": "between", "start": "2026-12-01", "end": "today"}, "end is before"),
        (
            {"operation": "between", "start": "2026-11-30 08:15", "end": "2026-12-01 09:45:30"},
            "1 day 1 hour 30 minutes 30 seconds, which is 25.51 hours",
        ),
        # The night on which clocks are set forward is an hour shorter.
        (
            {
                "operation": "between",
                "start": "2026-03-29 00:00",
                "end": "2026-03-29 06:00",
                "zone": "Berlin",
            },
            "5 hours, which is 5.00 hours",
        ),
        (
            {"operation": "add", "start": "2026-01-31", "amount": 1, "unit": "months"},
            "Saturday, 2026-02-28",
        ),
        (
            {"operation": "add", "start": "2024-02-29", "amount": -1, "unit": "years"},
            "Tuesday, 2023-02-28",
        ),
        (
            {"operation": "add", "start": "2026-11-27", "amount": 1, "unit": "weekdays"},
            ": Monday, 2026-11-30",
        ),
        (
            {"operation": "add", "start": "2026-11-28", "amount": -6, "unit": "weekdays"},
            ": Friday, 2026-11-20",
        ),
        (
            {
                "operation": "add",
                "start": "2026-03-28 12:00",
                "amount": 1,
                "unit": "days",
                "zone": "Europe/Berlin",
            },
            "2026-03-29, 12:00:00 (Europe/Berlin, UTC+02:00)",
        ),
        (
            {
                "operation": "add",
                "start": "2026-03-28 12:00",
                "amount": 24,
                "unit": "hours",
                "zone": "Europe/Berlin",
            },
            "2026-03-29, 13:00:00 (Europe/Berlin, UTC+02:00)",
        ),
        (
            {"operation": "weekday", "start": "1969-07-20"},
            "Sunday, 1969-07-20. It is day 201 of 1969, in ISO week 29 of 1969.",
        ),
        (
            {
                "operation": "convert",
                "start": "now",
                "zone": "UTC",
                "to_zone": "Tokyo",
            },
            "is Monday, 2026-11-30, 23:30:00 (Asia/Tokyo, UTC+09:00).",
        ),
        (
            {"operation": "convert", "start": "2026-11-30T09:00+05:30", "to_zone": "New York"},
            "is Sunday, 2026-11-29, 22:30:00 (America/New_York, UTC-05:00).",
        ),
    ],
)
def test_it_is_reckoned_as_people_do(asked: dict[str, Any], expected: str) -> None:
    assert expected in reckon(**asked)


@pytest.mark.parametrize(
    "asked",
    [
        {"operation": "weekday", "start": "tomorrow-ish"},
        {"operation": "weekday", "start": "2026-02-30"},
        {"operation": "between", "start": "today", "end": ""},
        {"operation": "add", "start": "9999-12-31", "amount": 1},
        {"operation": "add", "start": "2026-01-01", "amount": 10**9},
        {"operation": "add", "start": "0001-01-01", "amount": -1, "unit": "months"},
        {"operation": "convert", "start": "2026-11-30", "to_zone": "Tokyo"},
        {"operation": "convert", "start": "0001-01-01 00:00", "to_zone": "-12"},
        {"operation": "convert", "start": "now", "to_zone": "Atlantis"},
    ],
)
def test_what_is_no_date_is_answered_with_a_sentence(asked: dict[str, Any]) -> None:
    with pytest.raises(ToolFailed, match=r"\.$"):
        reckon(**asked)
