"""A row of the list tells what its conversation is about, in words and by its latest picture."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, file, sha
from tests.browser.upstream import Upstream
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser


def current(screen: Screen) -> Locator:
    """The row of the open conversation."""
    return screen.page.locator("#conversations .row:has([aria-current])")


def box(locator: Locator) -> tuple[float, ...]:
    found = locator.bounding_box()
    assert found is not None
    return found["x"], found["y"], found["width"], found["height"]


def test_the_latest_picture_stands_before_the_title_and_moves_nothing(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("tile first", "Only words.")
    screen.told("tile first of words")
    row = current(screen)
    expect(row.locator("img")).to_have_count(0)
    before = box(row), box(row.locator(".words"))
    for seed in (81, 82):
        upstream.says("tile", tiny_png(seed))
        screen.told(f"tile number {seed}")
        expect(row.locator("img")).to_have_attribute(
            "src", f"media/{sha(tiny_png(seed))}/thumb?tile=true"
        )
    assert (box(row), box(row.locator(".words"))) == before
    expect(row.locator("img")).to_have_js_property("complete", True)
    expect(row.get_by_role("link")).to_have_accessible_name("tile first of words")
    screen.reload()
    expect(current(screen).locator("img")).to_have_js_property("naturalWidth", 8)
    # The list may still be sliding in from the side.
    assert box(current(screen))[1:] == before[0][1:]


def test_conversations_that_begin_alike_are_told_apart(screen: Screen) -> None:
    for question, title in (
        ("Could you please paint a badger in the rain?", "Paint a badger in the rain?"),
        ("Paint a badger in the rain, with an umbrella", "Paint a badger … with an umbrella"),
    ):
        screen.page.locator("#new").click()
        screen.told(question)
        expect(current(screen).locator(".words")).to_contain_text(title.partition("…")[0])
        expect(screen.page).to_have_title(f"{title} · Easel")


def test_what_began_with_a_picture_alone_is_called_by_its_answer(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("", "A heron stands in shallow water. It waits.")
    screen.attach(file("mine.png", tiny_png(83)))
    screen.settled_tray(1)
    screen.words.press("Enter")
    screen.ended()
    expect(current(screen).locator(".words")).to_have_text("A heron stands in shallow water")
