"""Canvas that was added without a model becomes the region of the next edit with one."""

import io

import pytest
from PIL import Image as Pillow
from playwright.sync_api import expect

from tests.browser.drawing.server import MASKER, Drawing
from tests.browser.screen import Screen, file
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser


def test_what_is_new_may_change_and_what_was_there_may_not(
    screen: Screen, upstream: Drawing
) -> None:
    screen.choose_model(MASKER)
    screen.attach(file("mine.png", tiny_png(90, 60, 30, side_px=100)))
    screen.settled_tray(1)
    screen.told("as it is")
    screen.pictures.first.locator("a.open").click()
    screen.page.locator("#viewer").get_by_role("button", name="Picture tools").click()
    bench = screen.page.locator("#workbench")
    bench.get_by_role("tab", name="Extend").click()
    bench.get_by_label("Right").fill("60")
    expect(bench.locator(".told")).to_have_text("100 × 100 px become 160 × 100")
    bench.get_by_role("button", name="Apply").click()
    expect(bench).to_be_hidden()
    screen.ended()
    screen.settled_tray(2)
    expect(screen.chips.last).to_have_class("chip mask")
    screen.told("a meadow on the right")
    how, fields = upstream.drawn()[-1]
    assert (how, len(fields["image"]), len(fields["mask"])) == ("edits", 1, 1)
    with Pillow.open(io.BytesIO(fields["mask"][0])) as mask:
        assert mask.size == (160, 100)
        alpha = mask.getchannel("A")
        assert alpha.crop((0, 0, 100, 100)).getextrema() == (255, 255)
        assert alpha.crop((100, 0, 160, 100)).getextrema() == (0, 0)
    with Pillow.open(io.BytesIO(fields["image"][0])) as picture:
        assert picture.size == (160, 100)
