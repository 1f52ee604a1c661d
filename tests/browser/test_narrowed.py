"""A window that is made narrower becomes a phone, and stays in the hands of its user."""

import re

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

OPEN = re.compile(r"\bopen\b")
WIDE: ViewportSize = {"width": 1280, "height": 740}
NARROW: ViewportSize = {"width": 360, "height": 740}


def test_a_window_that_is_narrowed_can_be_clicked_everywhere(screen: Screen) -> None:
    page = screen.page
    page.set_viewport_size(WIDE)
    screen.reload()
    sidebar = page.locator("#sidebar")
    expect(sidebar).to_have_class(OPEN)
    page.set_viewport_size(NARROW)
    expect(sidebar).not_to_have_class(OPEN)
    screen.model.click()  # waits until nothing lies over it
    expect(screen.models).to_be_visible()
    page.keyboard.press("Escape")
    sidebar.locator(".toggle-button").click()
    expect(page.locator("#new")).to_be_in_viewport()
    page.locator("#new").click()
    expect(sidebar).not_to_have_class(OPEN)


def test_the_list_comes_back_with_the_room_for_it(screen: Screen) -> None:
    page = screen.page
    page.set_viewport_size(WIDE)
    screen.reload()
    sidebar = page.locator("#sidebar")
    expect(sidebar).to_have_class(OPEN)
    page.set_viewport_size(NARROW)
    expect(sidebar).not_to_have_class(OPEN)
    page.set_viewport_size(WIDE)
    expect(sidebar).to_have_class(OPEN)
    expect(page.locator("#new")).to_be_in_viewport()
