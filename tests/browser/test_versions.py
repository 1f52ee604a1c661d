"""The drawing of versions: where a picture came from is seen, and every version leads somewhere."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import Screen, file, sha
from tests.browser.test_access import violations
from tests.browser.upstream import Upstream, question, sent_pictures
from tests.wire_shapes import data_url, tiny_png

pytestmark = pytest.mark.browser

WHITE, RED, GREEN, BLUE = tiny_png(250), tiny_png(200), tiny_png(0, 200), tiny_png(0, 0, 200)
NARROW = {"width": 360, "height": 740}


class Panel:
    """The panel of versions on a screen."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.page = screen.page
        self.root = screen.page.locator("#versions")
        self.map = self.root.get_by_role("listbox")
        self.all = self.root.get_by_role("option")
        self.chosen = self.root.locator("[aria-selected=true]")

    def open(self) -> "Panel":
        self.page.locator("[data-bar=versions]").click()
        expect(self.root).to_be_visible()
        return self

    def of(self, picture: bytes) -> Locator:
        """The version with these bytes."""
        return self.root.locator(f".version[data-sha='{sha(picture)}']")

    def choose(self, picture: bytes) -> Locator:
        self.of(picture).click()
        expect(self.of(picture)).to_have_attribute("aria-selected", "true")
        return self.of(picture)

    def more(self, label: str) -> None:
        """What stands in the menu of the chosen version."""
        self.root.get_by_role("button", name="More to do with this version").click()
        self.page.get_by_role("menuitem", name=label, exact=True).click()

    def do(self, label: str) -> None:
        self.root.locator(".ways").get_by_role("button", name=label, exact=True).click()


@pytest.fixture
def edited(screen: Screen, upstream: Upstream) -> Screen:
    """An upload made red, the red one made green, and instead of that made blue."""
    upstream.says("make it red", RED)
    upstream.says("make it green", GREEN)
    upstream.says("make it blue", BLUE)
    screen.attach(file("white.png", WHITE))
    screen.tray_shows(sha(WHITE))
    screen.told("make it red")
    screen.tray_shows(sha(RED))
    screen.told("make it green")
    screen.tray_shows(sha(GREEN))
    screen.questions.nth(1).get_by_role("button", name="Edit", exact=True).click()
    screen.words.fill("make it blue")
    screen.words.press("Enter")
    expect(screen.questions.last).to_contain_text("make it blue")
    screen.ended()
    return screen


def centre(version: Locator) -> tuple[float, float]:
    box = version.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def went_on_from_red(edited: Screen, upstream: Upstream) -> None:
    """What was said goes on from the red one: nothing that came of it goes along."""
    expect(edited.questions.last).to_contain_text("make it grey")
    edited.ended()
    expect(edited.questions).to_have_count(2)
    asked = upstream.asked("make it grey")[-1]
    assert sent_pictures(asked) == [data_url(RED)]
    assert "make it blue" not in str(asked.json)


def test_every_version_stands_under_what_it_came_of_and_the_current_is_marked(
    edited: Screen,
) -> None:
    panel = Panel(edited).open()
    expect(panel.all).to_have_count(4)
    tops = [centre(panel.of(picture))[1] for picture in (WHITE, RED, GREEN)]
    assert tops == sorted(set(tops))
    assert centre(panel.of(GREEN))[1] == centre(panel.of(BLUE))[1]
    assert centre(panel.of(GREEN))[0] != centre(panel.of(BLUE))[0]
    expect(panel.of(BLUE)).to_contain_text("Current")
    expect(panel.of(BLUE)).to_have_attribute("aria-selected", "true")
    expect(panel.root.locator(".version.shown")).to_have_count(3)
    expect(panel.root.locator("path")).to_have_count(3)
    expect(panel.root.locator("path.shown")).to_have_count(2)
    expect(panel.root.locator(".details")).to_contain_text("2 edits from the original")


def test_a_click_leads_to_the_message_also_on_another_branch(edited: Screen) -> None:
    panel = Panel(edited).open()
    panel.choose(GREEN)
    expect(edited.questions.last).to_contain_text("make it green")
    expect(edited.reply.locator(f".pic[data-sha='{sha(GREEN)}']")).to_be_in_viewport()
    expect(panel.of(GREEN)).to_contain_text("Current")


def test_a_new_version_comes_into_the_open_panel_by_itself(
    edited: Screen, upstream: Upstream
) -> None:
    panel = Panel(edited).open()
    upstream.says("make it grey", tiny_png(99, 99, 99))
    edited.told("make it grey")
    expect(panel.all).to_have_count(5)
    expect(panel.of(tiny_png(99, 99, 99))).to_contain_text("Current")


def test_a_message_from_an_earlier_version_goes_under_it_and_what_followed_stays(
    edited: Screen, upstream: Upstream
) -> None:
    panel = Panel(edited).open()
    panel.choose(RED)
    panel.do("Branch from here")
    expect(edited.page.locator("#editing")).to_contain_text("goes on from an earlier reply")
    edited.tray_shows(sha(RED))
    upstream.says("make it grey", tiny_png(99, 99, 99))
    edited.words.fill("make it grey")
    edited.words.press("Enter")
    went_on_from_red(edited, upstream)
    expect(edited.page.locator("#editing")).to_be_hidden()
    expect(panel.all).to_have_count(5)
    expect(edited.questions.last.locator(".siblings, .versions").first).to_contain_text("3/3")


def test_the_branch_that_was_begun_outlives_a_reload(edited: Screen, upstream: Upstream) -> None:
    panel = Panel(edited).open()
    panel.choose(RED)
    panel.do("Branch from here")
    edited.tray_shows(sha(RED))
    edited.words.fill("make it grey")
    edited.reload()
    expect(edited.words).to_have_value("make it grey")
    expect(edited.page.locator("#editing")).to_contain_text("goes on from an earlier reply")
    edited.tray_shows(sha(RED))
    upstream.says("make it grey", tiny_png(99, 99, 99))
    edited.words.press("Enter")
    went_on_from_red(edited, upstream)
    edited.reload()
    expect(edited.page.locator("#editing")).to_be_hidden()


def test_a_branch_without_a_word_outlives_a_reload_until_it_is_given_up(edited: Screen) -> None:
    panel = Panel(edited).open()
    panel.choose(RED)
    panel.do("Branch from here")
    edited.reload()
    hint = edited.page.locator("#editing")
    expect(hint).to_be_visible()
    hint.get_by_role("button").click()
    expect(hint).to_be_hidden()
    edited.reload()
    expect(edited.questions).to_have_count(2)
    expect(hint).to_be_hidden()


def test_escape_gives_up_the_branch_and_the_next_message_goes_to_the_end(
    edited: Screen, upstream: Upstream
) -> None:
    panel = Panel(edited).open()
    panel.choose(RED)
    panel.do("Branch from here")
    expect(edited.page.locator("#editing")).to_be_visible()
    edited.words.press("Escape")
    expect(edited.page.locator("#editing")).to_be_hidden()
    edited.told("and then")
    assert "make it blue" in str(upstream.asked("and then")[-1].json)


def test_an_upload_is_asked_about_anew_beside_the_first_question(
    edited: Screen, upstream: Upstream
) -> None:
    panel = Panel(edited).open()
    panel.choose(WHITE)
    panel.do("Branch from here")
    edited.tray_shows(sha(WHITE))
    edited.words.fill("what is it")
    edited.words.press("Enter")
    expect(edited.questions).to_have_count(1)
    expect(edited.questions.first).to_contain_text("what is it")
    edited.ended()
    assert [question(each) for each in upstream.asked("what is it")] == ["what is it"]
    assert sent_pictures(upstream.asked("what is it")[-1]) == [data_url(WHITE)]


def test_a_version_is_put_into_the_tray(edited: Screen) -> None:
    panel = Panel(edited).open()
    panel.choose(GREEN)
    panel.do("Edit this")
    edited.tray_shows(sha(GREEN))
    expect(edited.words).to_be_focused()


def test_names_favourites_and_the_base_outlive_a_reload(edited: Screen) -> None:
    panel = Panel(edited).open()
    panel.choose(RED)
    name = panel.root.get_by_label("Name of this version")
    name.fill("The good one")
    name.press("Enter")
    expect(panel.of(RED)).to_contain_text("The good one")
    panel.root.get_by_role("button", name="Favourite").click()
    expect(panel.of(RED).locator(".star")).to_be_visible()
    panel.more("Set as base")
    expect(panel.of(RED)).to_contain_text("Base")
    edited.reload()
    panel.open()
    expect(panel.of(RED)).to_have_attribute(
        "aria-label", "Version 2, The good one, base, favourite"
    )
    panel.choose(BLUE)
    expect(panel.root.locator(".details")).to_contain_text("1 edit from the base")


def test_arrows_walk_along_the_lines_and_enter_goes_to_the_message(edited: Screen) -> None:
    panel = Panel(edited).open()
    expect(panel.map).to_be_focused()
    keys = edited.page.keyboard
    for key, picture in (("ArrowUp", RED), ("ArrowUp", WHITE), ("ArrowDown", RED),
                         ("ArrowDown", BLUE), ("ArrowLeft", GREEN), ("ArrowRight", BLUE),
                         ("Home", WHITE), ("End", BLUE), ("ArrowUp", RED)):  # fmt: skip
        keys.press(key)
        expect(panel.of(picture)).to_have_attribute("aria-selected", "true")
    active = panel.map.get_attribute("aria-activedescendant")
    expect(edited.page.locator(f"#{active}")).to_have_attribute("data-sha", sha(RED))
    keys.press("Enter")
    expect(edited.replies.first).to_be_in_viewport()
    keys.press("Escape")
    expect(panel.root).to_be_hidden()
    expect(edited.page.locator("[data-bar=versions]")).to_be_focused()


def width(version: Locator) -> float:
    box = version.bounding_box()
    assert box is not None
    return box["width"]


def test_the_drawing_is_zoomed_at_the_pointer_by_keys_and_by_buttons(edited: Screen) -> None:
    panel = Panel(edited).open()
    own, (x, y) = width(panel.of(RED)), centre(panel.of(RED))
    page, keys = edited.page, edited.page.keyboard
    page.mouse.move(x, y)
    keys.down("Control")
    page.mouse.wheel(0, -100)
    keys.up("Control")
    expect(panel.root.locator(".sheet")).not_to_have_css("transform", "matrix(1, 0, 0, 1, 0, 0)")
    nearer = width(panel.of(RED))
    assert nearer > 1.2 * own
    under = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('.version').dataset.sha", [x, y]
    )
    assert under == sha(RED)
    keys.press("-")
    keys.press("-")
    assert width(panel.of(RED)) < nearer
    panel.root.get_by_role("button", name="Fit").click()
    for picture in (WHITE, RED, GREEN, BLUE):
        expect(panel.of(picture)).to_be_in_viewport(ratio=0.99)
    panel.root.get_by_role("button", name="Zoom in").click()
    fitted = width(panel.of(RED))
    panel.map.focus()
    keys.press("+")
    assert width(panel.of(RED)) > fitted
    for _ in range(14):
        keys.press("-")
    expect(panel.root.get_by_role("button", name="Zoom out")).to_be_disabled()
    mark = panel.of(BLUE).locator("img")
    expect(mark).to_have_css("outline-style", "solid")
    expect(panel.of(GREEN).locator("img")).to_have_css("outline-style", "none")
    assert violations(page) == []
    keys.press("0")
    panel.choose(GREEN)
    expect(edited.questions.last).to_contain_text("make it green")


def test_all_of_many_versions_are_seen_at_once_and_the_drawing_is_dragged(
    screen: Screen, upstream: Upstream
) -> None:
    many = [tiny_png(number, 60) for number in range(40)]
    upstream.says("many", *many)
    screen.told("draw many")
    panel = Panel(screen).open()
    expect(panel.of(many[-1])).to_be_in_viewport()
    screen.page.keyboard.press("0")
    expect(panel.all).to_have_count(40)
    expect(panel.of(many[0])).to_be_in_viewport(ratio=0.99)
    expect(panel.of(many[-1])).to_be_in_viewport(ratio=0.99)
    screen.page.keyboard.press("+")
    for _ in range(8):
        screen.page.keyboard.press("+")
    box = panel.root.locator(".map").bounding_box()
    assert box is not None
    panel.root.locator(".map").evaluate("map => map.scrollTo(0, map.scrollTop)")
    scrolled = "map => map.scrollTop"
    before = panel.root.locator(".map").evaluate(scrolled)
    screen.page.mouse.move(box["x"] + 4, box["y"] + 100)
    screen.page.mouse.down()
    screen.page.mouse.move(box["x"] + 4, box["y"] + 260, steps=3)
    screen.page.mouse.up()
    moved = before - panel.root.locator(".map").evaluate(scrolled)
    assert abs(moved - 160) <= 3  # a place on the screen is rounded


def test_two_fingers_zoom_the_drawing_and_not_the_page(
    stranger: Callable[..., Screen], edited: Screen
) -> None:
    phone = stranger(edited.conversation, viewport=NARROW, has_touch=True)
    phone.page.locator("#topbar-more").click()
    phone.page.get_by_role("menuitem", name="Versions").click()
    panel = Panel(phone)
    expect(panel.all).to_have_count(4)
    own = width(panel.of(WHITE))
    touch = phone.page.context.new_cdp_session(phone.page)

    def fingers(kind: str, *points: tuple[int, int]) -> None:
        at = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    fingers("touchStart", (150, 200))
    fingers("touchStart", (150, 200), (210, 200))
    fingers("touchMove", (120, 200), (240, 200))
    fingers("touchEnd")
    expect(panel.root.locator(".sheet")).not_to_have_css("transform", "matrix(1, 0, 0, 1, 0, 0)")
    assert width(panel.of(WHITE)) > 1.5 * own
    assert phone.page.evaluate("visualViewport.scale") == 1


def test_the_panel_covers_a_phone_and_steps_aside_for_the_message(
    stranger: Callable[..., Screen], edited: Screen
) -> None:
    phone = stranger(edited.conversation, viewport=NARROW, has_touch=True)
    phone.page.locator("#topbar-more").click()
    phone.page.get_by_role("menuitem", name="Versions").click()
    panel = Panel(phone)
    expect(panel.root).to_be_visible()
    expect(panel.all).to_have_count(4)
    assert violations(phone.page) == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    panel.of(RED).tap()
    expect(panel.root).to_be_visible()
    panel.do("Go to message")
    expect(panel.root).to_be_hidden()
    expect(phone.replies.first).to_be_in_viewport()


def test_only_what_is_in_sight_of_many_versions_is_in_the_page(
    screen: Screen, upstream: Upstream
) -> None:
    many = [tiny_png(number, 60) for number in range(40)]
    upstream.says("many", *many)
    screen.told("draw many")
    panel = Panel(screen).open()
    expect(panel.root.locator(".count")).to_have_text("40 pictures")
    expect(panel.of(many[-1])).to_be_in_viewport()
    expect(panel.of(many[0])).to_have_count(0)
    panel.page.keyboard.press("Home")
    expect(panel.of(many[0])).to_be_in_viewport()
    expect(panel.of(many[-1])).to_have_count(0)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_versions_have_no_barriers(edited: Screen, colours: str) -> None:
    if colours == "dark":
        edited.page.locator("#theme").click()
    panel = Panel(edited).open()
    expect(panel.all).to_have_count(4)
    if "base" not in (panel.of(BLUE).get_attribute("aria-label") or ""):
        panel.more("Set as base")  # it is one already where the same picture was marked before
    expect(panel.of(BLUE)).to_have_attribute("aria-label", "Version 4, make it blue, current, base")
    assert violations(edited.page) == []


def test_a_conversation_without_pictures_says_so(screen: Screen, page: Page) -> None:
    panel = Panel(screen).open()
    expect(panel.root).to_contain_text("No pictures yet")
    assert violations(page) == []
