"""What the menu of the browser saves or copies of a picture, and what is dragged off: the original.

Which address a menu of Chromium acts on is the one that it holds for the image when the menu opens.
"""

import io
import random

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import Screen, sha
from tests.browser.upstream import Upstream

pytestmark = pytest.mark.browser

AT_MENU = """() => document.addEventListener("contextmenu", (event) => {
    const image = event.target.closest("a, img").querySelector("img:not(.region)") ?? event.target;
    window.saved = image.currentSrc || image.src;
    event.preventDefault();
})"""

AT_DRAG = """() => window.addEventListener("dragstart", (event) => {
    window.dragged = event.dataTransfer.getData("text/uri-list");
})"""


def large_picture(side_px: int) -> bytes:
    """A PNG that a smaller copy is shown of."""
    picture = Pillow.effect_noise((side_px, side_px // 2), random.Random(4).randint(20, 60))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "PNG")
    return out.getvalue()


def saved(page: Page) -> bytes:
    """What stands at the address that the menu was opened for."""
    address = page.evaluate("window.saved")
    answer = page.request.get(address).body()
    page.evaluate("delete window.saved")
    return answer


@pytest.mark.parametrize("side_px", [1_600, 300], ids=["of which a copy is shown", "small"])
def test_the_menu_of_the_browser_has_the_picture_itself(
    screen: Screen, upstream: Upstream, side_px: int
) -> None:
    original = large_picture(side_px)
    upstream.says("one to save", original)
    screen.told("one to save")
    page = screen.page
    image = screen.pictures.last.locator("img")
    expect(image).to_have_js_property("complete", value=True)
    assert "/thumb" in current(image), "the smaller copy is what is shown"
    page.evaluate(AT_MENU)
    image.click(button="right")
    assert saved(page) == original
    assert sha(original) in current(image)
    expect(image).to_have_js_property("naturalWidth", side_px)

    # By the keyboard, whose menu is that of the link.
    screen.reload()
    page.evaluate(AT_MENU)
    screen.pictures.last.locator("a.open").dispatch_event("contextmenu", {"button": -1})
    assert saved(page) == original


def test_what_is_dragged_out_is_the_picture_itself(screen: Screen, upstream: Upstream) -> None:
    original = large_picture(1_600)
    upstream.says("one to drag", original)
    screen.told("one to drag")
    page = screen.page
    image = screen.pictures.last.locator("img")
    expect(image).to_have_js_property("complete", value=True)
    page.evaluate(AT_DRAG)
    image.drag_to(screen.words)
    assert page.evaluate("window.dragged").endswith(f"media/{sha(original)}")


def current(image: Locator) -> str:
    """The address that it shows."""
    return str(image.evaluate("image => image.currentSrc || image.src"))
