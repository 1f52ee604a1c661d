"""What the main thread of a page works at a stretch, by its own clock.

How long a frame takes on the wall says on a busy machine how long others had the processor. The
browser's trace has the processor time of each task, which is the page's alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

CATEGORIES = "toplevel,devtools.timeline"


@contextmanager
def longest_task(page: Page) -> Iterator[list[float]]:
    """In the list, once the block is left: CPU of the longest task of the main thread, in ms."""
    line = page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    events: list[dict[str, Any]] = []
    over: list[object] = []
    line.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    line.on("Tracing.tracingComplete", lambda told: over.append(told))
    line.send("Tracing.start", {"categories": CATEGORIES, "transferMode": "ReportEvents"})
    most: list[float] = []
    yield most
    line.send("Tracing.end")
    while not over:
        page.wait_for_timeout(20)
    line.detach()
    drawing = {_thread(event) for event in events if event["name"] == "FireAnimationFrame"}
    tasks = (event for event in events if event["name"] == "ThreadControllerImpl::RunTask")
    spent = [each.get("tdur", 0) / 1000 for each in tasks if _thread(each) in drawing]
    most.append(max(spent, default=float("nan")))


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]
