"""What is pasted or dragged into the page is what was meant: words, files, a stored picture."""

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.screen import Screen, file, sha
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

PASTE = """([selector, texts, files]) => {
    const transfer = new DataTransfer();
    for (const [type, text] of Object.entries(texts)) transfer.setData(type, text);
    for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: 'image/png' }));
    }
    const target = selector ? document.querySelector(selector) : document.body;
    const event = new ClipboardEvent('paste',
        { clipboardData: transfer, bubbles: true, cancelable: true });
    return !target.dispatchEvent(event);
}"""


def pasted(page: Page, where: str, texts: dict[str, str], *pictures: tuple[str, bytes]) -> bool:
    """Paste into an element, or onto the page; whether the page has taken it for itself."""
    files = [(name, base64.b64encode(data).decode()) for name, data in pictures]
    taken: bool = page.evaluate(PASTE, [where, texts, files])
    return taken


CELLS = {"text/plain": "Apples\t12\nPears\t7", "text/html": "<table><tr><td>Apples</table>"}


def test_words_of_an_office_program_are_pasted_as_words(screen: Screen) -> None:
    """It puts a picture of them beside them, which nobody wants."""
    taken = pasted(screen.page, "#words", CELLS, ("image.png", tiny_png(41)))
    assert not taken, "the browser was kept from pasting the words"
    expect(screen.chips).to_have_count(0)


@pytest.mark.parametrize(
    "texts", [{}, {"text/html": "<img src=x>"}, {"text/plain": "mine.png"}], ids=str
)
@pytest.mark.parametrize("where", ["#words", "", "#search"])
def test_a_picture_is_pasted_wherever_one_stands_on_the_page(
    screen: Screen, where: str, texts: dict[str, str]
) -> None:
    assert pasted(screen.page, where, texts, ("mine.png", tiny_png(42)))
    screen.tray_shows(sha(tiny_png(42)))


def test_the_same_picture_three_times_is_one(screen: Screen) -> None:
    screen.attach(*(file(f"{n}.png", tiny_png(43)) for n in range(3)))
    screen.tray_shows(sha(tiny_png(43)))


def test_a_picture_of_the_transcript_is_dragged_as_the_stored_original(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("draw to drag", tiny_png(44), tiny_png(45))
    screen.told("draw to drag")
    uploads: list[Any] = []
    screen.page.on("request", lambda r: uploads.append(r) if "/api/media/added?" in r.url else None)
    first = screen.reply.locator(".pic img").first
    for _ in range(2):
        first.drag_to(screen.words, force=True)
        screen.tray_shows(sha(tiny_png(44)))
    first.drag_to(screen.pane, force=True)
    screen.tray_shows(sha(tiny_png(44)))
    assert uploads == []


def test_words_and_links_that_are_dragged_into_the_box_land_there(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("words to drag", "draggable")
    screen.told("words to drag")
    screen.reply.get_by_text("draggable").select_text()
    screen.reply.get_by_text("draggable").drag_to(screen.words)
    expect(screen.words).to_have_value(re.compile("draggable"))
    expect(screen.page).to_have_url(re.compile(re.escape(screen.address)))


def test_a_link_that_is_dragged_into_the_box_lands_there_and_beside_it_leads_nowhere(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("link to drag", "See [the guide](https://guide.example/easel?a=1).")
    screen.told("link to drag")
    here = screen.page.url
    link = screen.reply.get_by_role("link", name="the guide")
    screen.words.fill("Like ")
    link.drag_to(screen.words)
    expect(screen.words).to_have_value(re.compile(r"https://guide\.example/easel\?a=1"))
    expect(screen.words).to_have_value(re.compile("Like "))
    screen.words.fill("")
    # Next to the words, but in the composer, it is meant for them, too.
    link.drag_to(screen.page.locator("#attach"))
    expect(screen.words).to_have_value("https://guide.example/easel?a=1")
    link.drag_to(screen.pane)
    screen.told("I am still here")
    assert screen.page.url == here


ONE = "data:image/png;base64," + base64.b64encode(tiny_png(47)).decode()


@pytest.mark.parametrize("where", ["#words", "", "#search"])
def test_a_picture_that_an_editor_writes_into_its_html_is_pasted_as_one(
    screen: Screen, where: str
) -> None:
    assert pasted(screen.page, where, {"text/html": f"<b id=docs><img src='{ONE}'></b>"})
    screen.tray_shows(sha(tiny_png(47)))


DROP = """([selector, texts]) => {
    const transfer = new DataTransfer();
    for (const [type, text] of Object.entries(texts)) transfer.setData(type, text);
    const event = new DragEvent('drop',
        { dataTransfer: transfer, bubbles: true, cancelable: true });
    return !document.querySelector(selector).dispatchEvent(event);
}"""
OWN = "application/x-easel-picture"


def test_what_another_site_drags_here_is_what_it_shows(screen: Screen) -> None:
    """A picture in its HTML, one with an address, a link with an icon, one said to be ours."""
    drop = screen.page.evaluate
    assert drop(DROP, ["#composer", {"text/html": f'<img src="{ONE}">', "text/uri-list": ONE}])
    screen.tray_shows(sha(tiny_png(47)))
    address = screen.page.locator("#from-address input")
    site = "https://site.example/"
    shown = f"<a href='{site}'><img src='{site}fox?a=1&amp;b=2'></a>"
    assert drop(DROP, ["#composer", {"text/html": shown, "text/uri-list": site}])
    expect(address).to_have_value(f"{site}fox?a=1&b=2")
    address.press("Escape")
    icon = f"<a href='{site}'><img src='{site}i.ico'> The guide</a>"
    assert drop(DROP, ["#attach", {"text/html": icon, "text/uri-list": site, "text/plain": site}])
    expect(address).to_be_hidden()
    expect(screen.words).to_have_value(site)
    assert drop(DROP, ["#attach", {OWN: "{", "text/plain": " and words"}])
    expect(screen.words).to_have_value(f"{site} and words")
    screen.tray_shows(sha(tiny_png(47)))


FOLDER = """() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([], 'holidays'));
    // What a browser says of a folder that a person drags cannot be made by a script.
    DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true });
    document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def test_a_folder_is_said_to_be_one(screen: Screen) -> None:
    screen.page.evaluate(FOLDER)
    screen.toast("“holidays” is a folder. Open it, and add the files that are in it.")
    expect(screen.chips).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "told", "stays"),
    [
        (413, "too large for the proxy in front of Easel", False),
        (502, "Easel is not running behind its proxy", True),
        (418, "refused this (status 418)", False),
        (200, "answered in its place, perhaps a sign-in page", True),
    ],
)
def test_what_a_proxy_says_in_the_place_of_easel_is_not_taken_for_easels_word(
    screen: Screen, watch: Watch, status: int, told: str, stays: bool
) -> None:
    """What may pass is tried again from the tray; what will not leaves it."""
    if status >= 400:
        watch.expect(str(status))

    def refuse(route: Route) -> None:
        route.fulfill(status=status, content_type="text/html", body="<h1>nginx</h1>")

    screen.page.route("**/api/media/added?**", refuse)
    screen.attach(file("mine.png", tiny_png(46)))
    screen.toast(told)
    expect(screen.chips.get_by_role("button", name="Try again")).to_have_count(int(stays))
    expect(screen.chips).to_have_count(int(stays))
