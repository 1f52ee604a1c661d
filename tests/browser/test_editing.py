"""Pictures that go along, and versions: nothing that was ever made is lost or sent unseen."""

import pytest
from playwright.sync_api import Locator, expect

from chat.providers.shared.openai.history import CAPTION
from tests.browser.screen import Screen, are, file, sha
from tests.browser.upstream import Upstream, question, sent_pictures
from tests.wire_shapes import data_url, tiny_png

pytestmark = pytest.mark.browser

RED, GREEN, BLUE = tiny_png(200), tiny_png(0, 200), tiny_png(0, 0, 200)


ANSWER_AT_ONCE = """text => {
    const list = document.querySelector('#messages');
    const before = list.children.length;
    new MutationObserver((_, watch) => {
        if (list.children.length === before) return;
        if (list.lastElementChild.dataset.status !== 'complete') return;
        // A reply may end before its question counts as sent: until then no hand could send.
        if (document.querySelector('#composer').dataset.state === 'sending') return;
        watch.disconnect();
        const box = document.querySelector('#words');
        box.value = text;
        box.dispatchEvent(new Event('input'));
        document.querySelector('#send').click();
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
"""Sends as soon as the next reply shows that it has ended, faster than any hand."""


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
    drawn.tray_shows(sha(GREEN))
    drawn.told("make it rounder")
    assert sent_pictures(upstream.asked("make it rounder")[-1]) == [data_url(GREEN)]
    are(drawn.questions.last.locator(".pic"), sha(GREEN))
    drawn.tray_shows(sha(GREEN))


def test_whoever_answers_a_picture_at_once_sends_that_picture(
    drawn: Screen, upstream: Upstream
) -> None:
    """Where the tray followed a reply later, the picture before would go along unseen."""
    drawn.page.evaluate(ANSWER_AT_ONCE, "now a blue one")
    upstream.says("draw it again", BLUE)
    drawn.told("draw it again")
    expect(drawn.replies).to_have_count(4)
    drawn.ended()
    assert sent_pictures(upstream.asked("now a blue one")[-1]) == [data_url(BLUE)]


def test_a_picture_taken_out_of_the_tray_does_not_go_along(
    screen: Screen, upstream: Upstream
) -> None:
    screen.attach(file("mine.png", BLUE))
    screen.tray_shows(sha(BLUE))
    screen.told("what is this")
    screen.tray_shows(sha(BLUE))
    screen.chips.get_by_role("button", name="Remove").click()
    screen.settled_tray(0)
    screen.told("something new altogether")
    assert sent_pictures(upstream.asked("something new")[-1]) == []
    expect(screen.questions.last.locator(".pic")).to_have_count(0)


def test_a_drawing_taken_out_of_the_tray_is_not_shown_to_the_model_again(
    drawn: Screen, upstream: Upstream
) -> None:
    drawn.tray_shows(sha(GREEN))
    drawn.chips.get_by_role("button", name="Remove").click()
    drawn.settled_tray(0)
    drawn.told("something quite different")
    expect(drawn.questions.last.locator(".pic")).to_have_count(0)
    asked = upstream.asked("quite different")[-1]
    assert data_url(GREEN) not in asked.body.decode()
    assert CAPTION not in question(asked)
    # For that message alone: the next one sees the conversation.
    drawn.attach(file("mine.png", BLUE))
    drawn.tray_shows(sha(BLUE))
    drawn.told("and with mine")
    assert data_url(GREEN) in upstream.asked("and with mine")[-1].body.decode()


def test_an_older_picture_can_be_used_as_input(drawn: Screen, upstream: Upstream) -> None:
    drawn.pictures.first.get_by_role("button", name="Edit this").click()
    drawn.tray_shows(sha(RED))
    expect(drawn.words).to_be_focused()
    drawn.told("back to the first idea")
    assert sent_pictures(upstream.asked("back to the first")[-1])[-1] == data_url(RED)
    are(drawn.questions.last.locator(".pic"), sha(RED))


def test_an_upload_takes_the_place_of_the_picture_that_would_go_along(
    drawn: Screen, upstream: Upstream
) -> None:
    drawn.attach(file("mine.png", BLUE))
    drawn.tray_shows(sha(BLUE))
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
    screen.tray_shows(sha(BLUE))
    step(screen.questions.first, "Edit")
    screen.settled_tray(0)
    screen.words.fill("other words")
    screen.words.press("Escape")
    expect(screen.words).to_have_value("draft of mine")
    expect(screen.page.locator("#editing")).to_be_hidden()
    expect(screen.questions.first).to_contain_text("Keep this question")
    screen.tray_shows(sha(BLUE))
    assert upstream.asked("other words") == []


def test_an_edited_question_does_not_take_its_own_answer_along(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("paint a hill", RED)
    screen.told("paint a hill")
    screen.tray_shows(sha(RED))
    step(screen.questions.first, "Edit")
    screen.settled_tray(0)
    screen.words.fill("paint a hill with a tree")
    screen.words.press("Enter")
    expect(versions(screen.questions.first)).to_have_text("2/2")
    screen.ended()
    assert sent_pictures(upstream.asked("with a tree")[0]) == []
    screen.tray_shows(sha(RED))


def test_the_pictures_of_an_edited_question_go_along_again(
    screen: Screen, upstream: Upstream
) -> None:
    screen.attach(file("mine.png", BLUE))
    screen.tray_shows(sha(BLUE))
    screen.told("what is this picture")
    step(screen.questions.first, "Edit")
    expect(screen.words).to_have_value("what is this picture")
    screen.tray_shows(sha(BLUE))
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
