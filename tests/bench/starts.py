"""The first page, beside the yardstick's: how long until one can write, requests and bytes.

Each round loads both with nothing kept, and again with what the browser has kept; the figures are
ratios within a round, so that a busy machine is busy for both.
"""

import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import BrowserContext

from tests.bench.figures import Figure
from tests.bench.pages import PATIENCE_MS
from tests.bench.rig import Rig

EASEL_READY = "#transcript[data-state=idle]"
YARDSTICK_READY = "textarea[data-testid=textbox]:enabled"
SETTLE_MS = 1_500
"""For what comes after the page can be used: fonts, pictures, lists."""


@dataclass(frozen=True, slots=True)
class Load:
    """One page, loaded."""

    took_s: float
    requests: int
    """That went to the server."""
    size_bytes: int


def measure(rig: Rig) -> list[Figure]:
    """Cold and warm, one after the other, in a profile of its own each round."""
    yardstick = rig.yardstick().wire.url
    ours, theirs = [], []
    for _ in range(rig.rounds(9)):
        ours.append(_loads(rig, rig.easel.wire.url, EASEL_READY))
        theirs.append(_loads(rig, yardstick, YARDSTICK_READY))
    cold, warm = (
        median(
            mine[kept].took_s / other[kept].took_s for mine, other in zip(ours, theirs, strict=True)
        )
        for kept in (0, 1)
    )
    first = ours[0][0]
    return [
        Figure("first page, time / yardstick", cold, "x", 1.0),
        Figure("first page, requests", first.requests, "", 70),
        Figure("first page, bytes", first.size_bytes / 1e3, "kB", 450),
        Figure("warm page, time / yardstick", warm, "x", 0.9),
    ]


def _loads(rig: Rig, url: str, ready: str) -> tuple[Load, Load]:
    context = rig.browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        return _load(context, url, ready), _load(context, url, ready)
    finally:
        context.close()


def _load(context: BrowserContext, url: str, ready: str) -> Load:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    answered: list[bool] = []
    sizes: list[float] = []
    wire.on(
        "Network.responseReceived", lambda told: answered.append(_of_the_server(told["response"]))
    )
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    began_s = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(ready).wait_for()
    took_s = time.perf_counter() - began_s
    page.wait_for_timeout(SETTLE_MS)
    page.close()
    return Load(took_s, sum(answered), round(sum(sizes)))


def _of_the_server(response: dict[str, Any]) -> bool:
    """Not what the browser has kept, nor a picture that stands in a style as ``data:``."""
    return not (response.get("fromDiskCache") or response["url"].startswith("data:"))
