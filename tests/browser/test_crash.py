"""The server ends in mid-reply: what had come is there when it is back, and so is the way on.

By a crash, or in good order: then what runs is finished first, and the page says what happens.
"""

import signal
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


@pytest.fixture
def hosted(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """An Easel that is restarted as a service manager does it."""
    folder = tmp_path_factory.mktemp("hosted") / "data"
    arguments = ("serve", "--port", str(lasting_port()))
    with Program(folder, *arguments, EASEL_DRAIN_S="3600", **upstream.environ) as program:
        yield program


def test_a_restart_finishes_the_reply_and_the_page_comes_back_with_its_draft(
    chromium: Browser, hosted: Program, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.replies("lasting", openai_stream(["The first half ", gate, "and the second."]))
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    screen = Screen(context.new_page(), hosted.address).open()
    banner = screen.page.locator("#offline")
    screen.ask("a lasting reply")
    expect(screen.reply).to_contain_text("The first half")

    hosted.signal(signal.SIGTERM)
    expect(banner).to_have_text("Easel is being restarted. This page comes back by itself.")
    screen.words.fill("half a thought")
    screen.words.press("Enter")
    expect(screen.page.get_by_text("begins nothing new")).to_be_visible()
    expect(screen.words).to_have_value("half a thought")

    gate.open()
    expect(screen.ended()).to_contain_text("and the second.")
    assert hosted.ended() == 0
    hosted.start()
    expect(banner).to_be_hidden()
    expect(screen.words).to_have_value("half a thought")
    upstream.replies("half a thought", openai_stream(["A whole one."]))
    screen.words.press("Enter")
    expect(screen.reply).to_contain_text("A whole one.")
    screen.ended()
    context.close()
