"""Everything can be done without a mouse, and the focus never gets lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.loopback import Gate
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

NEVER = 200
"""Steps of the Tab key after which a page counts as endless."""


def leave_text(page: Page) -> None:
    page.locator("#pane").focus()


def test_a_question_mark_shows_the_keys(screen: Screen) -> None:
    page, sheet = screen.page, screen.page.locator("#help")
    screen.words.press("?")
    expect(screen.words).to_have_value("?")
    expect(sheet).to_be_hidden()
    leave_text(page)
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(screen.pane).to_be_focused()
    page.get_by_role("button", name="Help", exact=True).click()
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Help", exact=True)).to_be_focused()


def test_keys_lead_to_the_message_box_the_search_and_a_new_conversation(screen: Screen) -> None:
    page = screen.page
    screen.told("Something to leave")
    leave_text(page)
    page.keyboard.press("/")
    expect(screen.words).to_be_focused()
    expect(screen.words).to_have_value("")
    page.keyboard.press("Control+k")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Alt+n")
    expect(page.locator("#welcome")).to_be_visible()
    expect(screen.words).to_be_focused()


@pytest.mark.parametrize("place", ["#words", "#pane"])
def test_escape_stops_a_reply(screen: Screen, upstream: Upstream, place: str) -> None:
    upstream.says("escape from", "Running", Gate())
    screen.ask(f"escape from {place}")
    expect(screen.reply).to_contain_text("Running")
    screen.page.locator(place).focus()
    screen.page.keyboard.press("Escape")
    screen.ended("stopped")


def test_the_tab_key_reaches_every_control_of_a_message(screen: Screen, upstream: Upstream) -> None:
    upstream.says("tab along", "A picture.", tiny_png(3))
    screen.told("tab along")
    wanted = {"See it full size", "Edit this", "Download", "Regenerate", "Copy", "Edit", "Send"}
    screen.words.fill("so that Send is enabled")
    leave_text(screen.page)
    met: set[str] = set()
    for _ in range(NEVER):
        screen.page.keyboard.press("Tab")
        name = screen.page.evaluate(
            "document.activeElement.ariaLabel ?? document.activeElement.textContent"
        )
        met |= {word for word in wanted if str(name).startswith(word)}
        if met == wanted:
            break
    assert met == wanted


def test_whoever_tabs_sees_where_they_are(screen: Screen) -> None:
    screen.words.fill("x")
    for control in ("#send", "#attach", "#new", "#search", "#words"):
        screen.page.locator(control).focus()
        screen.page.keyboard.press("Shift+Tab")
        screen.page.keyboard.press("Tab")
        marked = screen.page.evaluate(
            """() => {
                for (let e = document.activeElement; e !== document.body; e = e.parentElement) {
                    const style = getComputedStyle(e);
                    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth);
                    if (ring || style.boxShadow !== 'none') return true;
                }
                return false;
            }"""
        )
        assert marked, f"no mark on {control}"


def test_help_says_how_pictures_come_out_well(screen: Screen) -> None:
    page = screen.page
    page.locator("#show-help").click()
    sheet = page.locator("#help")
    expect(sheet.get_by_role("tab", name="Shortcuts")).to_have_attribute("aria-selected", "true")
    sheet.get_by_role("tab", name="Shortcuts").focus()
    page.keyboard.press("ArrowLeft")  # round the end
    expect(sheet.get_by_role("tab", name="Pictures")).to_be_focused()
    about = sheet.get_by_role("tabpanel", name="Pictures")
    for words in (
        "write them first",
        "best in English",
        "Mark it with the brush",
        "SynthID",
        "C2PA",
    ):
        expect(about).to_contain_text(words)
    expect(sheet.get_by_role("tabpanel")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
