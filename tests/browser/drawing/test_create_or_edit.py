"""With a model without memory the user decides whether a message draws anew or changes a picture.

It is said before it is sent, and never guessed in silence.
"""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.drawing.server import PEN, PRICED, QUILL, Drawing
from tests.browser.screen import Screen, file
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

RED, GREEN = tiny_png(200), tiny_png(0, 200)


@pytest.fixture
def pen(screen: Screen) -> Screen:
    """A new conversation with a model that draws and edits, and remembers nothing."""
    screen.choose_model(PEN)
    return screen


def chip(screen: Screen) -> Locator:
    return screen.page.locator("#intent")


def attach(screen: Screen, *pictures: bytes) -> None:
    screen.attach(*(file(f"{n}.png", data) for n, data in enumerate(pictures)))
    screen.settled_tray(len(pictures))


def sent(upstream: Drawing) -> tuple[str, int]:
    """How the last picture was asked for, and with how many pictures."""
    how, fields = upstream.drawn()[-1]
    return how, len(fields.get("image", []))


def test_the_chip_says_what_the_tray_holds_and_that_is_what_is_sent(
    pen: Screen, upstream: Drawing
) -> None:
    expect(chip(pen)).to_have_text("Create")
    pen.told("A boat")
    assert sent(upstream) == ("generations", 0)
    # The picture that was drawn goes along, so the next message changes it.
    expect(chip(pen)).to_have_text("Edit 1 picture")
    pen.told("Make it rounder")
    assert sent(upstream) == ("edits", 1)
    attach(pen, RED, GREEN)
    expect(chip(pen)).to_have_text("Edit 2 pictures")


def test_turned_to_create_the_tray_rests_and_no_picture_is_sent(
    pen: Screen, upstream: Drawing
) -> None:
    attach(pen, RED)
    chip(pen).focus()
    pen.page.keyboard.press("Enter")
    expect(chip(pen)).to_have_text("Create")
    expect(pen.tray).to_have_class("resting")
    expect(pen.chips.locator(".words")).to_have_text("Stays behind")
    expect(pen.tray).to_have_attribute("aria-label", "Pictures that stay behind")
    pen.words.fill("Something new")
    expect(chip(pen)).to_have_text("Create")
    pen.words.press("Enter")
    pen.ended()
    assert sent(upstream) == ("generations", 0)
    expect(pen.questions.last.locator(".pic")).to_have_count(0)


def test_turned_back_everything_goes_along_again(pen: Screen, upstream: Drawing) -> None:
    attach(pen, RED)
    chip(pen).click()
    chip(pen).click()
    expect(chip(pen)).to_have_text("Edit 1 picture")
    expect(pen.tray).not_to_have_class("resting")
    pen.told("Change this")
    assert sent(upstream) == ("edits", 1)


def test_a_picture_that_is_added_is_meant_to_be_used(pen: Screen) -> None:
    attach(pen, RED)
    chip(pen).click()
    pen.attach(file("more.png", GREEN))
    expect(chip(pen)).to_have_text("Edit 2 pictures")
    expect(chip(pen)).to_have_class("changed")
    expect(pen.page.locator("#intent-told")).to_have_text("Next message: Edit 2 pictures.")


def test_the_decision_belongs_to_the_draft(pen: Screen) -> None:
    pen.told("A first one")
    attach(pen, RED)
    chip(pen).click()
    pen.words.fill("a new one, later")
    pen.page.locator("#new").click()
    expect(pen.words).to_have_value("")
    pen.page.go_back()
    expect(pen.words).to_have_value("a new one, later")
    expect(chip(pen)).to_have_text("Create")
    pen.reload()
    expect(pen.words).to_have_value("a new one, later")
    expect(chip(pen)).to_have_text("Create")
    expect(pen.tray).to_have_class("resting")


def test_without_pictures_there_is_nothing_to_edit_and_a_press_says_so(pen: Screen) -> None:
    expect(chip(pen)).to_have_attribute("aria-disabled", "true")
    chip(pen).press("Enter")
    pen.toast("Add a picture to edit it.")
    expect(chip(pen)).to_have_text("Create")


def test_a_resting_picture_alone_is_no_message(pen: Screen) -> None:
    attach(pen, RED)
    expect(pen.send).to_be_enabled()
    chip(pen).click()
    expect(pen.send).to_be_disabled()


def test_a_model_that_takes_no_pictures_always_creates_and_says_why(
    screen: Screen, upstream: Drawing
) -> None:
    screen.choose_model(QUILL)
    screen.told("A first picture")
    screen.settled_tray(1)
    expect(chip(screen)).to_have_text("Create")
    reason = "Quill draws from words alone and takes no pictures."
    expect(chip(screen)).to_have_attribute("title", reason)
    chip(screen).press("Enter")
    screen.toast(reason)
    screen.told("Another picture")
    assert sent(upstream) == ("generations", 0)


def test_the_chip_follows_the_model(screen: Screen) -> None:
    expect(chip(screen)).to_be_hidden()
    screen.choose_model(PEN)
    expect(chip(screen)).to_be_visible()
    screen.choose_model(PRICED)
    expect(chip(screen)).to_be_hidden()
    screen.choose_model(PEN)
    expect(chip(screen)).to_be_visible()
    screen.page.locator("#new").click()
    expect(chip(screen)).to_be_visible()  # the model that was chosen last
    screen.choose_model(PRICED)
    expect(chip(screen)).to_be_hidden()


WATCHED = """() => {
    window.frames_of_pictures = [];
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
            for (const each of addedNodes)
                if (each instanceof HTMLElement && each.matches(".making")) {
                    const { width, height } = each.getBoundingClientRect();
                    window.frames_of_pictures.push(width / height);
                }
    }).observe(document.querySelector("#messages"), { subtree: true, childList: true });
}"""


def test_a_frame_of_the_expected_shape_stands_where_the_picture_will_be(pen: Screen) -> None:
    pen.page.evaluate(WATCHED)
    pen.told("A boat")
    shapes = pen.page.evaluate("() => window.frames_of_pictures")
    assert shapes  # where the live line draws the reply anew, its frame is another
    assert shapes == pytest.approx([1] * len(shapes), abs=0.01)
    expect(pen.page.locator(".making")).to_have_count(0)
    expect(pen.pictures).to_have_count(1)
