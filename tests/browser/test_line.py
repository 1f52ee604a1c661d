"""A line that dies in silence, or lets no WebSocket through: nothing is lost or paid for twice."""

import hashlib
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
from tests.wire_shapes import Said

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


WORDS = tuple(hashlib.sha256(bytes((number,))).hexdigest() + " " for number in range(60))
"""Nothing packs them."""


def test_a_proxy_that_cuts_each_line_after_some_bytes_costs_no_word_and_no_cent(
    behind: Page, relay: Relay, upstream: Upstream
) -> None:
    """Each is cut in the midst of a frame; where no more gets through, the page polls."""
    screen = Screen(behind, relay.address).open()
    gates = [Gate() for _ in range(6)]
    parts: list[Said] = []
    for number, gate in enumerate(gates):
        parts += [*WORDS[number * 10 :][:10], gate]
    upstream.says("cut and cut again", *parts, "the end.")
    relay.most_bytes = 1_500
    relay.cut()
    screen.ask("cut and cut again")
    for number, gate in enumerate(gates):
        expect(screen.reply).to_contain_text(WORDS[number * 10 + 9].strip())
        gate.open()
    expect(screen.ended()).to_contain_text("".join(WORDS) + "the end.")
    assert relay.cuts > 0
    assert len(upstream.asked("cut and cut again")) == 1
    expect(screen.questions).to_have_count(1)


def test_a_line_that_is_open_in_one_direction_alone_is_noticed_when_something_is_said(
    behind: Page, relay: Relay, upstream: Upstream
) -> None:
    screen = Screen(behind, relay.address).open()
    gate = Gate()
    upstream.says("half open", "Heard.", gate, " Ended.")
    relay.half_open = True
    # What the server says comes all the while, and is no answer to what the page says.
    with behind.expect_websocket():
        screen.ask("half open")
    relay.half_open = False
    relay.cut()
    gate.open()
    expect(screen.ended()).to_contain_text("Heard. Ended.")
    screen.told("And whole again")
    assert len(upstream.asked("half open")) == 1


SLEEP = """async ([asleep]) => {
    Object.defineProperty(document, 'visibilityState',
        { configurable: true, get: () => asleep ? 'hidden' : 'visible' });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def test_a_page_that_slept_while_its_line_died_shows_all_that_came_meanwhile(
    behind: Page, relay: Relay, upstream: Upstream
) -> None:
    screen = Screen(behind, relay.address).open()
    gate = Gate()
    upstream.says("while asleep", "Begun.", gate, " Ended.")
    screen.ask("while asleep")
    expect(screen.reply).to_contain_text("Begun.")
    behind.evaluate(SLEEP, [True])
    relay.flows.clear()
    gate.open()
    relay.flows.set()
    relay.cut()
    behind.evaluate(SLEEP, [False])
    expect(screen.ended()).to_contain_text("Begun. Ended.")
    assert len(upstream.asked("while asleep")) == 1


def test_two_pages_whose_lines_die_at_once_ask_and_pay_for_what_each_was_told(
    behind: Page, relay: Relay, upstream: Upstream
) -> None:
    one = Screen(behind, relay.address).open()
    one.told("For two pages")
    other = Screen(behind.context.new_page(), relay.address).open(one.conversation)
    gate = Gate()
    upstream.says("of the first page", "Begun.", gate, " Ended.")
    reply = one.ask("of the first page")
    expect(other.reply).to_contain_text("Begun.")
    relay.cut()
    upstream.says("of the second page", "Also.")
    relay.upgrades = False
    other.ask("of the second page")
    gate.open()
    for screen in (one, other):
        expect(screen.page.locator("#messages")).to_contain_text("Also.")
    one.ended(reply=reply)
    for word in ("of the first page", "of the second page"):
        assert len(upstream.asked(word)) == 1


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
