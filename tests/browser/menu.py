"""The model menu as a person finds it on the screen."""

from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen


def search(screen: Screen) -> Locator:
    return screen.page.locator("#model-search")


def options(screen: Screen) -> Locator:
    return screen.models.get_by_role("option")


def option(screen: Screen, title: str) -> Locator:
    return screen.models.get_by_role("option", name=title, exact=True)


def shelf(screen: Screen, endpoint: str) -> Locator:
    return screen.models.locator(f".shelf[data-endpoint={endpoint}]")


def name(screen: Screen) -> Locator:
    return screen.model.locator(".name")


def active(screen: Screen) -> Locator:
    """The row that Enter would choose, as a screen reader is told."""
    return screen.models.locator(".option.active")


def opened(screen: Screen) -> Screen:
    expect(name(screen)).not_to_have_text("…")
    screen.model.click()
    expect(screen.models).to_be_visible()
    return screen
