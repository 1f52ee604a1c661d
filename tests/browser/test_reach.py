"""Whoever zooms in, points with a finger or has only a keyboard reads and does everything."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_layout import fits

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
    assert screen.page.evaluate(SMALL) == []
    screen.told("one to touch")
    assert screen.page.evaluate(SMALL) == []
    screen.page.get_by_role("button", name="List of conversations").click()
    expect(screen.page.locator("#new")).to_be_in_viewport(ratio=1)
    assert screen.page.evaluate(SMALL) == []


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
