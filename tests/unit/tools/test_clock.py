"""What time is it there? The clock answers for the moment it is given."""

from datetime import UTC, datetime

import pytest

from chat.core.errors import ToolFailed
from chat.tools.clock import clock

SUMMER = datetime(2026, 7, 1, 22, 30, 5, tzinfo=UTC)

time_in = clock(lambda: SUMMER)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", "Wednesday, 2026-07-01, 22:30:05 (UTC)"),
        ("", "Wednesday, 2026-07-01, 22:30:05 (UTC)"),
        ("Europe/Berlin", "Thursday, 2026-07-02, 00:30:05 (Europe/Berlin, UTC+02:00)"),
        ("tokyo", "Thursday, 2026-07-02, 07:30:05 (Asia/Tokyo, UTC+09:00)"),
        ("New York", "Wednesday, 2026-07-01, 18:30:05 (America/New_York, UTC-04:00)"),
        ("+05:30", "Thursday, 2026-07-02, 04:00:05 (UTC+05:30)"),
        ("UTC-3", "Wednesday, 2026-07-01, 19:30:05 (UTC-03:00)"),
    ],
)
def test_the_time_is_told_with_its_day_and_zone(zone: str, expected: str) -> None:
    assert time_in(zone) == expected


def test_winter_has_its_own_offset() -> None:
    winter = clock(lambda: datetime(2026, 1, 1, 12, tzinfo=UTC))
    assert "13:00:00 (Europe/Berlin, UTC+01:00)" in winter("Berlin")


def test_a_slip_of_the_finger_gets_a_suggestion() -> None:
    with pytest.raises(ToolFailed, match="Europe/Berlin"):
        time_in("Berln")


@pytest.mark.parametrize(
    "zone", ["+15", "../../etc/passwd", "/etc/localtime", "\0", "x" * 999, "+٣"]
)
def test_what_is_no_place_is_answered_with_a_sentence(zone: str) -> None:
    with pytest.raises(ToolFailed, match=r"\.$"):
        time_in(zone)
