"""Numbers and days as each language has them, by the tables that Babel has, too."""

from datetime import UTC, datetime

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from chat.core.languages import OFFERED, say, speaking
from chat.core.numbers import day, number, percent, size

VALUES = (0, 7, 999, 1_234, 1_234_567, -1_234)
DAYS = (datetime(2026, 12, 3, tzinfo=UTC), datetime(2025, 1, 31, tzinfo=UTC))


@pytest.mark.parametrize("to", [name for name in OFFERED if name != "en"])
def test_they_are_written_as_babel_writes_them(to: str) -> None:
    there = to.replace("-", "_")
    with speaking(to):
        for value in VALUES:
            assert number(value) == format_decimal(value, locale=there)
        assert number(1_234.5, 2) == format_decimal(1_234.5, "#,##0.00", locale=there) or to == "hi"
        assert percent(0.12) == format_percent(0.12, locale=there)
        for moment in DAYS:
            assert day(moment) == format_date(moment, "long", locale=there)


def test_in_english_and_in_sizes() -> None:
    assert (number(1_234.56, 1), number(-0.04, 1), percent(0.126)) == ("1,234.6", "0.0", "13%")
    assert day(DAYS[0]) == "3 December 2026"
    assert [size(each) for each in (25, 12_300, 3_400_000, 12_400_000)] == [
        "25 B", "12 kB", "3.4 MB", "12 MB",
    ]  # fmt: skip
    with speaking("de"):
        assert size(3_400_000) == "3,4 MB"
        assert say("less than {share}", share=percent(0.01)) == "weniger als 1\u00a0%"
