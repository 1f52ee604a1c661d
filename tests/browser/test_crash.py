"""The server dies in mid-reply: what had come is there when it is back, and so is the way on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.program import Program
from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.loopback import Gate
from tests.wire_shapes import openai_stream, tiny_png

pytestmark = pytest.mark.browser


@pytest.fixture
def mortal(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """An Easel that this test may kill."""
    program = Program(tmp_path_factory.mktemp("mortal"), upstream.environ)
    program.start()
    yield program
    program.stop()


def test_a_page_outlives_its_server(chromium: Browser, mortal: Program, upstream: Upstream) -> None:
    broken = openai_stream(["Before the crash. ", tiny_png(66), Gate(), "Never seen."])
    upstream.replies("doomed", broken, openai_stream(["After the crash."]))
    context = chromium.new_context()
    screen = Screen(context.new_page(), mortal.address).open()
    screen.ask("a doomed reply")
    expect(screen.reply).to_contain_text("Before the crash.")
    # Pictures are saved as they land, and with them the words before.
    expect(screen.pictures.locator("img")).to_have_js_property("complete", True)
    screen.words.fill("half a thought")
    mortal.kill()
    expect(screen.page.locator("#offline")).to_be_visible()
    mortal.start(mortal.port)
    expect(screen.page.locator("#offline")).to_be_hidden()
    reply = screen.ended("interrupted")
    expect(reply).to_contain_text("Before the crash.")
    expect(screen.pictures).to_have_count(1)
    expect(screen.words).to_have_value("half a thought")
    reply.get_by_role("button", name="Retry").click()
    expect(screen.reply).to_contain_text("After the crash.")
    screen.ended()
    expect(screen.reply.locator(".versions > span")).to_have_text("2/2")
    context.close()
