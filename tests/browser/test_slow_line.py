"""A slow line: whatever is chosen while an answer is awaited counts, and nothing overtakes it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, Route, WebSocketRoute, expect

from tests.browser.screen import Screen, kept
from tests.browser.upstream import TALKS, Upstream
from tests.program import Program

pytestmark = pytest.mark.browser

SETTINGS = re.compile(r"/api/(conversations/\w+/)?settings(\?|$)")


@contextmanager
def stalled(page: Page) -> Iterator[None]:
    """Around what asks for settings, or changes them: the first request goes on at the end of it.

    A page makes the next one when the one before is answered.
    """
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(SETTINGS, hold, times=1)
    with page.expect_request(SETTINGS):
        yield
    page.evaluate("0")  # there and back: now the request is the one that waits
    for route in waiting:
        route.continue_()


class Line:
    """The live line of a page, which may bring what it has to say late."""

    def __init__(self, page: Page) -> None:
        """Stand between the next page that is loaded and its server."""
        self._late: list[str | bytes] | None = None
        page.route_web_socket("**/live", self._opened)

    @contextmanager
    def late(self) -> Iterator[None]:
        """While this lasts the page is told nothing; then all of it, in order."""
        self._late = []
        yield
        late, self._late = self._late, None
        for told in late:
            self._page.send(told)

    def _opened(self, page: WebSocketRoute) -> None:
        self._page = page
        page.connect_to_server().on_message(self._told)

    def _told(self, told: str | bytes) -> None:
        if self._late is None:
            self._page.send(told)
        else:
            self._late.append(told)


def sent(screen: Screen, text: str) -> None:
    """Write, press Enter, and wait until the message has left the box."""
    screen.words.fill(text)
    screen.words.press("Enter")
    expect(screen.words).to_have_value("")
    expect(screen.composer).not_to_have_attribute("data-state", "sending")


def test_a_message_goes_under_the_one_before_though_the_page_is_told_of_that_later(
    page: Page, easel: Program, upstream: Upstream
) -> None:
    line = Line(page)
    screen = Screen(page, easel.address).open()
    screen.told("In the beginning")
    with line.late():
        sent(screen, "the first of two")
        sent(screen, "the second of two")
    expect(screen.questions).to_have_text(
        [re.compile(said) for said in ("In the beginning", "first of two", "second of two")]
    )
    screen.ended(reply=screen.replies.nth(2))
    asked = upstream.asked("second of two")[0].json["messages"]
    assert "the first of two" in json.dumps(asked)


def test_whoever_has_gone_on_to_the_search_meanwhile_stays_there(screen: Screen) -> None:
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    screen.page.route("**/messages", hold)
    with screen.page.expect_request("**/messages"):
        screen.words.fill("on a slow line")
        screen.words.press("Enter")
    search = screen.page.locator("#search")
    search.focus()
    for route in waiting:
        route.continue_()
    screen.ended()
    expect(screen.composer).not_to_have_attribute("data-state", "sending")
    expect(search).to_be_focused()


def system(page: Page) -> Locator:
    return page.locator("#setting-system textarea")


def test_a_switch_that_is_thrown_twice_is_kept_as_it_stands(
    screen: Screen, upstream: Upstream
) -> None:
    screen.choose_model(TALKS)
    switch = screen.page.locator("#setting-tools-on input[type=checkbox]")
    expect(switch).to_be_enabled()
    with stalled(screen.page):
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
    with stalled(page):
        page.locator("#new").click()
        screen.rows.filter(has_text="Said by a pirate").locator("a").click()
    expect(system(page)).to_have_value("Answer like a pirate.")
