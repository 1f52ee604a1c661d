"""Back closes what is open over a conversation before it leaves the conversation."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen
from tests.browser.test_viewer import quarters
from tests.browser.upstream import Upstream

pytestmark = pytest.mark.browser


@pytest.fixture
def second(screen: Screen, upstream: Upstream) -> tuple[str, str]:
    """A conversation with a picture, opened after another: the ids of both, in order."""
    screen.told("The one before")
    first = screen.conversation
    screen.page.locator("#new").click()
    upstream.says("the picture", quarters())
    screen.told("the picture")
    return first, screen.conversation


def press(*selectors: str) -> Callable[[Page], None]:
    """Press these, one after the other."""

    def pressed(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).last.click()

    return pressed


PICTURE = "#messages .pic a.open"
MENU = "#menu [role=menuitem]"
SHOWN = {
    "viewer": ("#viewer", press(PICTURE)),
    "workbench": ("#workbench", press(PICTURE, "#viewer .ways button:text('Picture tools')")),
    "save-as": ("#save-as", press(PICTURE, "#viewer .more", f"{MENU}:text('Download as')")),
    "versions": ("#versions", press("[data-bar=versions]")),
    "library": ("#pictures", press("#show-library")),
    "help": ("#help", press("#show-help")),
    "sharing": ("#sharing", press("[data-bar=share]")),
    "models": ("#models", press("#model")),
    "tools": ("#tools", press("#tools-open")),
    "presets": ("#presets", press("#aids", f"{MENU}:text('Presets')")),
    "earlier": ("#earlier", press("#aids", f"{MENU}:text('Earlier')")),
    "menu": ("#menu", press("[data-bar=export]")),
    "choosing": ("#choosing", press("[data-bar=export]", f"{MENU}:text('Some of')")),
    "settings": ("#settings.open", press("#open-settings")),
}
"""What can be open: where it is, and what is pressed for it."""


def layers(screen: Screen, *names: str) -> None:
    """Wait until the entry of the history that the browser is at is that of these layers."""
    screen.page.wait_for_function(
        "names => (history.state?.layers ?? []).join() === names", arg=",".join(names)
    )


def test_back_closes_each_of_them_and_what_is_closed_otherwise_leaves_no_entry(
    screen: Screen, second: tuple[str, str]
) -> None:
    page = screen.page
    for name, (selector, open_it) in SHOWN.items():
        opened = page.locator(selector)
        open_it(page)
        expect(opened, name).to_be_visible()
        under = ["viewer"] if name in ("workbench", "save-as") else []
        layers(screen, *under, name)
        page.go_back()
        expect(opened, name).to_be_hidden()
        layers(screen, *under)
        if under:
            page.go_back()
            expect(page.locator("#viewer")).to_be_hidden()
        assert screen.conversation == second[1], name
        page.evaluate("history.forward()")
        layers(screen, *([name] if name == "library" else []))
        expect(opened, name).to_be_visible(visible=name == "library")
        if name != "library":
            open_it(page)
            expect(opened, name).to_be_visible()
        for left in range(1 + len(under), 0, -1):
            if name == "versions":
                page.locator("#versions .close").click()
            else:
                page.keyboard.press("Escape")
            layers(screen, *under[: left - 1])
        expect(opened, name).to_be_hidden()
    page.go_back()
    screen.stands_before_a_new_conversation()
    page.go_back()
    screen.shows(second[0])


def test_two_fast_backs_a_reload_and_another_conversation_keep_the_history_right(
    screen: Screen, second: tuple[str, str]
) -> None:
    page = screen.page
    viewer, bench = page.locator("#viewer"), page.locator("#workbench")
    open_bench = SHOWN["workbench"][1]
    open_bench(page)
    expect(bench).to_be_visible()
    page.evaluate("history.back(); history.back()")
    expect(viewer).to_be_hidden()
    expect(bench).to_be_hidden()
    layers(screen)
    open_bench(page)
    expect(bench).to_be_visible()
    screen.reload()
    layers(screen)
    screen.shows(second[1])
    page.locator("#show-library").click()
    page.locator("#pictures .tile").first.focus()
    page.keyboard.press("Enter")
    layers(screen, "library", "viewer")
    screen.reload()
    layers(screen, "library")
    expect(page.locator("#pictures")).to_be_visible()
    page.locator(f"#conversations [data-id='{second[0]}'] a").click()
    screen.shows(second[0])
    layers(screen)
    page.locator("[data-bar=versions]").click()
    layers(screen, "versions")
    page.locator(f"#conversations [data-id='{second[1]}'] a").click()
    screen.shows(second[1])
    layers(screen, "versions")  # beside the conversation it stays open
    page.go_back()
    expect(page.locator("#versions")).to_be_hidden()
    page.go_back()
    screen.shows(second[0])
    page.go_back()
    screen.shows(second[1])
    page.go_back()
    screen.stands_before_a_new_conversation()


def test_an_address_that_opens_the_library_is_one_entry(screen: Screen) -> None:
    page = screen.page
    page.goto("about:blank")
    page.goto(f"{screen.address}/#library")
    screen.ready()
    expect(page.locator("#pictures")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#pictures")).to_be_hidden()
    expect(page).to_have_url(f"{screen.address}/")
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_on_a_phone_back_closes_the_list_that_lies_over_the_conversation(
    stranger: Callable[..., Screen], screen: Screen
) -> None:
    screen.told("On a phone")
    phone = stranger(
        screen.conversation, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    phone.page.locator("#sidebar .toggle-button").tap()
    expect(phone.page.locator("#sidebar.open")).to_be_attached()
    layers(phone, "sidebar")
    phone.page.go_back()
    expect(phone.page.locator("#sidebar.open")).not_to_be_attached()
    phone.shows(screen.conversation)
