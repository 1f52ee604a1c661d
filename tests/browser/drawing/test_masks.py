"""Masks: a picture that says where another may change, added or painted, is sent as a mask."""

import io

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Locator, expect

from tests.browser.drawing.server import MASKER, Drawing
from tests.browser.screen import Screen, file
from tests.browser.test_access import violations
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

RED = tiny_png(200)


def clear_png() -> bytes:
    """As large as the others, and transparent all over."""
    out = io.BytesIO()
    Pillow.new("RGBA", (8, 8)).save(out, "PNG")
    return out.getvalue()


CLEAR = clear_png()


def chip(screen: Screen) -> Locator:
    return screen.page.locator("#intent")


def attach(screen: Screen, *pictures: bytes) -> None:
    screen.attach(*(file(f"{n}.png", data) for n, data in enumerate(pictures)))
    screen.settled_tray(len(pictures))


def test_one_of_two_pictures_can_be_the_mask_and_is_shown_as_one(
    screen: Screen, upstream: Drawing
) -> None:
    screen.choose_model(MASKER)
    attach(screen, RED, CLEAR)
    first, second = screen.chips.nth(0), screen.chips.nth(1)
    expect(first.get_by_role("button", name="Use as mask")).to_have_count(0)
    second.get_by_role("button", name="Use as mask").click()
    expect(second).to_have_class("chip mask")
    expect(second.get_by_role("button", name="Mask: 1.png, 2 of 2", exact=True)).to_be_visible()
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
    painter(screen).get_by_role("button", name="Use region").click()
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
    done = painter(screen).get_by_role("button", name="Use region")
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
    done = painter(screen).get_by_role("button", name="Use region")
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
