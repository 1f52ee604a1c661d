"""The list of conversations: finding, naming, throwing away and getting back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.loopback import Gate
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser

NONE: dict[str, object] = {"conversations": [], "more": False}


def row(screen: Screen, title: str) -> Locator:
    return screen.rows.filter(has_text=title)


def test_a_conversation_is_listed_under_its_day_with_the_open_one_marked(screen: Screen) -> None:
    screen.told("Listed at once")
    expect(row(screen, "Listed at once")).to_have_count(1)
    expect(row(screen, "Listed at once").locator("a")).to_have_attribute("aria-current", "page")
    headings = screen.page.locator("#conversations h3")
    expect(headings.filter(has_text="Today")).to_have_count(1)
    screen.page.clock.set_system_time("2031-01-01T12:00:00")
    screen.reload()
    expect(row(screen, "Listed at once")).to_have_count(1)
    expect(headings.filter(has_text="Today")).to_have_count(0)
    expect(headings.filter(has_text="Earlier")).to_have_count(1)


def test_a_new_name_stays(screen: Screen) -> None:
    screen.told("Wants another name")
    screen.do_to(row(screen, "Wants another name"), "Rename")
    field = screen.page.get_by_label("New title")
    expect(field).to_be_focused()
    field.fill("Renamed by hand")
    field.press("Enter")
    expect(row(screen, "Renamed by hand")).to_be_visible()
    expect(screen.page).to_have_title("Renamed by hand · Easel")
    screen.reload()
    expect(row(screen, "Renamed by hand")).to_be_visible()
    expect(screen.page).to_have_title("Renamed by hand · Easel")
    screen.do_to(row(screen, "Renamed by hand"), "Rename")
    field.fill("Never mind")
    field.press("Escape")
    expect(row(screen, "Renamed by hand")).to_be_visible()


def test_what_was_deleted_by_mistake_comes_back(screen: Screen, watch: Watch) -> None:
    watch.bear("/estimate")  # what the next words may cost is asked at any moment
    screen.told("Deleted by mistake")
    conversation = screen.conversation
    screen.do_to(row(screen, "Deleted by mistake"), "Delete")
    expect(row(screen, "Deleted by mistake")).to_have_count(0)
    screen.stands_before_a_new_conversation()
    expect(screen.page).to_have_title("Easel")
    screen.toasts.get_by_role("button", name="Undo").click()
    screen.shows(conversation)
    expect(screen.questions).to_have_text(re.compile("Deleted by mistake"))
    expect(row(screen, "Deleted by mistake")).to_have_count(1)


def test_the_address_of_a_deleted_conversation_says_so(screen: Screen) -> None:
    screen.told("Gone for good")
    conversation = screen.conversation
    screen.do_to(row(screen, "Gone for good"), "Delete")
    expect(row(screen, "Gone for good")).to_have_count(0)
    screen.page.goto(f"{screen.address}/?c={conversation}")
    screen.toast("This conversation is not here")
    expect(screen.page.locator("#welcome")).to_be_visible()


def test_deleting_stops_the_reply_that_is_being_written(screen: Screen, upstream: Upstream) -> None:
    """Nobody pays for a picture that was thrown away."""
    upstream.says("dropped midway", "Half.", Gate())
    screen.ask("dropped midway")
    expect(screen.reply).to_contain_text("Half.")
    screen.do_to(row(screen, "dropped midway"), "Delete")
    expect(row(screen, "dropped midway")).to_have_count(0)
    screen.toasts.get_by_role("button", name="Undo").click()  # it is not offered for long
    assert upstream.asked("dropped midway")[0].gone.wait(PATIENCE_S)
    expect(screen.ended("stopped")).to_contain_text("Half.")


def test_search_finds_words_of_questions_and_answers(screen: Screen, upstream: Upstream) -> None:
    upstream.says("kiwi", "It is a flightless Apteryx.")
    screen.told("Tell me of the kiwi")
    screen.page.locator("#new").click()
    screen.told("Something about pears")
    search = screen.page.locator("#search")
    search.fill("apteryx")
    expect(screen.rows).to_have_count(1)
    expect(screen.rows).to_contain_text("Tell me of the kiwi")
    screen.rows.locator("a").click()
    expect(screen.reply).to_contain_text("Apteryx")
    search.fill("no such thing anywhere")
    expect(screen.page.locator("#conversations")).to_have_text("Nothing found.")
    search.fill("")
    expect(row(screen, "Something about pears")).to_have_count(1)


def test_back_and_forward_walk_through_conversations(screen: Screen) -> None:
    screen.told("The one before")
    first = screen.conversation
    screen.page.locator("#new").click()
    screen.told("The one after")
    second = screen.conversation
    screen.page.go_back()
    screen.stands_before_a_new_conversation()
    screen.page.go_back()
    screen.shows(first)
    expect(screen.questions).to_have_text(re.compile("The one before"))
    screen.page.go_forward()
    screen.stands_before_a_new_conversation()
    screen.page.go_forward()
    screen.shows(second)
    expect(screen.questions).to_have_text(re.compile("The one after"))


def test_on_a_phone_the_list_makes_room_for_the_conversation(
    stranger: Callable[..., Screen],
) -> None:
    screen = stranger(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = screen.page
    expect(page.locator("#sidebar")).not_to_have_class(re.compile(r"\bopen\b"))
    expect(screen.words).to_be_in_viewport()
    screen.told("From a phone")
    page.locator("#sidebar .toggle-button").click()
    expect(row(screen, "From a phone")).to_be_in_viewport()
    page.locator("#new").click()
    expect(page.locator("#sidebar")).not_to_have_class(re.compile(r"\bopen\b"))
    expect(page.locator("#welcome")).to_be_visible()


def test_a_list_that_was_folded_stays_folded(screen: Screen) -> None:
    sidebar, toggle = (
        screen.page.locator("#sidebar"),
        screen.page.locator("#sidebar .toggle-button"),
    )
    toggle.click()
    expect(sidebar).not_to_have_class(re.compile(r"\bopen\b"))
    screen.reload()
    expect(sidebar).not_to_have_class(re.compile(r"\bopen\b"))
    toggle.click()
    expect(sidebar).to_have_class(re.compile(r"\bopen\b"))
    screen.reload()
    expect(sidebar).to_have_class(re.compile(r"\bopen\b"))


def test_undo_stays_for_as_long_as_somebody_points_at_it(
    stranger: Callable[..., Screen],
) -> None:
    screen = stranger()
    screen.page.clock.install()
    screen.reload()
    screen.told("Deleted in a hurry")
    screen.do_to(row(screen, "Deleted in a hurry"), "Delete")
    screen.toasts.hover()
    screen.page.clock.run_for(20_000)
    screen.toasts.get_by_role("button", name="Undo").click()
    expect(row(screen, "Deleted in a hurry")).to_have_count(1)
    screen.page.locator("#new").hover()
    expect(screen.toasts).to_have_count(0)


def test_that_there_are_none_is_said_once_it_is_known(screen: Screen) -> None:
    screen.told("Listed before the next visit")
    empty = screen.page.get_by_text("Your conversations will be listed here.")
    held: list[Route] = []
    screen.page.route("**/api/conversations?*", lambda route: held.append(route))
    screen.reload()
    expect(screen.page.locator("#words")).to_be_focused()
    expect(empty).to_have_count(0)
    for route in held:
        route.continue_()
    expect(row(screen, "Listed before the next visit")).to_be_visible()
    expect(empty).to_have_count(0)
    screen.page.route("**/api/conversations?*", lambda route: route.fulfill(json=NONE))
    screen.reload()
    expect(empty).to_be_visible()
