"""What a press starts is started once, and a press without a network says so and loses nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Request, Response, expect

from tests.browser.screen import Screen, file, kept, sha
from tests.browser.test_tool_cards import call
from tests.browser.test_variants import ask, tiles, want
from tests.browser.upstream import TALKS, Upstream, sent_pictures
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


def row_menu(page: Page) -> None:
    page.locator(OLDER).hover()
    press(f"{OLDER} [title=More]")(page)


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


def chosen_messages(page: Page) -> None:
    if page.locator("#choosing").count() == 0:
        press("[data-bar=export]", f"{MENU}:text('Some of its messages')")(page)
        page.locator("#messages .choose input").last.check()


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
    "page to send": Door(
        f"{MENU}:text('One HTML file')", "GET page?check", press("[data-bar=export]")
    ),
    "all conversations": Door(
        f"{MENU}:text('All conversations')", "POST /api/export", press("[data-bar=export]")
    ),
    "some messages": Door("#choosing [data-save]", "POST /api/export", chosen_messages),
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
        f"{MENU}:text-is('Delete')", "DELETE /conversations", row_menu
    ),
}  # fmt: skip


def is_for(door: Door, request: Request) -> bool:
    method, _, part = door.request.partition(" ")
    return request.method == method and part in request.url


def heard(door: Door) -> Callable[[Response], bool]:
    return lambda response: is_for(door, response.request)


def starts_once(page: Page, door: Door, name: str) -> None:
    """Pressed twice without a network it tells so; and with one it starts once."""
    sent: list[Request] = []

    def listen(request: Request) -> None:
        sent.append(request)

    button = page.locator(door.button).last
    door.ready(page)
    expect(button, name).to_be_enabled()
    line(page, there=False)
    button.dblclick()
    expect(page.locator(door.told), name).to_contain_text("Easel cannot be reached")
    if door.kept:
        expect(page.locator(door.kept[0]), name).to_have_value(door.kept[1])
    line(page, there=True)
    page.locator("#toasts .close").evaluate_all("all => all.forEach(each => each.click())")
    door.ready(page)
    page.on("request", listen)
    with page.expect_response(heard(door)) as answer:
        button.dblclick()
    assert answer.value.ok, name
    page.remove_listener("request", listen)
    assert len([each for each in sent if is_for(door, each)]) == 1, name
    press(*door.closed)(page)


def line(page: Page, *, there: bool) -> None:
    """Take the network away, or bring it back; returns when the page has noticed."""
    page.context.set_offline(not there)
    expect(page.locator("#offline")).to_be_visible(visible=not there)


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
    for name, door in DOORS.items():
        screen.ended()
        starts_once(page, door, name)
    screen.ended()
    expect(page.locator(OLDER)).to_have_count(0)
    expect(page.locator(f"#conversations [data-id='{screen.conversation}']")).to_be_visible()


def test_a_choice_among_replies_and_a_decision_on_a_call_are_made_once(
    screen: Screen, upstream: Upstream, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = screen.page
    upstream.replies("two ways", openai_stream([MINE]), openai_stream([GREEN]))
    want(screen, 2)
    ask(screen, "two ways to go")
    expect(tiles(screen).locator(".pic")).to_have_count(2)
    starts_once(page, Door("#variants [data-variant=pick]", "POST /variant"), "pick")
    expect(tiles(screen)).to_have_count(0)

    screen.choose_model(TALKS)
    with kept(page):
        page.locator("#setting-tools-on input[type=checkbox]").check()
    press("#tools-open")(page)
    with kept(page):
        page.locator("#tools select").first.select_option("ask")
    press("#tools .ends .close")(page)
    asked = call("calculator", {"expression": "6*7"})
    upstream.replies(
        "six times seven",
        openai_stream([asked], finish="tool_calls"),
        openai_stream(["It is 42."]),
    )
    reply = screen.ask("six times seven")
    screen.ended("waiting", reply)
    starts_once(page, Door("#messages [data-decide=once]", "POST /decide"), "allow")
    screen.ended(reply=reply)
    assert len(upstream.asked("six times seven")) == 2


def test_what_is_added_without_a_network_waits_to_be_tried_again(
    screen: Screen, upstream: Upstream, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = screen.page
    again = "#tray .chip >> text=Try again"
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    adds, imports = Door(again, "POST /media/added"), Door("", "POST /api/import")
    screen.words.fill("what do you see?")
    line(page, there=False)
    screen.attach(file("mine.png", MINE), file("notes.txt", b"Some notes."))
    expect(page.locator(again)).to_have_count(2)
    expect(screen.chips.first).to_contain_text("Not added yet")
    screen.send.click()
    screen.toast("mine.png is not added yet. Try it again, or take it out.")
    line(page, there=True)
    sent.clear()
    for _ in range(2):
        page.locator(again).first.dblclick()
    screen.settled_tray(2)
    assert len([each for each in sent if is_for(adds, each)]) == 2
    screen.send.click()
    expect(screen.questions.last.locator(".pic")).to_have_attribute("data-sha", sha(MINE))
    expect(screen.questions.last.locator(".files .file")).to_contain_text("notes.txt")
    screen.ended()
    [answered] = upstream.asked("what do you see?")
    assert len(sent_pictures(answered)) == 1

    with page.expect_download() as download:
        press("[data-bar=export]", f"{MENU}:text('conversation as a zip')")(page)
    line(page, there=False)
    page.set_input_files("#import-file", download.value.path())
    screen.toast("Easel cannot be reached")
    line(page, there=True)
    sent.clear()
    with page.expect_response(heard(imports)):
        page.locator("#toasts").get_by_role("button", name="Try again").dblclick()
    screen.toast("Imported 1 conversation from Easel")
    assert len([each for each in sent if is_for(imports, each)]) == 1


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
