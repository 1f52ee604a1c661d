"""Two tabs of one Easel agree on what there is, and neither undoes the other's work."""

import json
import re

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.screen import Screen, file, kept
from tests.browser.tool_list import choose, closed, opened, tool
from tests.browser.upstream import DRAWS, TALKS, Upstream
from tests.browser.watch import Watch
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser


@pytest.fixture
def other(screen: Screen) -> Screen:
    """A second tab of the same browser."""
    return Screen(screen.page.context.new_page(), screen.address).open()


def test_the_list_of_one_tab_follows_what_another_does(screen: Screen, other: Screen) -> None:
    screen.told("Seen from elsewhere")
    row = other.rows.filter(has_text="Seen from elsewhere")
    expect(row).to_have_count(1)
    other.do_to(row, "Rename")
    other.page.get_by_label("New title").fill("Called anew from there")
    other.page.get_by_label("New title").press("Enter")
    expect(screen.rows.filter(has_text="Called anew from there")).to_have_count(1)
    expect(screen.page).to_have_title("Called anew from there · Easel")


def test_a_conversation_that_another_tab_deletes_leaves_the_screen_with_a_word(
    screen: Screen, other: Screen, watch: Watch
) -> None:
    watch.bear("/estimate")  # what the next words may cost is asked at any moment
    screen.told("Pulled from under")
    screen.words.fill("my next thought")
    row = other.rows.filter(has_text="Pulled from under")
    other.do_to(row, "Delete")
    screen.toast("This conversation is not here")
    screen.stands_before_a_new_conversation()


ASK_AT_ONCE = """texts => {
    const parent_id = document.querySelector('#messages .msg:last-child').dataset.id;
    const conversation = document.querySelector('#transcript').dataset.conv;
    return Promise.all(texts.map((text) => fetch(`/api/conversations/${conversation}/messages`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ text, parent_id, client_id: crypto.randomUUID() }) })));
}"""


def test_two_tabs_that_ask_at_once_make_two_versions_and_lose_nothing(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("from here", "Answer here.")
    upstream.says("from there", "Answer there.")
    screen.told("a common start")
    screen.page.evaluate(ASK_AT_ONCE, ["asked from here", "asked from there"])
    screen.reload()
    expect(screen.messages).to_have_count(4)
    screen.ended()
    seen = {screen.reply.locator(".body").inner_text().strip()}
    at = screen.questions.last.locator(".versions > span").inner_text()
    step = "Earlier version" if at == "2/2" else "Later version"
    screen.questions.last.get_by_role("button", name=step).click()
    expect(screen.questions.last.locator(".versions > span")).not_to_have_text(at)
    screen.ended()
    seen.add(screen.reply.locator(".body").inner_text().strip())
    assert seen == {"Answer here.", "Answer there."}


def test_what_was_regenerated_in_one_tab_does_not_take_the_other_away(
    screen: Screen, upstream: Upstream
) -> None:
    """Each page follows its own branch."""
    upstream.says("hold this", "Held answer.")
    screen.told("hold this")
    other = Screen(screen.page.context.new_page(), screen.address).open(screen.conversation)
    upstream.says("hold this", "Newer answer.")
    other.replies.get_by_role("button", name="Regenerate").click()
    expect(other.reply).to_contain_text("Newer answer.")
    other.ended()
    expect(screen.reply.locator(".versions > span")).to_have_text("1/2")
    expect(screen.reply).to_contain_text("Held answer.")


def test_a_click_is_not_lost_when_its_message_is_drawn_anew_under_the_pointer(
    screen: Screen, upstream: Upstream
) -> None:
    """A press and its release are a click only on the same element."""
    upstream.says("press this", "Held answer.")
    screen.told("press this")
    other = Screen(screen.page.context.new_page(), screen.address).open(screen.conversation)
    with screen.page.expect_websocket() as opened_line:
        screen.reload()
    button = screen.reply.get_by_role("button", name="Copy")
    button.hover()
    screen.page.mouse.down()
    upstream.says("press this", "Newer answer.")
    with opened_line.value.expect_event("framereceived", lambda frame: "1/2" in str(frame)):
        other.replies.get_by_role("button", name="Regenerate").click()
        other.ended()
    screen.page.mouse.up()
    expect(screen.reply.locator(".versions > span")).to_have_text("1/2")
    assert screen.page.evaluate("navigator.clipboard.readText()") == "Held answer."


def test_a_click_is_not_lost_when_the_whole_conversation_is_drawn_anew_under_the_pointer(
    screen: Screen, upstream: Upstream
) -> None:
    """As it is after a first question, and by a line that comes back after a loss."""
    upstream.says("press all", "Held answer.")
    screen.told("press all")
    lines: list[WebSocketRoute] = []
    told: list[str] = []

    def pass_on(line: WebSocketRoute) -> None:
        def hear(message: str | bytes) -> None:
            told.append(str(message))
            line.send(message)

        line.connect_to_server().on_message(hear)
        lines.append(line)

    page = screen.page.context.new_page()
    page.route_web_socket(re.compile("/live"), pass_on)
    tab = Screen(page, screen.address).open(screen.conversation)
    [window] = [each for each in told if json.loads(each)["type"] == "window"]
    tab.reply.get_by_role("button", name="Copy").hover()
    page.mouse.down()
    lines[-1].send(window.replace("Held answer.", "Drawn anew."))
    page.evaluate("0")  # it goes the same way, so the page has heard the other
    page.mouse.up()
    expect(tab.reply).to_contain_text("Drawn anew.")
    assert page.evaluate("navigator.clipboard.readText()") == "Held answer."


def test_a_click_is_not_lost_in_the_tray_nor_in_the_list_when_they_are_drawn_anew(
    screen: Screen,
) -> None:
    with screen.page.expect_websocket() as opened_line:
        screen.reload()
    page = screen.page
    screen.attach(file("one.png", tiny_png(71)))
    screen.settled_tray(1)
    pin = screen.chips.first.get_by_role("button", name="Pin")
    pin.hover()
    page.mouse.down()
    with page.expect_response(re.compile("/api/media/added")):
        screen.attach(file("two.png", tiny_png(72)))
    page.mouse.up()
    screen.settled_tray(2)
    expect(pin).to_have_attribute("aria-pressed", "true")

    screen.told("Pressed in the list")
    row = page.locator(f"#conversations [data-id='{screen.conversation}']")
    row.hover()
    row.get_by_title("More", exact=True).hover()
    page.mouse.down()
    with opened_line.value.expect_event("framereceived", lambda frame: "Renamed" in str(frame)):
        renamed = {"title": "Renamed elsewhere"}
        address = f"{screen.address}/api/conversations/{screen.conversation}/title"
        assert page.request.post(address, data=renamed, headers={"Origin": screen.address}).ok
    page.mouse.up()
    expect(page.get_by_role("menuitem", name="Rename")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row).to_contain_text("Renamed elsewhere")


def drawer(screen: Screen) -> Screen:
    """The tab with its settings open."""
    screen.page.locator("#open-settings").click()
    expect(screen.page.locator("#setting-system textarea")).to_be_in_viewport()
    return screen


def test_what_one_tab_sets_shows_in_the_other_and_both_keep_what_they_chose(
    screen: Screen,
) -> None:
    screen.choose_model(TALKS)
    screen.told("Set from two sides")
    other = Screen(screen.page.context.new_page(), screen.address).open(screen.conversation)
    here, there = screen.page, other.page
    opened(here)
    opened(there)
    choose(here, "Clock", "deny")
    expect(tool(there, "Clock")).to_have_value("deny")
    choose(there, "Calculator", "ask")
    expect(tool(here, "Calculator")).to_have_value("ask")
    closed(there)
    screen.reload()
    opened(here)
    expect(tool(here, "Clock")).to_have_value("deny")
    expect(tool(here, "Calculator")).to_have_value("ask")
    other.choose_model(DRAWS)
    expect(screen.model.locator(".name")).to_have_text(DRAWS)
    relayed = f"{DRAWS} cannot call tools: {TALKS} runs them and has it draw."
    expect(here.locator("#tools-open")).to_have_attribute("title", relayed)


def test_a_text_that_is_being_written_is_not_written_over_by_another_tabs_change(
    screen: Screen,
) -> None:
    screen.told("Half a sentence")
    other = Screen(screen.page.context.new_page(), screen.address).open(screen.conversation)
    system = drawer(screen).page.locator("#setting-system textarea")
    system.click()
    system.press_sequentially("Answer like a pi")
    shape = drawer(other).page.locator("#setting-aspect-ratio input")
    with kept(other.page):
        shape.click()
        other.page.get_by_role("option", name="16:9", exact=True).click()
    expect(screen.page.locator("#setting-aspect-ratio input")).to_have_value("16:9")
    system.press_sequentially("rate.")
    with kept(screen.page):
        system.blur()
    expect(other.page.locator("#setting-system textarea")).to_have_value("Answer like a pirate.")


def test_a_setting_that_is_refused_goes_back_to_what_is_kept(screen: Screen, watch: Watch) -> None:
    watch.expect("422")
    screen.told("Take it back")
    page = drawer(screen).page
    shape = page.locator("#setting-aspect-ratio input")
    with kept(page):
        shape.click()
        page.get_by_role("option", name="16:9", exact=True).click()
    path = f"/api/conversations/{screen.conversation}/settings"
    page.route(f"**{path}?*", lambda route: route.fulfill(status=422, json={"error": "Not that."}))
    shape.click()
    page.get_by_role("option", name="1:1", exact=True).click()
    screen.toast("Not that.")
    expect(shape).to_have_value("16:9")


def test_two_tabs_keep_two_drafts(screen: Screen, other: Screen) -> None:
    screen.words.fill("a thought of this tab")
    other.words.fill("and one of that")
    for tab, text in ((screen, "a thought of this tab"), (other, "and one of that")):
        tab.reload()
        expect(tab.words).to_have_value(text)
    other.words.fill("")
    other.page.close()
    screen.reload()
    expect(screen.words).to_have_value("a thought of this tab")


def test_the_draft_of_a_tab_that_was_closed_is_in_the_next_one(
    screen: Screen, other: Screen
) -> None:
    other.words.fill("not said yet")
    other.page.close()
    later = Screen(screen.page.context.new_page(), screen.address).open()
    expect(later.words).to_have_value("not said yet")
    later.told("said now")
    last = Screen(screen.page.context.new_page(), screen.address).open()
    expect(last.words).to_have_value("")
