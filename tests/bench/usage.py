"""A year of sums of use, 60,000 of them: as a page, which the database sums up, and as a file."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

from chat.core.usage_sums import UsageRow, UsageSum
from chat.web.admin.csv_file import csv_text
from chat.web.admin.days import Days
from chat.web.admin.usage_page import DAYS_AT_ONCE, cells
from storage.open import open_conversations
from tests.bench.figures import Figure
from tests.bench.rig import Rig

DAYS, PEOPLE, MODELS = 365, 55, 3
FIRST = date(2026, 1, 1)
MOST_PAGE, MOST_PART = 0.5, 0.3


def measure(rig: Rig) -> list[Figure]:
    """Against reading every sum, which is what summing up here would begin with."""
    store = open_conversations(f"sqlite:///{rig.folder / 'usage.db'}")
    store.usage.add(
        [
            UsageRow(f"{person:032x}", FIRST + timedelta(day), f"model-{model}", UsageSum(3, 4))
            for day in range(DAYS)
            for person in range(PEOPLE)
            for model in range(MODELS)
        ]
    )
    days = Days("own", FIRST, FIRST + timedelta(DAYS - 1))
    ends = days.since, days.until

    def page() -> None:
        for by in ("day", "owner", "model"):
            store.usage.totals(by, *ends)

    def part() -> None:
        since, until = next(days.parts(DAYS_AT_ONCE))
        csv_text([cells({}, row) for row in store.usage.rows(since, until)])

    reading = _took_s(rig, lambda: store.usage.rows(*ends))
    paged, parted = _took_s(rig, page), _took_s(rig, part)
    store.close()
    count = DAYS * PEOPLE * MODELS
    told = f"{paged * 1000:.0f} ms, {reading * 1000:.0f} ms to read {count:,} sums"
    return [
        Figure("a page of a year of use / reading its sums", paged / reading, "x", MOST_PAGE, told),
        Figure(
            "a part of its file / reading its sums", parted / reading, "x", MOST_PART,
            f"{parted * 1000:.0f} ms, in a thread",
        ),
    ]  # fmt: skip


def _took_s(rig: Rig, work: Callable[[], object]) -> float:
    """Seconds of this process, of a usual round."""
    took: list[float] = []
    for _ in range(rig.rounds(5)):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return median(took)
