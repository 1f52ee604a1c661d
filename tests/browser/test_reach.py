"""Whoever zooms in, points with a finger or has only a keyboard reads and does everything."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_access import AT_REST
from tests.browser.test_layout import fits
from tests.browser.upstream import Upstream
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll(
    "button, a[href], select, summary, input:not([type=checkbox])")]
    .filter((each) => !each.matches(".skip") && each.checkVisibility({ visibilityProperty: true }))
    .map((each) => [each.id || each.className || each.textContent, each.getBoundingClientRect()])
    .filter(([, { width, height }]) => width && (width < 44 || height < 44))
    .map(([name, { width, height }]) => `${name}: ${width} × ${height}`)"""
"""Words within a text are no targets of their own: there is none in what is looked at."""


def test_at_400_percent_the_page_scrolls_as_a_whole(stranger: Callable[..., Screen]) -> None:
    """320 × 256 CSS pixels are a window of 1280 × 1024 at 400 %. Source: WCAG 2.2, 1.4.10."""
    screen = stranger(viewport={"width": 320, "height": 256})
    screen.told("first of two")
    reply = screen.told("second of two")
    expect(screen.words).to_be_in_viewport(ratio=1)  # the end of the page, where one goes on
    for part in (reply, screen.questions.first, screen.page.locator("#open-settings")):
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport()
    whole = screen.page.locator("#main")
    assert whole.evaluate("main => main.scrollHeight > 2 * main.clientHeight")
    assert screen.pane.evaluate("pane => pane.scrollHeight <= pane.clientHeight + 1")
    fits(screen.page)
    screen.page.get_by_role("button", name="List of conversations").click()
    help_button = screen.page.locator("#show-help")
    help_button.scroll_into_view_if_needed()
    expect(help_button).to_be_in_viewport(ratio=1)


def test_under_a_finger_no_target_is_smaller_than_44_px(stranger: Callable[..., Screen]) -> None:
    screen = stranger(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)

    def small() -> object:
        screen.page.evaluate(AT_REST)
        return screen.page.evaluate(SMALL)

    assert small() == []
    screen.told("one to touch")
    assert small() == []
    screen.page.get_by_role("button", name="List of conversations").click()
    expect(screen.page.locator("#new")).to_be_in_viewport(ratio=1)
    assert small() == []


OPENED = (
    ("#model", "#models"),
    ("#tools-open", "#tools"),
    ("#open-settings", "#settings"),
)
"""What is opened beside the conversation."""


def test_under_a_finger_dialogs_viewer_and_library_have_large_targets(
    stranger: Callable[..., Screen], upstream: Upstream
) -> None:
    upstream.says("one to touch", tiny_png(9, side_px=64))
    screen = stranger(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = screen.page
    screen.told("one to touch")
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        page.evaluate(AT_REST)
        found[state] = page.evaluate(SMALL)

    def closed() -> None:
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)

    for opener, opened in OPENED:
        page.locator(opener).first.click()
        expect(page.locator(opened)).to_be_in_viewport()
        look(opened)
        closed()
    for opener, opened in (
        ("#show-help", "#help"),
        ("#show-bin", "#bin"),
        ("#show-library", "#pictures"),
    ):
        page.locator(opener).evaluate(
            "button => button.click()"
        )  # the list may lie beside the page
        expect(page.locator(opened)).to_be_visible()
        look(opened)
        if opened == "#help":
            page.get_by_role("tab", name="Models and keys").click()
            expect(page.locator("#help .endpoint").first).to_be_visible()
            look("Models and keys")
        if opened != "#pictures":
            closed()
    page.keyboard.press("Escape")
    expect(page.locator("#pictures")).to_be_hidden()
    screen.pictures.first.locator("a.open").tap()
    expect(page.locator("#viewer")).to_be_visible()
    look("viewer")
    page.locator("#viewer .more").click()
    look("menu of the viewer")
    assert {state: small for state, small in found.items() if small} == {}


def test_the_first_stop_of_the_keyboard_leads_to_the_message_box(screen: Screen) -> None:
    first = screen.page.locator("a[href], button").first
    skip = screen.page.get_by_role("link", name="Skip to the message box")
    assert first.evaluate("(first, skip) => first === skip", skip.element_handle())
    skip.focus()
    expect(skip).to_be_in_viewport(ratio=1)
    address = screen.page.url
    skip.press("Enter")
    expect(screen.words).to_be_focused()
    assert screen.page.url == address
