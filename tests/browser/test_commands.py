"""The bar above a conversation, and the menu of what can be done with a picture."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser


def test_the_bar_names_the_conversation_and_forgets_it_for_a_new_one(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("lantern", "Here.")
    screen.told("lantern in the fog")
    title = screen.page.locator("#topbar-title")
    expect(title).to_have_text("lantern in the fog")
    screen.page.keyboard.press("Alt+n")
    expect(title).to_have_text("")


def test_the_menu_of_a_picture_is_walked_with_keys_and_gives_the_focus_back(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("lamp", tiny_png(9))
    screen.told("lamp")
    screen.settled_tray(1)
    more = screen.pictures.last.get_by_role("button", name="More to do with this picture")
    more.focus()
    screen.page.keyboard.press("Enter")
    first = screen.page.get_by_role("menuitem").first
    expect(first).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "true")
    screen.page.keyboard.press("End")
    screen.page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("menu")).to_be_hidden()
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
