"""The list of tools behind the switch, in the words of the page."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import kept


def opened(page: Page) -> Locator:
    """The list, once all tools stand in it."""
    page.locator("#tools-open").click()
    shown = page.locator("#tools[data-state=shown]")
    expect(shown).to_be_visible()
    return shown


def closed(page: Page) -> None:
    """Go back to the message box."""
    page.keyboard.press("Escape")
    expect(page.locator("#tools")).to_be_hidden()


def tool(page: Page, title: str) -> Locator:
    """What may be done with a tool: ``allow``, ``ask`` or ``deny`` is its value."""
    return page.locator("#tools").get_by_role("combobox", name=title, exact=True)


def choose(page: Page, title: str, policy: str) -> None:
    """Choose for a tool, and wait until the server has kept it."""
    with kept(page):
        tool(page, title).select_option(policy)
