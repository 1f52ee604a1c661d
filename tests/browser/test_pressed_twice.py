"""What a press starts is started once, and a press without a network says so and loses nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Request, Response, expect

from tests.browser.screen import Screen, file, sha
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.wire_shapes import openai_stream, tiny_png

pytestmark = pytest.mark.browser

MENU = "#menu [role=menuitem]"
OLDER = "#conversations .row:has-text('The older one, twice')"
MINE, GREEN, DARK, DARKER = (tiny_png(seed) for seed in range(61, 65))


def press(*selectors: str) -> Callable[[Page], None]:
    """Press these, one after the other."""

    def pressed(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).last.click()

    return pressed


def fill(selector: str, words: str) -> Callable[[Page], None]:
    """Write this, where it is not written yet."""
    return lambda page: page.locator(selector).fill(words)


@dataclass(frozen=True)
class Door:
    """A button that starts something."""

    button: str
    request: str
    """What it asks for: the method, and a part of the address."""
    ready: Callable[[Page], None] = field(default=press())
    """Makes the button seen."""
    told: str = "#toasts"
    """Where it says what stands in its way."""
    kept: tuple[str, str] | None = None
    """A field, and what is written in it that may not be lost."""
    closed: tuple[str, ...] = ()
    """What is pressed afterwards, to be out of the way of the next."""


def preset(page: Page) -> None:
    if page.locator("#presets").is_hidden():
        press("#aids", f"{MENU}:text('Presets')", "#presets .new")(page)
        fill("#presets .title", "Fog")(page)
        fill("#presets textarea", "in thick fog")(page)


def board(page: Page) -> None:
    if page.locator("#pictures").is_hidden():
        press("#show-library")(page)
    if page.locator("#pictures .ask").is_hidden():
        press("#pictures .new-board")(page)
        fill("#pictures .ask input", "Coast")(page)


def chosen(page: Page) -> None:
    expect(page.locator("#pictures .ask")).to_be_hidden()
    if page.locator("#pictures .chosen").is_hidden():
        page.locator("#pictures .tile").first.focus()
        page.keyboard.press("Space")


def replay(page: Page) -> None:
    if page.locator("#replay").is_hidden():
        press("#messages .pic .more", f"{MENU}:text('Repeat')")(page)
        press(f"#replay .choice[data-sha='{sha(MINE)}']")(page)
        expect(page.locator("#replay .go")).to_be_enabled()


def versions(page: Page) -> None:
    if page.locator("#versions").is_hidden():
        press("[data-bar=versions]")(page)


DOORS = {
    "send": Door(
        "#send",
        "POST /messages",
        fill("#words", "darker still"),
        kept=("#words", "darker still"),
    ),
    "regenerate": Door("#messages [data-act=regenerate]", "POST /regenerate"),
    "show another": Door("#messages .msg:last-child [data-act=show]", "POST /show"),
    "export": Door(
        f"{MENU}:text('conversation as a zip')", "GET export?check", press("[data-bar=export]")
    ),
    "favourite": Door(
        "#versions .favourite", "POST /favourites", versions, "#versions .told",
        closed=("#versions .close",),
    ),
    "preset": Door(
        "#presets .save", "POST /presets", preset, "#presets > .told", ("#presets .title", "Fog"),
        ("#presets .close",),
    ),
    "board": Door(
        "#pictures .ask [value=ok]", "POST /boards", board, "#pictures .ask .told",
        ("#pictures .ask input", "Coast"),
    ),
    "zip of pictures": Door(
        "#pictures [data-way=zip]", "POST /zip", chosen, closed=("#pictures .bar .close",)
    ),
    "replay": Door("#replay .go", "POST /replays", replay, "#replay .price"),
    "delete": Door(
        f"{OLDER} [title=Delete]", "DELETE /conversations", lambda page: page.locator(OLDER).hover()
    ),
}  # fmt: skip


def is_for(door: Door, request: Request) -> bool:
    method, _, part = door.request.partition(" ")
    return request.method == method and part in request.url


def heard(door: Door) -> Callable[[Response], bool]:
    return lambda response: is_for(door, response.request)


def test_a_double_click_is_one_press_and_without_a_network_nothing_is_lost(
    screen: Screen, upstream: Upstream, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = screen.page
    screen.told("The older one, twice")
    page.locator("#new").click()
    upstream.replies("green", openai_stream([GREEN]))
    upstream.replies("darker", openai_stream([DARK]), *(openai_stream([DARKER]) for _ in range(4)))
    screen.attach(file("mine.png", MINE))
    screen.tray_shows(sha(MINE))
    screen.told("make it green")
    screen.told("now darker")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    for name, door in DOORS.items():
        screen.ended()
        button, offline = page.locator(door.button).last, page.locator("#offline")
        door.ready(page)
        expect(button, name).to_be_enabled()
        page.context.set_offline(True)
        expect(offline).to_be_visible()
        button.dblclick()
        expect(page.locator(door.told), name).to_contain_text("Easel cannot be reached")
        if door.kept:
            expect(page.locator(door.kept[0]), name).to_have_value(door.kept[1])
        page.context.set_offline(False)
        expect(offline).to_be_hidden()
        page.locator("#toasts .close").evaluate_all("all => all.forEach(each => each.click())")
        door.ready(page)
        sent.clear()
        with page.expect_response(heard(door)) as answer:
            button.dblclick()
        assert answer.value.ok, name
        assert len([each for each in sent if is_for(door, each)]) == 1, name
        press(*door.closed)(page)
    screen.ended()
    expect(page.locator(OLDER)).to_have_count(0)
    expect(page.locator(f"#conversations [data-id='{screen.conversation}']")).to_be_visible()


def test_whoever_pages_through_versions_fast_skips_none(screen: Screen, upstream: Upstream) -> None:
    """A press that follows fast is told as a double click, and its button was drawn anew."""
    upstream.says("page me", "An answer.")
    screen.told("page me")
    shown = screen.replies.last.locator(".versions > span")
    for number in ("2/2", "3/3"):
        screen.replies.last.get_by_role("button", name="Regenerate").click()
        expect(shown).to_have_text(number)
        screen.ended()
    earlier = screen.replies.last.get_by_role("button", name="Earlier version")
    earlier.hover()
    for press_number, number in ((1, "2/3"), (2, "1/3")):
        screen.page.mouse.down(click_count=press_number)
        screen.page.mouse.up(click_count=press_number)
        expect(shown).to_have_text(number)
