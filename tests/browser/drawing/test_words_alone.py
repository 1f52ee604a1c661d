"""A model that takes no pictures: what the user chose is never left out in silence, or paid for."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.drawing.server import PEN, QUILL, WRITER, Drawing
from tests.browser.screen import Screen, file, sha
from tests.browser.watch import Watch
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

RED = tiny_png(200)
ANSWER = "422"
"""The status of a message that the model cannot take."""
REFUSED = "Quill takes no pictures. Remove the picture, or choose another model."


@pytest.fixture
def quill(screen: Screen) -> Screen:
    """A new conversation with a model that draws from words alone."""
    screen.choose_model(QUILL)
    expect(intent(screen)).to_have_text("Create")
    return screen


def intent(screen: Screen) -> Locator:
    return screen.page.locator("#intent")


def card(screen: Screen, kind: str) -> Locator:
    return screen.page.locator("#welcome [data-text]").filter(has_text=kind)


def attach(screen: Screen) -> None:
    screen.attach(file("cat.png", RED))
    screen.tray_shows(sha(RED))


def refused(screen: Screen, upstream: Drawing, words: str) -> None:
    """Press Enter and see that nothing goes out and nothing is lost."""
    screen.words.fill(words)
    screen.words.press("Enter")
    screen.toast(REFUSED)
    expect(screen.composer).not_to_have_attribute("data-state", "sending")
    expect(screen.words).to_have_value(words)
    screen.tray_shows(sha(RED))
    expect(screen.questions).to_have_count(0)
    assert upstream.drawn() == []


def test_an_added_picture_is_refused_in_words_and_text_and_picture_stay(
    quill: Screen, upstream: Drawing, watch: Watch
) -> None:
    watch.expect(ANSWER)
    attach(quill)
    expect(quill.chips.locator(".words")).to_have_text("cat.png")
    refused(quill, upstream, "Make the cat green")
    quill.choose_model(PEN)
    expect(intent(quill)).to_have_text("Edit 1 picture")
    quill.words.press("Enter")
    quill.ended()
    assert [how for how, _ in upstream.drawn()] == ["edits"]
    expect(quill.questions.locator(".pic")).to_have_attribute("data-sha", sha(RED))


def test_a_picture_alone_is_refused_too(quill: Screen, upstream: Drawing, watch: Watch) -> None:
    watch.expect(ANSWER)
    attach(quill)
    expect(quill.send).to_be_enabled()
    refused(quill, upstream, "")


def test_the_latest_picture_which_nobody_chose_stays_behind_and_says_so(
    quill: Screen, upstream: Drawing
) -> None:
    quill.told("A first picture")
    quill.settled_tray(1)
    expect(quill.chips.locator(".words")).to_have_text("Stays behind")
    quill.told("A second picture")
    assert [how for how, _ in upstream.drawn()] == ["generations"] * 2
    expect(quill.questions.last.locator(".pic")).to_have_count(0)


def test_the_latest_picture_that_is_chosen_as_input_is_refused(
    quill: Screen, upstream: Drawing, watch: Watch
) -> None:
    watch.expect(ANSWER)
    quill.told("A first picture")
    quill.reply.get_by_role("button", name="Edit this").click()
    quill.words.fill("Make it green")
    quill.words.press("Enter")
    quill.toast(REFUSED)
    expect(quill.words).to_have_value("Make it green")
    assert len(upstream.drawn()) == 1


def test_to_a_model_of_words_the_latest_picture_stays_behind(screen: Screen) -> None:
    screen.choose_model(PEN)
    screen.told("A boat")
    expect(screen.chips.locator(".words")).to_have_text("Editing this picture")
    screen.choose_model(WRITER)
    expect(screen.chips.locator(".words")).to_have_text("Stays behind")
    expect(screen.told("What do you know")).to_contain_text("Understood.")
    expect(screen.questions.last.locator(".pic")).to_have_count(0)


def test_examples_that_the_model_cannot_follow_are_not_offered(screen: Screen) -> None:
    expect(card(screen, "Edit")).to_be_visible()
    # The usual model has none: a model of words at the same endpoint runs them for it.
    expect(card(screen, "Use a tool")).to_be_visible()
    screen.choose_model(QUILL)
    expect(card(screen, "Edit")).to_be_hidden()
    expect(card(screen, "Paint")).to_be_visible()
    screen.choose_model(WRITER)
    expect(card(screen, "Use a tool")).to_be_visible()


def test_what_was_said_of_the_next_message_goes_with_the_model(quill: Screen) -> None:
    """A screen reader walks through everything that stands on the page."""
    told = quill.page.locator("#intent-told")
    quill.choose_model(PEN)
    attach(quill)
    expect(told).to_have_text("Next message: Edit 1 picture.")
    quill.choose_model(WRITER)
    expect(intent(quill)).to_be_hidden()
    expect(told).to_be_empty()
