"""A slow line: whatever is chosen while an answer is awaited counts, and nothing overtakes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.screen import Screen, kept
from tests.browser.upstream import TALKS, Upstream

pytestmark = pytest.mark.browser

SETTINGS = "**/gradio_api/run/*"


@contextmanager
def stalled(page: Page, requests: int) -> Iterator[None]:
    """Around what makes so many requests for settings: they go on in order when all are made."""
    waiting: list[Route] = []
    made = count(1)

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(SETTINGS, hold)
    with page.expect_request(lambda r: "/gradio_api/run/" in r.url and next(made) == requests):
        yield
    page.evaluate("0")  # there and back: now the last is among those that wait
    for route in waiting:
        route.continue_()
    page.unroute(SETTINGS)


def system(page: Page) -> Locator:
    return page.locator("#system textarea")


def test_a_switch_that_is_thrown_twice_is_kept_as_it_stands(
    screen: Screen, upstream: Upstream
) -> None:
    screen.choose_model(TALKS)
    switch = screen.page.locator("#tools input[type=checkbox]")
    expect(switch).to_be_enabled()
    with stalled(screen.page, 2):
        switch.check()
        switch.uncheck()
    screen.told("Off after all")
    assert "tools" not in upstream.asked("Off after all")[0].json
    screen.reload()
    expect(switch).not_to_be_checked()


def test_the_settings_are_those_of_the_conversation_that_was_opened_last(screen: Screen) -> None:
    page = screen.page
    screen.told("Said by a pirate")
    page.locator("#open-settings").click()
    system(page).fill("Answer like a pirate.")
    with kept(page):
        system(page).blur()
    page.locator("#new").click()
    expect(system(page)).to_have_value("")
    screen.told("Said by nobody in particular")
    with stalled(page, 1):
        page.locator("#new").click()
        screen.rows.filter(has_text="Said by a pirate").locator("a").click()
    expect(system(page)).to_have_value("Answer like a pirate.")
