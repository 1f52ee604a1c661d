"""What an edit changed is told in words, to those who see and to those who do not."""

import io

import pytest
from PIL import Image as Pillow
from playwright.sync_api import expect

from tests.browser.screen import Screen, file
from tests.browser.upstream import Upstream
from tests.loopback import Gate

pytestmark = pytest.mark.browser

SIDE_PX = 90
HEARD = """() => {
    const announcer = document.querySelector('#announcer');
    window.heard = [];
    new MutationObserver(() => window.heard.push(announcer.textContent))
        .observe(announcer, { childList: true, characterData: true, subtree: true });
}"""


def room(sofa: str) -> bytes:
    """A grey picture whose lower left third has a colour."""
    out = io.BytesIO()
    shown = Pillow.new("RGB", (SIDE_PX, SIDE_PX), "grey")
    third = SIDE_PX // 3
    shown.paste(Pillow.new("RGB", (third, third), sofa), (0, SIDE_PX - third))
    shown.save(out, "PNG")
    return out.getvalue()


def test_an_edit_says_under_its_picture_where_and_how_much_it_changed(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("green", room("green"), "Your sofa is green. Anything else?")
    screen.attach(file("room.png", room("red")))
    screen.settled_tray(1)
    reply = screen.told("Make it green")
    change = reply.locator(".pic .change")
    words = "Changed: an area in the lower left, 12% of the picture."
    expect(change).to_contain_text(words)
    way_in = reply.locator(".pic a.open")
    expect(way_in).to_have_accessible_description(f"{words} The reply says: Your sofa is green.")
    screen.reload()
    expect(change).to_contain_text(words)
    expect(reply.locator(".pic img")).to_have_attribute("alt", "Your sofa is green.")


def test_a_picture_that_is_drawn_anew_changed_nothing(screen: Screen, upstream: Upstream) -> None:
    upstream.says("a room", room("red"))
    upstream.says("green", room("green"))
    screen.told("Draw a room")
    second = screen.told("Make it green")
    expect(second.locator(".change")).to_be_visible()
    expect(screen.replies.first.locator(".change")).to_have_count(0)


def test_a_screen_reader_hears_the_beginning_the_picture_and_the_end(
    screen: Screen, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.says("slowly", room("red"), gate, "Done, and gladly.")
    screen.page.evaluate(HEARD)
    screen.ask("Draw a room slowly")
    announcer = screen.page.locator("#announcer")
    expect(announcer).to_have_text("A picture is there: Draw a room slowly")
    gate.open()
    screen.ended()
    expect(announcer).to_contain_text("Reply: ")
    expect(announcer).to_contain_text("Done, and gladly.")
    heard = screen.page.evaluate("heard")
    assert heard[0] == "The reply has begun."
    assert [words.split(":")[0] for words in heard[1:]] == ["A picture is there", "Reply"]
