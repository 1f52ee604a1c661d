"""The server dies in mid-reply: what had come is there when it is back, and so is the way on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.loopback import Gate
from tests.patience import PATIENCE_MS
from tests.process.disk import Disk, until
from tests.program import Program, lasting_port
from tests.wire_shapes import openai_stream, tiny_png

pytestmark = pytest.mark.browser


@pytest.fixture
def mortal(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """An Easel that this test may kill."""
    folder = tmp_path_factory.mktemp("mortal") / "data"
    with Program(folder, "--port", str(lasting_port()), **upstream.environ) as program:
        yield program


@pytest.fixture
def screen(chromium: Browser, mortal: Program) -> Iterator[Screen]:
    """Its page, whose complaints of a server that is gone are no fault."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield Screen(context.new_page(), mortal.address).open()
    context.close()


def test_a_page_outlives_its_server(screen: Screen, mortal: Program, upstream: Upstream) -> None:
    broken = openai_stream(["Before the crash. ", tiny_png(66), Gate(), "Never seen."])
    upstream.replies("doomed", broken, openai_stream(["After the crash."]))
    reply_id = screen.ask("a doomed reply").get_attribute("data-id") or ""
    expect(screen.reply).to_contain_text("Before the crash.")
    expect(screen.pictures).to_have_count(1)
    # Pictures are saved as they land, and with them the words before; the page may be told first.
    until(lambda: Disk(mortal.folder).pictures(reply_id))
    screen.words.fill("half a thought")
    mortal.kill()
    expect(screen.page.locator("#offline")).to_be_visible()
    mortal.start()
    expect(screen.page.locator("#offline")).to_be_hidden()
    reply = screen.ended("interrupted")
    expect(reply).to_contain_text("Before the crash.")
    expect(screen.pictures).to_have_count(1)
    expect(screen.words).to_have_value("half a thought")
    reply.get_by_role("button", name="Retry").click()
    expect(screen.reply).to_contain_text("After the crash.")
    screen.ended()
    expect(screen.reply.locator(".versions > span")).to_have_text("2/2")
