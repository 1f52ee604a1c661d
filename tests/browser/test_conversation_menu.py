"""What can be done with a conversation of the list, by the mouse, a finger and keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import Screen, are, sha
from tests.browser.upstream import Upstream
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

COMMANDS = [
    "Rename", "Pin", "Duplicate", "Share…", "Export as a zip", "Export as one HTML file", "Delete",
]  # fmt: skip


def group(screen: Screen, name: str) -> Locator:
    """The rows under a heading of the list."""
    return screen.page.locator("#conversations section").filter(
        has=screen.page.get_by_role("heading", name=name)
    ).locator(".row")  # fmt: skip


def commands(page: Page) -> Locator:
    return page.get_by_role("menu").get_by_role("menuitem")


def test_the_menu_opens_by_button_mouse_and_keys_and_gives_the_focus_back(screen: Screen) -> None:
    screen.told("Has a menu")
    page, row = screen.page, screen.row("Has a menu")
    screen.row_menu(row)
    expect(page.get_by_role("menu")).to_have_accessible_name("Commands for “Has a menu”")
    expect(commands(page)).to_have_text(COMMANDS)
    expect(commands(page).first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(commands(page).last).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(row.get_by_role("button", name="More about")).to_be_focused()

    link = row.locator("a")
    link.click(button="right")
    expect(commands(page).first).to_be_focused()
    page.locator("#search").click()
    expect(page.get_by_role("menu")).to_have_count(0)

    link.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(commands(page).first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    expect(link).to_be_focused()
    page.keyboard.press("F2")
    expect(page.get_by_label("New title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    page.keyboard.press("Delete")
    screen.toast("Deleted “Has a menu”.")
    expect(row).to_have_count(0)


def test_a_row_is_one_stop_of_the_tab_key_and_arrows_walk_through_the_list(screen: Screen) -> None:
    screen.told("The lower one")
    screen.page.locator("#new").click()
    screen.told("The upper one")
    upper, lower = (screen.row(f"The {which} one").locator("a") for which in ("upper", "lower"))
    upper.focus()
    screen.page.keyboard.press("Tab")
    expect(lower).to_be_focused()
    screen.page.keyboard.press("ArrowUp")
    expect(upper).to_be_focused()


def test_a_finger_that_rests_opens_the_menu_and_its_release_opens_nothing(
    stranger: Callable[..., Screen],
) -> None:
    screen = stranger(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    screen.told("Held for long")
    held = screen.conversation
    page = screen.page
    page.locator("#sidebar .toggle-button").click()
    page.locator("#new").click()
    screen.stands_before_a_new_conversation()
    page.locator("#sidebar .toggle-button").click()
    link = page.locator(f"#conversations [data-id='{held}'] a")
    expect(link).to_be_in_viewport()
    for thing in (link, page.locator(f"#conversations [data-id='{held}'] button")):
        box = thing.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    link.click(trial=True)  # waits until it rests: the list slides in
    box = link.bounding_box()
    assert box is not None
    touch = {"x": box["x"] + 40, "y": box["y"] + 20}
    line = page.context.new_cdp_session(page)
    line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
    expect(commands(page)).to_have_text(COMMANDS)
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(commands(page)).to_have_text(COMMANDS)
    commands(page).filter(has_text="Rename").click()
    expect(page.get_by_label("New title")).to_be_focused()
    screen.stands_before_a_new_conversation()


def test_what_is_pinned_stays_on_top_in_every_tab_until_it_is_let_go(screen: Screen) -> None:
    screen.told("Wanted at hand")
    pinned = screen.conversation
    other = Screen(screen.page.context.new_page(), screen.address).open()
    screen.page.locator("#new").click()
    screen.told("Used since")
    screen.do_to(screen.row("Wanted at hand"), "Pin")
    for each in (screen, other):
        expect(group(each, "Pinned")).to_have_text(["Wanted at hand"])
    screen.reload()
    expect(group(screen, "Pinned")).to_have_text(["Wanted at hand"])
    expect(screen.page.locator(f"#conversations [data-id='{pinned}']")).to_have_count(1)
    other.do_to(other.row("Wanted at hand"), "Unpin")
    for each in (screen, other):
        expect(group(each, "Pinned")).to_have_count(0)
        expect(group(each, "Today").nth(1)).to_contain_text("Wanted at hand")


def test_a_copy_has_every_version_and_picture_and_the_original_stays(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("copy me", "First answer.")
    screen.told("copy me")
    upstream.says("copy me", tiny_png(33))
    screen.reply.get_by_role("button", name="Regenerate").click()
    expect(screen.reply.locator(".versions > span")).to_have_text("2/2")
    screen.ended()
    original = screen.conversation
    screen.do_to(screen.page.locator(f"#conversations [data-id='{original}']"), "Duplicate")
    screen.toast("This is a copy of “copy me”.")
    expect(screen.row("copy me (copy)").locator("a")).to_have_attribute("aria-current", "page")
    assert screen.conversation != original
    are(screen.pictures, sha(tiny_png(33)))
    screen.reply.get_by_role("button", name="Earlier version").click()
    expect(screen.reply).to_contain_text("First answer.")
    screen.told("only in the copy")
    screen.page.locator(f"#conversations [data-id='{original}'] a").click()
    screen.shows(original)
    expect(screen.questions).to_have_count(1)
    are(screen.pictures, sha(tiny_png(33)))


def test_a_conversation_that_is_not_open_is_exported_from_the_list(screen: Screen) -> None:
    screen.told("Leaves as a file")
    screen.page.locator("#new").click()
    for command, suffix in (("Export as a zip", ".zip"), ("Export as one HTML file", ".html")):
        with screen.page.expect_download() as download:
            screen.do_to(screen.row("Leaves as a file"), command)
        assert download.value.suggested_filename.endswith(suffix)


def test_a_menu_stays_where_it_is_while_its_row_changes(screen: Screen) -> None:
    with screen.page.expect_websocket() as line:
        screen.reload()
    screen.told("Changes meanwhile")
    other = Screen(screen.page.context.new_page(), screen.address).open(screen.conversation)
    screen.page.locator("#new").click()
    screen.told("Stands above")
    row = screen.page.locator(f"#conversations [data-id='{other.conversation}']")
    menu = screen.row_menu(row)
    before = menu.bounding_box()
    with line.value.expect_event("framereceived", lambda frame: '"running":true' in str(frame)):
        other.told("moves to the top")
    assert menu.bounding_box() == before
    expect(commands(screen.page).first).to_be_focused()
    screen.page.keyboard.press("Escape")
    screen.page.locator("#words").hover()
    expect(group(screen, "Today").first).to_contain_text("Changes meanwhile")
