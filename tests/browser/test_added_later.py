"""What is on its way to the server belongs to its message: it is kept, and waited for."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.screen import Screen, file, sha
from tests.browser.upstream import Upstream, sent_pictures
from tests.browser.watch import Watch
from tests.wire_shapes import data_url, tiny_png

pytestmark = pytest.mark.browser

ADDED = "**/api/media/added?**"
ONE, TWO, THREE = (tiny_png(90, red) for red in (61, 62, 63))


class Gate:
    """Uploads that wait until they are let through."""

    def __init__(self, page: Page) -> None:
        self.is_open = self.refuses = False
        self.held: list[Route] = []
        page.route(ADDED, self.came)

    def came(self, route: Route) -> None:
        if self.refuses:
            route.fulfill(status=415, json={"error": {"code": "refused", "message": "None."}})
        elif self.is_open:
            route.continue_()
        else:
            self.held.append(route)

    def opened(self) -> None:
        self.is_open = True
        while self.held:
            self.held.pop(0).continue_()

    def refused(self) -> None:
        self.refuses = True
        while self.held:
            self.came(self.held.pop(0))

    def closed(self) -> None:
        self.is_open = False


@pytest.fixture
def gate(screen: Screen) -> Iterator[Gate]:
    made = Gate(screen.page)
    yield made
    made.opened()
    screen.page.unroute(ADDED)


def goes_elsewhere(screen: Screen) -> None:
    screen.page.locator("#new").click()
    screen.stands_before_a_new_conversation()
    expect(screen.chips).to_have_count(0)


def comes_back(screen: Screen, conversation: str) -> None:
    screen.page.go_back()
    screen.shows(conversation)


def test_a_picture_on_its_way_is_there_when_its_conversation_is_come_back_to(
    screen: Screen, gate: Gate
) -> None:
    screen.told("of the meadow")
    home = screen.conversation
    screen.words.fill("what is this?")
    screen.attach(file("one.png", ONE))
    coming = screen.page.locator("#tray [aria-busy]")
    expect(coming).to_have_count(1)
    goes_elsewhere(screen)
    comes_back(screen, home)
    expect(coming).to_contain_text("one.png")
    gate.opened()
    screen.tray_shows(sha(ONE))

    gate.closed()
    screen.attach(file("two.png", TWO))
    expect(coming).to_have_count(1)
    goes_elsewhere(screen)
    screen.words.fill("another thing")
    with screen.page.expect_response("**/api/media/added?**"):
        gate.opened()
    expect(screen.chips).to_have_count(0)
    comes_back(screen, home)
    screen.tray_shows(sha(ONE), sha(TWO))
    screen.reload()
    screen.tray_shows(sha(ONE), sha(TWO))
    expect(screen.words).to_have_value("what is this?")

    gate.closed()
    screen.attach(file("three.png", THREE))
    expect(coming).to_have_count(1)
    screen.questions.last.hover()
    screen.questions.last.get_by_role("button", name="Edit").click()
    expect(screen.chips).to_have_count(0)
    screen.page.locator("#cancel-edit").click()
    expect(coming).to_contain_text("three.png")
    gate.opened()
    screen.tray_shows(sha(ONE), sha(TWO), sha(THREE))


def test_a_picture_that_waits_to_be_tried_again_waits_in_its_conversation(
    screen: Screen, watch: Watch
) -> None:
    watch.expect("503")
    screen.told("of the brook")
    home = screen.conversation
    screen.page.route(ADDED, lambda route: route.fulfill(status=503, body="busy"))
    screen.attach(file("one.png", ONE))
    again = screen.chips.get_by_role("button", name="Try again")
    expect(again).to_have_count(1)
    goes_elsewhere(screen)
    comes_back(screen, home)
    expect(screen.chips).to_contain_text("Not added yet")
    screen.page.unroute(ADDED)
    again.click()
    screen.tray_shows(sha(ONE))


def test_a_message_goes_when_what_was_added_is_there(
    screen: Screen, upstream: Upstream, gate: Gate, watch: Watch
) -> None:
    screen.words.fill("sent in a hurry")
    screen.attach(file("one.png", ONE), file("two.png", TWO))
    expect(screen.page.locator("#tray [aria-busy]")).to_have_count(2)
    for _ in range(2):
        screen.words.press("Enter")
    screen.toast("The message goes when it is there.")
    expect(screen.questions).to_have_count(0)
    gate.opened()
    screen.ended()
    [asked] = upstream.asked("sent in a hurry")
    assert sent_pictures(asked) == [data_url(each) for each in (ONE, TWO)]

    watch.expect("415")
    gate.closed()
    screen.words.fill("sent with all of it")
    screen.attach(file("three.png", THREE))
    expect(screen.page.locator("#tray [aria-busy]")).to_have_count(1)
    screen.words.press("Enter")
    gate.refused()
    expect(screen.page.locator("#tray [aria-busy]")).to_have_count(0)
    expect(screen.words).to_have_value("sent with all of it")
    assert upstream.asked("sent with all of it") == []
