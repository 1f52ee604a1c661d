"""Pictures that go along, and versions: nothing that was ever made is lost or sent unseen."""

import pytest
from playwright.sync_api import Locator, expect

from chat.providers.openai_chat.history import CAPTION
from tests.browser.screen import Screen, file
from tests.browser.upstream import Upstream, question, sent_pictures
from tests.wire_shapes import data_url, tiny_png

pytestmark = pytest.mark.browser

RED, GREEN, BLUE = tiny_png(200), tiny_png(0, 200), tiny_png(0, 0, 200)


@pytest.fixture
def drawn(screen: Screen, upstream: Upstream) -> Screen:
    """A conversation in which the model has drawn a red, then a green picture."""
    upstream.says("draw red", RED)
    upstream.says("draw green", GREEN)
    screen.told("draw red")
    screen.told("draw green")
    return screen


def test_the_latest_picture_stands_in_the_tray_and_goes_along(
    drawn: Screen, upstream: Upstream
) -> None:
    drawn.settled_tray(1)
    assert drawn.shas(drawn.chips) == drawn.shas(drawn.replies.last.locator(".pic"))
    drawn.told("make it rounder")
    assert sent_pictures(upstream.asked("make it rounder")[-1]) == [data_url(GREEN)]
    assert drawn.shas(drawn.questions.last.locator(".pic")) == drawn.shas(drawn.chips)


def test_a_picture_taken_out_of_the_tray_does_not_go_along(
    screen: Screen, upstream: Upstream
) -> None:
    screen.attach(file("mine.png", BLUE))
    screen.settled_tray(1)
    screen.told("what is this")
    screen.settled_tray(1)
    screen.chips.get_by_role("button", name="Remove").click()
    screen.settled_tray(0)
    screen.told("something new altogether")
    assert sent_pictures(upstream.asked("something new")[-1]) == []
    expect(screen.questions.last.locator(".pic")).to_have_count(0)


def test_a_drawing_taken_out_of_the_tray_is_history_and_no_input(
    drawn: Screen, upstream: Upstream
) -> None:
    drawn.chips.get_by_role("button", name="Remove").click()
    drawn.settled_tray(0)
    drawn.told("something quite different")
    expect(drawn.questions.last.locator(".pic")).to_have_count(0)
    assert question(upstream.asked("quite different")[-1]).startswith(CAPTION)


def test_an_older_picture_can_be_used_as_input(drawn: Screen, upstream: Upstream) -> None:
    drawn.pictures.first.get_by_role("button", name="Use as input").click()
    drawn.settled_tray(1)
    assert drawn.shas(drawn.chips) == drawn.shas(drawn.replies.first.locator(".pic"))
    expect(drawn.words).to_be_focused()
    drawn.told("back to the first idea")
    assert sent_pictures(upstream.asked("back to the first")[-1])[-1] == data_url(RED)
    assert drawn.shas(drawn.questions.last.locator(".pic")) == drawn.shas(drawn.pictures)[:1]


def test_an_upload_takes_the_place_of_the_picture_that_would_go_along(
    drawn: Screen, upstream: Upstream
) -> None:
    drawn.attach(file("mine.png", BLUE))
    drawn.settled_tray(1)
    drawn.told("now use mine")
    assert sent_pictures(upstream.asked("now use mine")[-1])[-1] == data_url(BLUE)
    expect(drawn.questions.last.locator(".pic")).to_have_count(1)


def versions(message: Locator) -> Locator:
    return message.locator(".versions > span")


def step(message: Locator, label: str) -> None:
    message.get_by_role("button", name=label).click()


def test_an_edited_question_keeps_its_old_version_within_reach(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("a cat", "A cat it is.")
    upstream.says("a dog", "A dog it is.")
    screen.told("Draw a cat")
    screen.words.fill("meanwhile")
    step(screen.questions.first, "Edit")
    expect(screen.words).to_have_value("Draw a cat")
    screen.words.fill("Draw a dog")
    screen.words.press("Enter")
    expect(screen.reply).to_contain_text("A dog it is.")
    expect(screen.questions).to_have_count(1)
    expect(versions(screen.questions.first)).to_have_text("2/2")
    expect(screen.words).to_have_value("meanwhile")
    step(screen.questions.first, "Earlier version")
    expect(screen.reply).to_contain_text("A cat it is.")
    expect(screen.questions.first).to_contain_text("Draw a cat")
    screen.reload()
    expect(versions(screen.questions.first)).to_have_text("1/2")
    expect(screen.reply).to_contain_text("A cat it is.")
    step(screen.questions.first, "Later version")
    expect(screen.reply).to_contain_text("A dog it is.")


def test_an_edit_that_is_cancelled_changes_nothing(screen: Screen, upstream: Upstream) -> None:
    screen.told("Keep this question")
    screen.words.fill("draft of mine")
    screen.attach(file("mine.png", BLUE))
    screen.settled_tray(1)
    step(screen.questions.first, "Edit")
    screen.words.fill("other words")
    screen.words.press("Escape")
    expect(screen.words).to_have_value("draft of mine")
    expect(screen.page.locator("#editing")).to_be_hidden()
    expect(screen.questions.first).to_contain_text("Keep this question")
    screen.settled_tray(1)
    assert upstream.asked("other words") == []


def test_an_edited_question_does_not_take_its_own_answer_along(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("paint a hill", RED)
    screen.told("paint a hill")
    screen.settled_tray(1)
    step(screen.questions.first, "Edit")
    screen.settled_tray(0)
    screen.words.fill("paint a hill with a tree")
    screen.words.press("Enter")
    expect(versions(screen.questions.first)).to_have_text("2/2")
    screen.ended()
    assert sent_pictures(upstream.asked("with a tree")[0]) == []
    screen.settled_tray(1)


def test_the_pictures_of_an_edited_question_go_along_again(
    screen: Screen, upstream: Upstream
) -> None:
    screen.attach(file("mine.png", BLUE))
    screen.settled_tray(1)
    screen.told("what is this picture")
    step(screen.questions.first, "Edit")
    screen.settled_tray(1)
    screen.words.fill("what is that picture")
    screen.words.press("Enter")
    expect(versions(screen.questions.first)).to_have_text("2/2")
    screen.ended()
    assert sent_pictures(upstream.asked("what is that")[0]) == [data_url(BLUE)]


def test_a_reply_made_again_stands_beside_the_first(screen: Screen, upstream: Upstream) -> None:
    upstream.says("try twice", "Attempt one.")
    screen.told("try twice")
    upstream.says("try twice", "Attempt two.")
    step(screen.replies.first, "Regenerate")
    expect(screen.reply).to_contain_text("Attempt two.")
    screen.ended()
    expect(versions(screen.reply)).to_have_text("2/2")
    screen.reload()
    expect(screen.questions).to_have_count(1)
    step(screen.reply, "Earlier version")
    expect(screen.reply).to_contain_text("Attempt one.")
    expect(versions(screen.reply)).to_have_text("1/2")
    screen.told("go on from here")
    step(screen.replies.first, "Later version")
    expect(screen.reply).to_contain_text("Attempt two.")
    step(screen.reply, "Earlier version")
    expect(screen.questions.last).to_contain_text("go on from here")
