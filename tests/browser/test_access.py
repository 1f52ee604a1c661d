"""People who cannot see the page, or not well, can use it: checked by axe and by hand."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screen import Screen, file
from tests.browser.upstream import Upstream
from tests.loopback import Gate, json_reply
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}

AT_REST = """() => Promise.allSettled(document.getAnimations()
    .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime))
    .map((each) => each.finished))"""


def violations(page: Page) -> list[str]:
    """What axe finds, one line for each place, once nothing on the page moves any more."""
    page.evaluate(AT_REST)
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, rules).then(told => told.violations)", RULES
    )
    return [
        f"{v['id']}: {node['target']} {node['html'][:120]}" for v in found for node in v["nodes"]
    ]


@pytest.fixture(params=["light", "dark"])
def tinted(screen: Screen, request: pytest.FixtureRequest) -> Screen:
    """The page in both colours."""
    if request.param == "dark":
        screen.page.locator("#theme").click()
    return screen


def test_the_first_page_has_no_barriers(tinted: Screen) -> None:
    assert violations(tinted.page) == []


def test_a_conversation_has_no_barriers(tinted: Screen, upstream: Upstream) -> None:
    upstream.says(
        "everything",
        {"reasoning": "Let me think."},
        "# Title\n\nSome *words*, `code` and a [link](https://example.org).\n\n",
        "```python\nx = 'text'  # comment\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$x^2$\n",
        tiny_png(9, side_px=64),
    )
    upstream.replies("refuse", json_reply({"error": {"message": "No."}}, 400))
    tinted.told("everything at once")
    tinted.told("refuse this", "failed")
    tinted.words.fill("x")
    assert violations(tinted.page) == []


def test_the_tray_with_all_that_it_says_has_no_barriers(tinted: Screen, upstream: Upstream) -> None:
    upstream.says("a fox", tiny_png(9, side_px=64))
    tinted.told("a fox")
    tinted.settled_tray(1)
    tinted.chips.get_by_role("button", name="Remove").click()
    page = tinted.page
    expect(page.locator("#gauge")).to_contain_text("This message starts fresh")
    page.locator("#gauge summary").click()
    page.get_by_role("button", name="Add pictures or files").click()
    page.get_by_role("menuitem", name="Picture at an address…").click()
    notes = file("notes.txt", b"Some notes.")
    tinted.attach(*(file(f"{n}.png", tiny_png(n, side_px=32)) for n in range(3)), notes)
    tinted.settled_tray(4)
    tinted.chips.first.get_by_role("button", name="Pin").click()
    tinted.words.press_sequentially("@")
    expect(page.get_by_role("listbox", name="Pictures and files to call")).to_be_visible()
    assert violations(page) == []


def test_settings_and_sheets_have_no_barriers(tinted: Screen, upstream: Upstream) -> None:
    page = tinted.page
    upstream.says("see whole", tiny_png(9, side_px=64))
    tinted.told("see whole")
    page.locator("#open-settings").click()
    expect(page.locator("#setting-system textarea")).to_be_in_viewport(ratio=1)
    assert violations(page) == []
    page.get_by_role("button", name="Help", exact=True).click()
    assert violations(page) == []
    page.get_by_role("tab", name="Models and keys").click()
    expect(page.locator("#help .endpoint").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    tinted.pictures.first.locator("a.open").press("Enter")
    expect(page.locator("#viewer-sheet .badge")).to_be_visible()
    assert violations(page) == []
    page.locator("#viewer .more").click()
    page.get_by_role("menuitem", name="Download as").click()
    expect(page.locator("#save-as .told")).to_contain_text("64 × 64 px")
    assert violations(page) == []


def test_the_list_with_its_menu_and_the_bin_have_no_barriers(tinted: Screen) -> None:
    page = tinted.page
    for title in ("Kept on top", "Among the others", "Thrown into the bin"):
        tinted.told(title)
        page.locator("#new").click()
    tinted.do_to(tinted.row("Kept on top").first, "Pin")
    expect(page.get_by_role("heading", name="Pinned")).to_be_visible()
    tinted.do_to(tinted.row("Thrown into the bin").first, "Delete")
    tinted.row_menu(tinted.row("Among the others").first)
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Bin", exact=True).click()
    page.locator("#bin li").get_by_text("Delete for good").first.click()
    assert violations(page) == []


def test_a_screen_reader_hears_that_a_reply_has_begun_and_ended(
    screen: Screen, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.says("listen", "Words of the answer.", gate)
    screen.ask("listen to me")
    expect(screen.reply).to_have_attribute("aria-busy", "true")
    gate.open()
    screen.ended()
    expect(screen.reply).not_to_have_attribute("aria-busy", "true")
    expect(screen.page.locator("#announcer")).not_to_be_empty()


def test_a_picture_is_described_by_what_was_asked_for(screen: Screen, upstream: Upstream) -> None:
    upstream.says("lighthouse", tiny_png(12))
    screen.told("A lighthouse at dusk")
    expect(screen.pictures.locator("img")).to_have_attribute("alt", "A lighthouse at dusk")


def test_a_persons_own_colours_leave_the_borders_of_what_is_said(
    stranger: Callable[..., Screen], upstream: Upstream
) -> None:
    """Only a background tells them apart otherwise, and that is gone then."""
    screen = stranger(forced_colors="active")
    upstream.replies("forced to fail", json_reply({"error": {"message": "no"}}, 400))
    screen.told("forced to fail", "failed")
    chosen = screen.page.locator(".row:has([aria-current])")
    for element in (
        screen.questions.last.locator(".body"),
        screen.reply.locator(".notice"),
        chosen,
    ):
        expect(element).to_have_css("outline-style", "solid")
