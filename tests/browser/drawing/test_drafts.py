"""Drafts of a picture: one place for all of them, and the result fades in there."""

from dataclasses import replace

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.drawing.server import BRUSH, Drawing
from tests.browser.screen import Screen
from tests.loopback import Gate
from tests.wire.drawing import drawn
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

STAGES = tiny_png(40, 0, 0, 512), tiny_png(90, 0, 0, 512), tiny_png(200, 0, 0, 512)
FADES = """() => {
    window.fades = [];
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (frames, how) {
        window.fades.push(how.duration);
        return animate.call(this, frames, how);
    };
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_each_draft_gives_its_place_to_the_next_and_the_last_to_the_result(
    screen: Screen, upstream: Drawing, motion: str
) -> None:
    screen.page.emulate_media(reduced_motion="reduce" if motion == "reduce" else "no-preference")
    screen.choose_model(BRUSH)
    screen.page.evaluate(FADES)
    gates = Gate(), Gate()
    upstream.in_stages = drawn(STAGES[0], gates[0], STAGES[1], gates[1], STAGES[2])
    reply = screen.ask("a red square")
    shown = reply.locator(".pic:visible")
    expect(shown).to_have_count(1)
    expect(reply.locator(".making")).to_have_count(0)
    first = place(shown)
    gates[0].open()
    expect(reply.locator(".pic.draft")).to_have_count(2)
    expect(shown).to_have_count(1)
    assert place(shown) == first, "nothing jumps"
    gates[1].open()
    screen.ended(reply=reply)
    expect(shown).to_have_count(1)
    expect(reply.locator(".pic:not(.draft)")).to_be_visible()
    expect(reply.locator(".veil")).to_have_count(0)
    assert place(shown) == first
    fades = screen.page.evaluate("window.fades")
    assert len(fades) == 2
    assert all(each == 0 for each in fades) is (motion == "reduce"), fades

    reply.get_by_role("button", name="Drafts").click()
    expect(shown).to_have_count(3)
    reply.get_by_role("button", name="Drafts").click()
    expect(shown).to_have_count(1)
    screen.reload()
    expect(screen.page.locator("#messages .pic:visible")).to_have_count(1)


def test_drafts_that_were_opened_stay_open_while_the_reply_grows(
    screen: Screen, upstream: Drawing
) -> None:
    screen.choose_model(BRUSH)
    gate = Gate()
    first = drawn(*STAGES)
    second = drawn(tiny_png(10, 9, 9, 512), tiny_png(20, 9, 9, 512))
    upstream.in_stages = replace(first, steps=(*first.steps, gate, *second.steps))
    reply = screen.ask("two red squares")
    reply.get_by_role("button", name="Drafts").click()
    shown = reply.locator(".pic:visible")
    expect(shown).to_have_count(3)
    gate.open()
    screen.ended(reply=reply)
    expect(shown).to_have_count(4)
    switches = reply.get_by_role("button", name="Drafts")
    expect(switches.first).to_have_attribute("aria-expanded", "true")
    expect(switches.last).to_have_attribute("aria-expanded", "false")


def place(picture: Locator) -> object:
    """Where in its reply it stands, and how large."""
    return picture.evaluate(
        "e => [e.offsetTop - e.closest('.msg').offsetTop, e.offsetWidth, e.offsetHeight]"
    )
