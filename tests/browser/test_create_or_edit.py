"""With a model without memory the user decides whether a message draws anew or changes a picture.

It is said before it is sent, and never guessed in silence.
"""

import io
from collections.abc import Iterator

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Locator, expect

from tests.browser.drawing import MASKER, PEN, PRICED, QUILL, Drawing, drawing_program
from tests.browser.screen import Screen, file
from tests.browser.test_access import violations
from tests.program import Program
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

RED, GREEN = tiny_png(200), tiny_png(0, 200)


def clear_png() -> bytes:
    """As large as the others, and transparent all over."""
    out = io.BytesIO()
    Pillow.new("RGBA", (8, 8)).save(out, "PNG")
    return out.getvalue()


CLEAR = clear_png()


@pytest.fixture(scope="module")
def upstream() -> Iterator[Drawing]:
    with Drawing() as server:
        yield server


@pytest.fixture(scope="module")
def program(upstream: Drawing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with drawing_program(tmp_path_factory.mktemp("drawing") / "data", upstream) as running:
        yield running


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
    expect(chip(screen)).to_be_hidden()


def test_one_of_two_pictures_can_be_the_mask_and_is_shown_as_one(
    screen: Screen, upstream: Drawing
) -> None:
    screen.choose_model(MASKER)
    attach(screen, RED, CLEAR)
    first, second = screen.chips.nth(0), screen.chips.nth(1)
    expect(first.get_by_role("button", name="Use as mask")).to_have_count(0)
    second.get_by_role("button", name="Use as mask").click()
    expect(second).to_have_class("chip mask")
    expect(second.get_by_role("img")).to_have_attribute("alt", "Mask: 1.png")
    expect(chip(screen)).to_have_text("Edit 1 picture")
    screen.reload()
    expect(second).to_have_class("chip mask")
    screen.told("Only there")
    how, fields = upstream.drawn()[-1]
    assert (how, fields["image"], fields["mask"]) == ("edits", [RED], [CLEAR])
    shown = screen.questions.last.locator(".pic")
    expect(shown).to_have_count(2)
    expect(shown.last).to_have_class("pic small mask")
    expect(shown.last.get_by_role("img")).to_have_attribute(
        "alt", "Mask: the transparent part may change"
    )


def test_a_mask_can_be_a_picture_again_and_is_none_without_one(screen: Screen) -> None:
    screen.choose_model(MASKER)
    attach(screen, RED, CLEAR)
    second = screen.chips.nth(1)
    second.get_by_role("button", name="Use as mask").click()
    second.get_by_role("button", name="Use as picture").click()
    expect(chip(screen)).to_have_text("Edit 2 pictures")
    second.get_by_role("button", name="Use as mask").click()
    screen.chips.nth(0).get_by_role("button", name="Remove").click()
    expect(screen.chips).to_have_class("chip")
    expect(chip(screen)).to_have_text("Edit 1 picture")


def test_an_edited_question_keeps_its_mask(screen: Screen) -> None:
    screen.choose_model(MASKER)
    attach(screen, RED, CLEAR)
    screen.chips.nth(1).get_by_role("button", name="Use as mask").click()
    screen.told("Only there")
    screen.questions.first.get_by_role("button", name="Edit").click()
    screen.settled_tray(2)
    expect(screen.chips.nth(1)).to_have_class("chip mask")


def painter(screen: Screen) -> Locator:
    return screen.page.locator("#painter")


def opened_painter(screen: Screen) -> Locator:
    """The painter over a picture of 200 × 200; its canvas."""
    screen.choose_model(MASKER)
    attach(screen, tiny_png(90, 60, 30, side_px=200))
    screen.chips.first.get_by_role("button", name="Mark area").click()
    expect(painter(screen)).to_be_visible()
    return painter(screen).locator("canvas")


def sent_mask(screen: Screen, upstream: Drawing) -> Pillow.Image:
    """Take what is painted, send it, and look at what came."""
    painter(screen).get_by_role("button", name="Use as mask").click()
    expect(painter(screen)).to_be_hidden()
    screen.settled_tray(2)
    expect(screen.chips.last).to_have_class("chip mask")
    screen.told("only there")
    how, fields = upstream.drawn()[-1]
    assert (how, len(fields["image"])) == ("edits", 1)
    return Pillow.open(io.BytesIO(fields["mask"][0]))


@pytest.mark.parametrize("width", [1280, 360])
def test_what_is_painted_over_is_transparent_in_the_mask(
    screen: Screen, upstream: Drawing, width: int
) -> None:
    screen.page.set_viewport_size({"width": width, "height": 740})
    screen.reload()
    canvas = opened_painter(screen)
    done = painter(screen).get_by_role("button", name="Use as mask")
    expect(done).to_be_disabled()
    assert violations(screen.page) == []
    box = canvas.bounding_box()
    assert box is not None
    mouse = screen.page.mouse
    mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25, steps=4)
    mouse.up()
    expect(done).to_be_in_viewport(ratio=1)
    mask = sent_mask(screen, upstream)
    assert mask.size == (200, 200)
    alpha = mask.getchannel("A")
    assert [alpha.getpixel((x, 50)) for x in (50, 100, 150)] == [0, 0, 0]
    assert [alpha.getpixel(place) for place in ((100, 150), (5, 5), (195, 195))] == [255] * 3


def test_a_mask_can_be_painted_with_keys_alone_undone_and_changed_later(
    screen: Screen, upstream: Drawing
) -> None:
    canvas = opened_painter(screen)
    done = painter(screen).get_by_role("button", name="Use as mask")
    expect(canvas).to_be_focused()
    canvas.press("Space")
    canvas.press("Shift+ArrowRight")
    expect(done).to_be_enabled()
    painter(screen).get_by_role("button", name="Clear").click()
    expect(done).to_be_disabled()
    canvas.press("Space")
    done.click()
    screen.settled_tray(2)
    first = screen.shas(screen.chips)[1]
    # What was painted is still there, and the new mask takes the place of the old.
    screen.chips.first.get_by_role("button", name="Mark area").click()
    expect(done).to_be_enabled()
    for _ in range(3):
        canvas.press("ArrowUp")
    canvas.press("Space")
    painter(screen).get_by_role("button", name="Undo").click()
    for _ in range(2):
        canvas.press("Shift+ArrowDown")
    alpha = sent_mask(screen, upstream).getchannel("A")
    # The dab right of the middle, and the stroke above it; not the place that was undone.
    assert [alpha.getpixel(place) for place in ((110, 100), (100, 80), (100, 62))] == [0, 0, 0]
    assert alpha.getpixel((100, 120)) == 255
    assert first not in screen.shas(screen.questions.last.locator(".pic"))


def test_a_painter_that_is_left_changes_nothing(screen: Screen) -> None:
    canvas = opened_painter(screen)
    canvas.press("Space")
    canvas.press("Escape")
    expect(painter(screen)).to_be_hidden()
    screen.settled_tray(1)
