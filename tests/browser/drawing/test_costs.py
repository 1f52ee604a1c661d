"""Money: what the next message may cost, what a reply did cost, and what a conversation has."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.drawing.server import PEN, PRICED, QUILL, Drawing
from tests.browser.screen import Screen, file
from tests.browser.test_access import violations
from tests.browser.upstream import DRAWS
from tests.loopback import Gate
from tests.wire_shapes import OPENAI_USAGE, openai_stream, tiny_png

pytestmark = pytest.mark.browser

SKETCH = "Sketch, the built-in offline painter (not an AI model)"


def forecast(screen: Screen) -> Locator:
    return screen.page.locator("#forecast")


def cost(screen: Screen) -> Locator:
    return screen.reply.locator(".cost")


def bill(screen: Screen) -> Locator:
    return screen.reply.locator(".bill")


def total(page: Page) -> Locator:
    return page.locator("#spent-so-far")


def test_the_next_message_has_a_price_before_it_is_sent(screen: Screen, upstream: Drawing) -> None:
    expect(forecast(screen)).to_have_text("price unknown")
    screen.choose_model(PRICED)
    expect(forecast(screen)).to_have_text("about $0.07")
    screen.words.fill("long " * 80_000)
    expect(forecast(screen)).to_have_text("about $0.12")
    screen.words.fill("short")
    expect(forecast(screen)).to_have_text("about $0.07")
    forecast(screen).click()
    screen.toast("and 1 picture is expected back")
    assert upstream.asked("") == [], "a model was asked for a price"


def test_the_price_follows_the_settings_and_the_pictures(screen: Screen) -> None:
    screen.choose_model(PEN)
    expect(forecast(screen)).to_have_text("about $0.03")
    screen.attach(file("a.png", tiny_png(1)), file("b.png", tiny_png(2)))
    expect(forecast(screen)).to_have_text("about $0.05")
    screen.page.locator("#intent").click()
    expect(forecast(screen)).to_have_text("about $0.03")
    screen.choose_model(QUILL)
    expect(forecast(screen)).to_have_text("about $0.04")
    screen.choose_model(SKETCH)
    expect(forecast(screen)).to_have_text("free")


def test_a_price_is_never_waited_for(screen: Screen) -> None:
    screen.choose_model(PRICED)
    screen.page.route("**/estimate", lambda _: None)  # no answer, ever
    screen.told("sent all the same")


def test_a_reply_says_what_it_cost_and_the_bill_says_why(screen: Screen) -> None:
    screen.choose_model(PRICED)
    screen.told("What does this cost")
    # 10 tokens at 0.50, 139 at 3.00 and 1,290 at 60.00 USD for a million.
    expect(cost(screen)).to_have_text("$0.0778")
    expect(bill(screen)).to_be_hidden()
    cost(screen).press("Enter")
    expect(bill(screen)).to_contain_text("$0.0778, by Easel’s price list")
    expect(bill(screen)).to_contain_text("1,290 tokens")
    assert violations(screen.page) == []
    screen.page.keyboard.press("Escape")
    expect(bill(screen)).to_be_hidden()
    cost(screen).click()
    expect(bill(screen)).to_be_visible()
    screen.words.click()
    expect(bill(screen)).to_be_hidden()


def test_a_cost_that_the_endpoint_states_is_its_word(screen: Screen, upstream: Drawing) -> None:
    stated = {**OPENAI_USAGE, "cost": 0.25}
    upstream.replies("stated", openai_stream(["Done."], usage=stated))
    screen.choose_model(PRICED)
    screen.told("a stated cost")
    expect(cost(screen)).to_have_text("$0.2500")
    cost(screen).click()
    expect(bill(screen)).to_contain_text("as OpenAI-compatible server stated")


def test_a_cost_that_nobody_knows_is_not_called_free(screen: Screen) -> None:
    screen.choose_model(DRAWS)
    screen.told("at a price unknown")
    expect(cost(screen)).to_have_text("cost unknown")


def test_the_offline_painter_is_free_also_when_it_is_stopped(screen: Screen) -> None:
    screen.choose_model(SKETCH)
    screen.told("hello")
    expect(cost(screen)).to_have_text("free")
    screen.ask("An illustrated story about a fox and a boat in 8 steps")
    expect(screen.send).to_have_text("Stop")
    screen.send.click()
    screen.ended("stopped")
    expect(cost(screen)).to_have_text("free")
    expect(total(screen.page)).to_have_text("Spent on this conversation: free.")


def test_the_sum_of_a_conversation_grows_with_each_reply(screen: Screen, upstream: Drawing) -> None:
    page = screen.page
    screen.choose_model(PRICED)
    screen.told("The first")
    expect(total(page)).to_have_text("Spent on this conversation: $0.08.")
    gate = Gate()
    upstream.says("second", "Wait", gate, " for it.")
    screen.ask("The second")
    expect(screen.reply).to_contain_text("Wait")
    expect(total(page)).to_have_text("Spent on this conversation: $0.08.")
    gate.open()
    screen.ended()
    expect(total(page)).to_have_text("Spent on this conversation: $0.16.")
    screen.choose_model(DRAWS)
    screen.told("The third")
    expect(total(page)).to_have_text("Spent on this conversation: $0.16, 1 reply unknown.")
    page.locator("#open-settings").click()
    expect(total(page)).to_be_in_viewport()
    page.locator("#new").click()
    expect(total(page)).to_be_empty()
