"""A panel that fails on the server is named in its place, and the rest of the page works."""

import shutil
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screen import Screen, kept
from tests.browser.upstream import TALKS, Upstream
from tests.browser.watch import Watch
from tests.program import ROOT, Program

pytestmark = pytest.mark.browser

LEFT_OUT = shutil.ignore_patterns("__pycache__", "screenshots")


@pytest.fixture(scope="module", params=["help", "sidebar", "settings"])
def broken(
    request: pytest.FixtureRequest, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Program]]:
    """The name of a panel, and an Easel in which that panel raises when it is built."""
    folder = tmp_path_factory.mktemp("broken")
    for name in ("chat", "storage", "assets"):
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
    shutil.copy(ROOT / "app.py", folder)
    panel = folder / "chat" / "ui" / "panels" / f"{request.param}.py"
    source = panel.read_text(encoding="utf-8")
    assert "page.frame(" in source
    source = source.replace("page.frame(", "torn(", 1)
    torn = 'def torn(*_: object, **more: object) -> None:\n    raise RuntimeError("torn")\n'
    panel.write_text(f"{source}\n\n{torn}", encoding="utf-8")
    begun = Program(
        folder / "data", "app.py", "--port", "0", program=sys.executable, **upstream.environ
    )
    with begun as program:
        yield str(request.param), program


def test_the_page_says_which_and_the_rest_works(
    chromium: Browser, broken: tuple[str, Program]
) -> None:
    name, program = broken
    context = chromium.new_context()
    watch = Watch(context)
    screen = Screen(context.new_page(), program.address).open()
    page = screen.page
    notice = page.locator(f"[data-failed-panel={name}]")
    expect(notice).to_be_visible()
    expect(notice).to_have_text(f"The panel “{name}” could not be shown. The log has the cause.")
    screen.choose_model(TALKS)
    with kept(page):
        page.locator("#setting-tools-on input").check()
    screen.told("Who is there")
    screen.reload()
    expect(screen.messages).to_have_count(2)
    expect(page.locator("#setting-tools-on input")).to_be_checked()
    if name != "settings":
        page.locator("#open-settings").click()
        expect(page.locator("#setting-system textarea")).to_be_visible()
    if name != "sidebar":
        expect(screen.rows).not_to_have_count(0)
    assert "RuntimeError: torn" in program.log()
    context.close()
    watch.judge(f"127.0.0.1:{program.port}")
