"""The page fits: on phones and on wide screens nothing is cut off, and dark is really dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.loopback import Gate
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

LIGHT, DARK = "rgb(250, 249, 246)", "rgb(23, 25, 24)"
SIZES = [(360, 740), (768, 1024), (1280, 800), (1920, 1080)]
WIDE = (
    "a" * 400,
    "\n\n```\n" + "wide code " * 60 + "\n```\n\n",
    "| " + " | ".join(f"column{n}" for n in range(30)) + " |\n" + "|---" * 30 + "|\n\n",
    "$$" + "+".join(f"x_{{{n}}}" for n in range(90)) + "$$\n\n",
    "https://example.org/" + "path/" * 60,
)
OVERFLOWING = """[document.documentElement, document.body, ...document.querySelectorAll(
    '#main, #pane, #messages, #messages .msg, #dock, #composer, #welcome')]
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth)
    .map((e) => `${e.tagName}#${e.id} ${e.scrollWidth} > ${e.clientWidth}`)"""


def fits(page: Page) -> None:
    """Wait until nothing is wider than its place; say what still is when time is up."""
    try:
        page.wait_for_function(f"{OVERFLOWING}.length === 0")
    except Error:
        assert page.evaluate(OVERFLOWING) == []
        raise


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_nothing_makes_the_page_scroll_sideways(
    screen: Screen, upstream: Upstream, size: tuple[int, int]
) -> None:
    screen.page.set_viewport_size({"width": size[0], "height": size[1]})
    screen.reload()
    fits(screen.page)
    upstream.says("sideways", *WIDE, tiny_png(9, side_px=2_000))
    screen.told("sideways " + "b" * 400)
    screen.words.fill("c" * 400)
    screen.settled_tray(1)
    fits(screen.page)
    for control in (screen.words, screen.send):
        expect(control).to_be_in_viewport(ratio=1)
    picture = screen.pictures.last.bounding_box()
    assert picture is not None
    assert picture["width"] <= size[0]


def test_on_a_tablet_the_list_stands_beside_the_page(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 768, "height": 1024})
    screen.reload()
    screen.told("on a tablet")
    boxes = [
        screen.page.locator(part).bounding_box()
        for part in ("#sidebar nav", "#messages", "#composer")
    ]
    rows, page, box = [each for each in boxes if each]
    assert rows["x"] >= 0
    assert rows["x"] + rows["width"] <= page["x"], "nothing lies over anything"
    assert min(page["width"], box["width"]) >= 480
    screen.page.locator("#open-settings").click()
    expect(screen.page.locator("#settings h2")).to_be_in_viewport(ratio=1)
    expect(screen.page.locator("#new")).to_be_in_viewport(ratio=1)
    fits(screen.page)


def test_on_a_phone_nothing_wraps_alone_onto_a_line(screen: Screen, upstream: Upstream) -> None:
    """What is done with a picture stands on one line; a price of nothing needs none."""
    screen.page.set_viewport_size({"width": 360, "height": 740})
    upstream.says("narrow", tiny_png(9, side_px=2_000))
    screen.told("narrow")
    screen.page.wait_for_function(
        """() => {
            const [words, use, more] = ['.words', '[data-act=use]', '.more']
                .map((part) => document.querySelector(`#messages .pic ${part}`))
                .map((part) => part.getBoundingClientRect());
            const line = Math.abs(use.top - more.top) < 8 && words.bottom <= use.top + 4;
            return line && more.right <= innerWidth;
        }"""
    )
    expect(screen.page.locator("#forecast")).to_have_text("price unknown")
    expect(screen.page.locator("#forecast")).to_be_hidden()
    screen.words.fill("and now?")
    expect(screen.page.locator("#forecast")).to_be_visible()
    middles = screen.page.evaluate(
        """['#aids', '#replies', '#forecast'].map((each) => {
            const { top, bottom } = document.querySelector(each).getBoundingClientRect();
            return (top + bottom) / 2;
        })"""
    )
    assert len({round(middle) for middle in middles}) == 1, middles


def test_a_tall_picture_is_seen_whole_with_its_caption(screen: Screen, upstream: Upstream) -> None:
    screen.page.set_viewport_size({"width": 1280, "height": 720})
    upstream.says("whole", tiny_png(9, side_px=2_000))
    screen.told("whole")
    screen.settled_tray(1)
    picture = screen.pictures.last
    expect(picture.locator("figcaption")).to_be_in_viewport(ratio=1)
    expect(picture.locator("img")).to_be_in_viewport(ratio=1)


def test_a_reply_that_has_not_begun_says_what_it_waits_for(
    screen: Screen, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.says("goes first", "Half.", gate, " Rest.")
    first = screen.ask("goes first")
    expect(first).to_contain_text("Half.")
    second = screen.ask("goes second")
    says = """id => { const body = document.querySelector(`#${id} .body`);
        return [body, ...body.querySelectorAll('.open')].some((part) =>
            getComputedStyle(part, '::before').content.includes('Waits for the reply above')); }"""
    screen.page.wait_for_function(says, arg=second.get_attribute("id"))
    assert not screen.page.evaluate(says, first.get_attribute("id"))
    gate.open()
    screen.ended(reply=second)
    assert not screen.page.evaluate(says, second.get_attribute("id"))


def test_the_message_box_grows_with_its_words_and_never_hides_the_transcript(
    screen: Screen,
) -> None:
    def height(words: str) -> float:
        screen.words.fill(words)
        expect(screen.words).to_have_value(words)
        box = screen.words.bounding_box()
        assert box is not None
        return box["height"]

    assert height("") < height("line\n" * 8) < height("line\n" * 300) < 500
    pane = screen.pane.bounding_box()
    assert pane is not None
    assert pane["height"] > 100
    expect(screen.send).to_be_in_viewport()


def test_a_small_picture_is_not_blown_up_and_its_place_is_kept_while_it_loads(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("tiny thing", tiny_png(7, side_px=40))
    screen.told("a tiny thing")
    box = screen.pictures.locator("img").bounding_box()
    assert box is not None
    assert abs(box["width"] - 40) <= 2
    assert abs(box["height"] - 40) <= 2


def test_light_or_dark_is_chosen_once(screen: Screen) -> None:
    body = screen.page.locator("body")
    expect(body).to_have_css("background-color", LIGHT)
    screen.page.locator("#theme").click()
    expect(body).to_have_css("background-color", DARK)
    screen.reload()
    expect(body).to_have_css("background-color", DARK)


def test_a_system_that_is_dark_gets_a_dark_page(stranger: Callable[..., Screen]) -> None:
    page = stranger(color_scheme="dark").page
    expect(page.locator("body")).to_have_css("background-color", DARK)
