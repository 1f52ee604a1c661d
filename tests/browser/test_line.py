"""A line that dies in silence, or lets no WebSocket through: nothing is lost or paid for twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from tests.browser.relay import Relay
from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.loopback import Gate
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser


@pytest.fixture
def relay(easel: Program) -> Iterator[Relay]:
    with Relay(easel.port) as line:
        yield line


@pytest.fixture
def behind(chromium: Browser, relay: Relay) -> Iterator[Page]:
    """A page of a browser that reaches the server over the relay."""
    del relay
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_a_question_shows_and_the_reply_comes_though_the_line_died_in_silence(
    behind: Page, relay: Relay, upstream: Upstream
) -> None:
    screen = Screen(behind, relay.address).open()
    screen.told("While the line lives")
    gate = Gate()
    upstream.says("in silence", "Begun.", gate, " Ended.")
    relay.flows.clear()
    screen.ask("in silence")
    expect(screen.questions).to_have_count(2)
    expect(screen.reply).to_have_attribute("aria-busy", "true")
    expect(screen.words).to_have_value("")
    # No new line is let through either, until the page has noticed by itself.
    expect(behind.locator("#offline")).to_be_visible()
    relay.cut()
    relay.flows.set()
    expect(behind.locator("#offline")).to_be_hidden()
    expect(screen.reply).to_contain_text("Begun.")
    gate.open()
    expect(screen.ended()).to_contain_text("Begun. Ended.")


def test_a_page_works_where_no_websocket_gets_through(
    behind: Page, relay: Relay, upstream: Upstream
) -> None:
    relay.upgrades = False
    gate = Gate()
    upstream.says("by polling", "Begun.", gate, " Ended.")
    screen = Screen(behind, relay.address).open()
    screen.ask("by polling")
    expect(screen.reply).to_contain_text("Begun.")
    gate.open()
    expect(screen.ended()).to_contain_text("Begun. Ended.")
    expect(screen.rows.first).to_contain_text("by polling")
    screen.told("And once more")
    assert relay.refused > 0


def test_a_message_whose_answer_was_lost_is_not_paid_for_twice(
    screen: Screen, upstream: Upstream, watch: Watch
) -> None:
    watch.expect("ERR_FAILED")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    screen.page.route("**/messages", lose, times=1)
    screen.words.fill("Paid for once")
    screen.words.press("Enter")
    screen.toast("Easel cannot be reached. Your text stays")
    expect(screen.words).to_have_value("Paid for once")
    screen.reload()
    expect(screen.words).to_have_value("Paid for once")
    screen.words.press("Enter")
    expect(screen.words).to_have_value("")
    expect(screen.replies).to_have_count(1)
    screen.ended()
    screen.reload()
    expect(screen.questions).to_have_count(1)
    assert len(upstream.asked("Paid for once")) == 1


def test_a_page_older_than_its_server_loads_itself_again_and_keeps_the_draft(
    screen: Screen,
) -> None:
    page = screen.page
    screen.words.fill("half a thought")
    build = page.locator("meta[name=easel-build]").get_attribute("content") or ""
    assert build

    told: list[str] = []

    def opened(line: WebSocketRoute) -> None:
        def hello(message: str | bytes) -> None:
            text = str(message)
            if build in text and not told:
                told.append(text)
                text = text.replace(build, "newer")
            line.send(text)

        line.connect_to_server().on_message(hello)

    page.route_web_socket("**/live", opened)
    page.reload()
    page.wait_for_function("() => history.state?.renewedFor === 'newer'")
    screen.ready()
    expect(screen.words).to_have_value("half a thought")
