"""The list behind the switch for tools: 200 tools of a server beside 20, at the same moment.

The server's share is its CPU for the list, asked many times; the page's is its own time from the
press on the switch to the list drawn and painted, the server's answer in it.
"""

import contextlib
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import httpx
from playwright.sync_api import Page

from tests.bench.figures import Figure
from tests.bench.pages import EaselPage
from tests.bench.processes import Served
from tests.bench.rig import Rig
from tests.bench.studio import ENVIRONMENT
from tests.process.disk import until

MANY, FEW = 200, 20
ASKED = 100
"""Lists in one measurement."""
SERVER = Path(__file__).with_name("tool_server.py")

OPEN = """async () => {
    const list = document.querySelector("#tools");
    const began = performance.now();
    document.querySelector("#tools-open").click();
    while (list.dataset.state !== "shown") {
        await new Promise((go) => {
            const watch = new MutationObserver(() => { watch.disconnect(); go(); });
            watch.observe(list, { attributes: true });
        });
    }
    await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
    const spent = performance.now() - began;
    list.close();
    return [spent, list.querySelectorAll("li").length];
}"""


def measure(rig: Rig) -> list[Figure]:
    """Both lists, side by side, in turns."""
    with ExitStack() as stack:
        servers = [stack.enter_context(_served(rig, count)) for count in (FEW, MANY)]
        pages = [_page(rig, server) for server in servers]
        for server, page in zip(servers, pages, strict=True):
            _lists(server)  # code that runs for the first time costs more
            _opened(page, FEW)
        asked, drawn, costs, times = [], [], [], []
        for _ in range(rig.rounds(9)):
            few_s, many_s = map(_lists, servers)
            few_ms, many_ms = map(_opened, pages, (FEW, MANY))
            asked.append(many_s / few_s)
            drawn.append(many_ms / few_ms)
            costs.append(1e3 * many_s / ASKED)
            times.append(many_ms)
        for page in pages:
            page.context.close()
    name = f"{MANY} tools of a server / {FEW}"
    return [
        Figure(f"list of tools, {name}: CPU", median(asked), "x", 2.0, f"{median(costs):.1f} ms"),
        Figure(f"list of tools, {name}: drawn", median(drawn), "x", 2.0, f"{median(times):.0f} ms"),
    ]


@contextlib.contextmanager
def _served(rig: Rig, count: int) -> Iterator[Served]:
    folder = rig.folder / f"tools{count}"
    folder.mkdir()
    file = folder / "mcp.toml"
    file.write_text(
        f'[[server]]\nid = "bench"\ntitle = "Records"\ncommand = "{sys.executable}"\n'
        f'args = ["{SERVER}", "{count}"]\n',
        "utf-8",
    )
    environment = {**ENVIRONMENT, "EASEL_DATA": str(folder / "data"), "EASEL_MCP": str(file)}
    with Served("tests.bench.studio", environment=environment) as server:
        until(lambda: _ready(server, count))
        yield server


def _http(server: Served) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False)


def _ready(server: Served, count: int) -> bool | None:
    with _http(server) as http:
        (told,) = http.get("/api/tool-servers").raise_for_status().json()["servers"]
    return True if told["state"] == "ready" and told["tools"] == count else None


def _page(rig: Rig, server: Served) -> Page:
    return EaselPage(rig.page(), f"http://127.0.0.1:{server.port}").page


def _lists(server: Served) -> float:
    """CPU seconds of so many."""
    with _http(server) as http:
        before_s = server.cpu_s()
        for _ in range(ASKED):
            http.get("/api/tools").raise_for_status()
        return server.cpu_s() - before_s


def _opened(page: Page, count: int) -> float:
    """Milliseconds for the first time on a page: later ones draw only what has changed."""
    page.reload()
    page.locator("body[data-easel=ready][data-settings=shown]").wait_for()
    page.wait_for_load_state("networkidle")
    spent_ms, drawn = page.evaluate(OPEN)
    if drawn < count:
        raise RuntimeError("not every tool was drawn")
    return float(spent_ms)
