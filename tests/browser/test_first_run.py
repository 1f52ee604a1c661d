"""What a newcomer meets, and what stays when the page is loaded again."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser


def test_an_empty_easel_shows_four_examples_and_is_ready_to_write(screen: Screen) -> None:
    """Nobody should face a blank page and wonder."""
    expect(screen.page.locator("#welcome")).to_be_visible()
    expect(screen.page.locator("#welcome [data-text]")).to_have_count(4)
    expect(screen.send).to_be_disabled()
    expect(screen.send).to_have_text("Send")
    screen.words.fill("something")
    expect(screen.send).to_be_enabled()


def test_words_and_pictures_stand_in_the_order_in_which_the_model_said_them(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("tale", "First the egg.", tiny_png(9), "Then the hen.", tiny_png(99), "The end.")
    body = screen.told("Tell the tale").locator(".body > *")
    expect(body).to_have_count(5)
    kinds = body.evaluate_all("all => all.map(e => e.matches('.pic') ? 'picture' : e.innerText)")
    assert [k.strip() for k in kinds] == [
        "First the egg.",
        "picture",
        "Then the hen.",
        "picture",
        "The end.",
    ]
    screen.reload()
    again = screen.reply.locator(".body > *")
    kinds_again = again.evaluate_all(
        "all => all.map(e => e.matches('.pic') ? 'picture' : e.innerText)"
    )
    assert kinds_again == kinds


def test_the_page_talks_to_nobody_but_easel(
    screen: Screen, upstream: Upstream, watch: Watch
) -> None:
    """Not to font servers, not to statistics: what is drawn here is nobody's business."""
    upstream.says("private", "A secret.", tiny_png(5))
    screen.told("A private question")
    screen.open()
    assert watch.hosts() == {screen.address.removeprefix("http://")}
