"""The library of 5,000 pictures beside one of 50: the first screen, and scrolling to the end.

Both are Easel's own, at the same moment on the same machine. The server's share is its CPU for the
requests of a first screen, asked many times; the browser's is how long frames take while the wheel
turns from the newest picture to the oldest: those of 50 ms and more, as the browser notes them, and
what its main thread worked at a stretch.
"""

import contextlib
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

import httpx

from tests.bench.figures import Figure
from tests.bench.main_thread import longest_task
from tests.bench.processes import Served
from tests.bench.rig import Rig
from tests.bench.studio import ENVIRONMENT
from tests.bench.viewing import WATCH
from tests.seeded_library import seed

LARGE, SMALL = 5_000, 50
ASKED = 60
"""First screens in one measurement."""
REQUESTS = ("/api/library?limit=48", "/api/library/boards")
"""What a page asks for when the library is opened, pictures apart."""
WHEEL_PX = 900
LIMIT_MS = 100.0


def measure(rig: Rig) -> list[Figure]:
    """The large library and the small one, side by side."""
    with ExitStack() as stack:
        servers = [stack.enter_context(_served(rig, count)) for count in (SMALL, LARGE)]
        ratios, sizes = [], []
        for server in servers:
            _first_screens(server, 10)  # code that runs for the first time costs more
        for _ in range(rig.rounds(5)):
            (small_s, small_bytes), (large_s, large_bytes) = (
                _first_screens(server, ASKED) for server in servers
            )
            ratios.append(large_s / small_s)
            sizes.append(large_bytes / small_bytes)
        longest, worked, frames = _scrolled(rig, servers[1])
    note = f"{frames} frames; of the rounds {', '.join(f'{each:.0f}' for each in longest)}"
    return [
        Figure("library, 5,000 / 50 pictures: CPU of the first screen", median(ratios), "x", 1.2),
        Figure("library, 5,000 / 50 pictures: bytes of the first screen", median(sizes), "x", 1.2),
        Figure("library, 5,000 scrolled: longest frame", median(longest), "ms", LIMIT_MS, note),
        Figure(
            "library, 5,000 scrolled: CPU of the longest task",
            median(worked),
            "ms",
            LIMIT_MS / 2,
            f"of the main thread; of the rounds {', '.join(f'{each:.0f}' for each in worked)}",
        ),
    ]


@contextlib.contextmanager
def _served(rig: Rig, count: int) -> Iterator[Served]:
    data = rig.folder / f"library{count}"
    seed(data, count, files=False)
    with Served("tests.bench.studio", environment={**ENVIRONMENT, "EASEL_DATA": str(data)}) as made:
        yield made


def _first_screens(server: Served, times: int) -> tuple[float, int]:
    """CPU seconds and bytes of so many."""
    size_bytes, before_s = 0, server.cpu_s()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as http:
        for _ in range(times):
            for path in REQUESTS:
                size_bytes += len(http.get(path).raise_for_status().content)
    return server.cpu_s() - before_s, size_bytes


def _scrolled(rig: Rig, server: Served) -> tuple[list[float], list[float], int]:
    """Of each round from the newest picture to the oldest the longest frame and task, in ms.

    And how many frames there were.
    """
    longest: list[float] = []
    worked: list[float] = []
    count = 0
    for _ in range(rig.rounds(3)):
        page = rig.page()
        page.goto(f"http://127.0.0.1:{server.port}/#library")
        page.locator("#pictures .tile[data-at='0']").wait_for()
        page.locator("#pictures .pane").hover()
        page.evaluate(WATCH)
        with longest_task(page) as task:
            while not page.locator(f"#pictures .tile[data-at='{LARGE - 1}']").count():
                for _ in range(10):
                    page.mouse.wheel(0, WHEEL_PX)
        worked += task
        told = page.evaluate("window.watched()")
        longest.append(max(told["long"], default=0.0))
        count += len(told["frames"])
        page.context.close()
    return longest, worked, count
