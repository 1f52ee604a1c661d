"""A reply while it grows: every page that shows it keeps up, and none loses or repeats a word."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.loopback import Gate
from tests.program import Program
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

UP_PX = 700
SCROLLED_UP = """(distance) => {
    const pane = document.querySelector('#pane');
    return pane.scrollHeight - pane.scrollTop - pane.clientHeight >= distance - 1;
}"""
TABS = 6  # as many as a browser would let starve on connections it holds
COUNTED = [f"word{n} " for n in range(40)]
ALL_COUNTED = "".join(COUNTED).strip()


def words_of(reply: Locator) -> str:
    return " ".join(reply.locator(".body").inner_text().split())


def test_other_pages_show_the_same_reply_while_it_grows(
    screen: Screen, upstream: Upstream, stranger: Callable[..., Screen]
) -> None:
    first, second = Gate(), Gate()
    upstream.says("shared", *COUNTED[:9], first, tiny_png(4), *COUNTED[9:], second, "End.")
    screen.ask("a shared reply")
    expect(screen.reply).to_contain_text("word8")
    tab = Screen(screen.page.context.new_page(), screen.address).open(screen.conversation)
    other = stranger(screen.conversation)
    for late in (tab, other):
        expect(late.reply).to_contain_text("word8")
        expect(late.reply).to_have_attribute("aria-busy", "true")
    first.open()
    for page in (screen, tab, other):
        expect(page.reply).to_contain_text("word39")
        expect(page.pictures).to_have_count(1)
    second.open()
    for page in (screen, tab, other):
        page.ended()
        said = " ".join(page.reply.locator(".body > p").all_inner_texts())
        assert said.count("word") == len(COUNTED)


def test_a_reply_that_is_stopped_in_one_tab_stops_in_the_other(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("stop me anywhere", "Going on", Gate())
    screen.ask("stop me anywhere")
    expect(screen.reply).to_contain_text("Going on")
    tab = Screen(screen.page.context.new_page(), screen.address).open(screen.conversation)
    expect(tab.send).to_have_text("Stop")
    tab.send.click()
    tab.ended("stopped")
    screen.ended("stopped")


def test_stop_asks_no_model_for_a_question_that_waits(screen: Screen, upstream: Upstream) -> None:
    """It would be paid for, and stopped a moment later."""
    upstream.says("the long one", "Going on", Gate())
    screen.ask("the long one")
    expect(screen.reply).to_contain_text("Going on")
    screen.ask("the one that waits")
    screen.page.keyboard.press("Escape")
    expect(screen.replies.first).to_have_attribute("data-status", "stopped")
    expect(screen.replies.last).to_have_attribute("data-status", "stopped")
    assert upstream.asked("the one that waits") == []


def test_six_tabs_stream_at_once_and_all_keep_up(
    context: BrowserContext, easel: Program, upstream: Upstream
) -> None:
    tabs = [Screen(context.new_page(), easel.address).open() for _ in range(TABS)]
    gates = [Gate() for _ in tabs]
    for number, (tab, gate) in enumerate(zip(tabs, gates, strict=True)):
        upstream.says(f"tab {number}", "Begun.", gate, f" Ended {number}.")
        tab.ask(f"in tab {number}")
    for tab in tabs:
        expect(tab.reply).to_contain_text("Begun.")
    for gate in gates:
        gate.open()
    for number, tab in enumerate(tabs):
        expect(tab.ended()).to_contain_text(f"Begun. Ended {number}.")


def test_a_page_that_is_loaded_again_in_mid_stream_misses_nothing(
    screen: Screen, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.says("reload me", *COUNTED[:20], gate, *COUNTED[20:])
    screen.ask("reload me")
    expect(screen.reply).to_contain_text("word19")
    screen.reload()
    expect(screen.reply).to_contain_text("word19")
    expect(screen.send).to_have_text("Stop")
    gate.open()
    assert words_of(screen.ended()) == ALL_COUNTED


def test_a_line_that_is_lost_in_mid_stream_comes_back_without_a_gap(
    screen: Screen, upstream: Upstream, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    gate = Gate()
    upstream.says("tunnel", *COUNTED[:10], gate, *COUNTED[10:])
    screen.ask("into the tunnel")
    expect(screen.reply).to_contain_text("word9")
    screen.page.context.set_offline(True)
    expect(screen.page.locator("#offline")).to_be_visible()
    screen.words.fill("kept in the dark")
    screen.words.press("Enter")
    screen.toast("Easel cannot be reached. Your text stays")
    gate.open()
    screen.page.context.set_offline(False)
    expect(screen.page.locator("#offline")).to_be_hidden()
    assert words_of(screen.ended()) == ALL_COUNTED
    expect(screen.words).to_have_value("kept in the dark")
    screen.words.press("Enter")
    expect(screen.replies).to_have_count(2)
    screen.ended()
    assert len(upstream.asked("kept in the dark")) == 1


def test_the_view_follows_the_reply_until_the_reader_scrolls_up(
    screen: Screen, upstream: Upstream
) -> None:
    gates = [Gate(), Gate(), Gate()]
    lines = [f"Line {n}.\n\n" for n in range(90)]
    upstream.says(
        "scroll", *lines[:40], gates[0], *lines[40:60], gates[1], *lines[60:], gates[2], "End."
    )
    screen.ask("scroll along")
    expect(screen.reply.get_by_text("Line 39.")).to_be_in_viewport()
    gates[0].open()
    expect(screen.reply.get_by_text("Line 59.")).to_be_in_viewport()
    screen.pane.hover()
    screen.page.mouse.wheel(0, -UP_PX)
    screen.page.wait_for_function(SCROLLED_UP, arg=UP_PX)  # browsers scroll softly
    jump = screen.page.locator("#jump")
    expect(jump).to_be_visible()
    at = screen.pane.evaluate("pane => pane.scrollTop")
    gates[1].open()
    expect(screen.reply).to_contain_text("Line 89.")
    assert screen.pane.evaluate("pane => pane.scrollTop") == at
    jump.click()
    expect(screen.reply.get_by_text("Line 89.")).to_be_in_viewport()
    expect(jump).to_be_hidden()
    gates[2].open()
    screen.ended()
    expect(screen.reply.get_by_text("End.")).to_be_in_viewport()


SEND_MANY = """async ([conversation, count]) => {
    const list = document.querySelector('#messages');
    const seen = (selector) => new Promise((resolve) => {
        const look = () => list.querySelector(selector) && (watch.disconnect(), resolve());
        const watch = new MutationObserver(look);
        watch.observe(list, { subtree: true, childList: true, attributes: true });
        look();
    });
    for (let at = 0; at < count; at += 1) {
        const question = { text: `message ${at}.`, client_id: crypto.randomUUID() };
        question.parent_id = list.lastElementChild.dataset.id;
        const response = await fetch(`/api/conversations/${conversation}/messages`, {
            method: 'POST', headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(question) });
        await seen(`#m-${(await response.json()).reply}[data-status=complete]`);
    }
}"""


def test_a_long_conversation_opens_at_its_end_and_loads_older_messages_in_place(
    screen: Screen,
) -> None:
    screen.told("the very first")
    screen.page.evaluate(SEND_MANY, [screen.conversation, 30])
    screen.reload()
    expect(screen.messages).to_have_count(50)
    expect(screen.questions.filter(has_text="message 29.")).to_be_in_viewport()
    top = screen.messages.first.get_attribute("id")
    screen.page.locator("#older").click()
    expect(screen.messages).to_have_count(62)
    expect(screen.page.locator(f"#{top}")).to_be_in_viewport()
    expect(screen.questions.first).to_contain_text("the very first")
    expect(screen.page.locator("#older")).to_be_hidden()
