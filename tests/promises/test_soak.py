"""Ten people who go on and on: nothing grows but what they keep."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from statistics import median

import psutil  # type: ignore[import-untyped]
import pytest

from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.promises.rounds import at_length, lasts_s, rounds, tell
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.process

PEOPLE = 10
BETWEEN_S = 1.0
"""How long somebody looks at a reply before they ask again."""
SPARE = 4
"""Of files and threads, what pools may happen to hold more at one moment than at another."""
MB = 1_000_000
LOG_MB = 64
"""How large SQLite's log of changes may become."""
GROWTH_MB_PER_H, NOISE_MB = 1.0, 24.0


@dataclass(frozen=True)
class Sample:
    """What the process holds at a moment."""

    at_s: float
    resident_mb: float
    files: int
    threads: int
    processes: int
    log_mb: float


def sample(easel: Easel) -> Sample:
    """As it is now."""
    assert easel.process is not None
    running = psutil.Process(easel.process.pid)
    log = easel.folder / "easel.db-wal"
    return Sample(
        time.monotonic(),
        running.memory_info().rss / MB,
        running.num_fds(),
        running.num_threads(),
        len(running.children(recursive=True)),
        log.stat().st_size / MB if log.exists() else 0.0,
    )


def test_ten_people_who_go_on_and_on_leave_nothing_behind(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    lasts, numbers, rest = lasts_s(0, 600), count(), threading.Event()
    between_s = BETWEEN_S if at_length() else 0

    def person(until_s: float) -> int:
        turns = 0
        while turns < 1 or time.monotonic() < until_s:
            number = next(numbers)
            upstream.says("Here: ", tiny_png(number % 256, number // 256 % 256))
            picture = tiny_png(number % 256, 7)
            sha = easel.http.post("/api/media", content=picture).json()["sha"]
            conversation = easel.begin()
            with easel.page(conversation):
                started = easel.ask(conversation, f"turn {number}", pictures=[sha])
                assert easel.awaited(started, lambda reply: disk.is_final(reply) or None)
            assert disk.message(started["reply"]).status == "complete"
            gone = easel.http.delete(f"/api/conversations/{conversation}")
            assert gone.status_code == 200
            turns += 1
            rest.wait(between_s)
        return turns

    people = rounds(3, PEOPLE)
    with ThreadPoolExecutor(people) as pool:
        samples: list[Sample] = []
        until_s = time.monotonic() + lasts
        going_on = [pool.submit(person, until_s) for _ in range(people)]
        while not all(each.done() for each in going_on):
            samples.append(sample(easel))
            rest.wait(max(0.1, lasts / 400))
        turns = sum(each.result() for each in going_on)
    tell("turns", turns)
    assert max(each.log_mb for each in samples) <= LOG_MB
    if at_length():
        quarter = len(samples) // 4
        early, late = samples[quarter : 2 * quarter], samples[-quarter:]

        def grown(what: str) -> float:
            then, now = (median(getattr(each, what) for each in held) for held in (early, late))
            return float(now - then)

        hours = (median(e.at_s for e in late) - median(e.at_s for e in early)) / 3600
        for what in ("files", "threads", "processes"):
            assert grown(what) <= SPARE, f"{grown(what)} more {what}"
        tell("grown_mb", grown("resident_mb"))
        assert grown("resident_mb") <= GROWTH_MB_PER_H * hours + NOISE_MB
    unfinished = easel.folder / "media" / "unfinished"
    assert not unfinished.exists() or not any(unfinished.iterdir())
    disk.check()
