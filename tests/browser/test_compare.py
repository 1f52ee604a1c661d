"""Two pictures side by side, and one request in place of many: what is shown, and what is sent."""

import io
from collections.abc import Callable

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, file, sha
from tests.browser.test_access import violations
from tests.browser.test_versions import NARROW, Panel
from tests.browser.upstream import Upstream, question, sent_pictures
from tests.wire_shapes import data_url

pytestmark = pytest.mark.browser

SIDE_PX = 64
STAGE = "#compare .stage.one"


def scene(*patches: tuple[int, int, int, int, str]) -> bytes:
    """A grey picture with coloured rectangles: left, top, right, bottom."""
    picture = Pillow.new("RGB", (SIDE_PX, SIDE_PX), (128, 128, 128))
    for left, top, right, bottom, colour in patches:
        picture.paste(colour, (left, top, right, bottom))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


BARE = scene()
LAMP = scene((0, 0, 32, 32, "red"))
BOTH = scene((0, 0, 32, 32, "red"), (32, 32, 64, 64, "blue"))
CLEAN = scene((0, 0, 32, 32, "red"), (32, 32, 64, 64, "navy"))


class Comparing:
    """The dialog of two pictures."""

    def __init__(self, screen: Screen) -> None:
        self.page = screen.page
        self.root = screen.page.locator("#compare")
        self.stage = self.page.locator(STAGE)

    def mode(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()
        expect(self.root.locator(".modes [aria-pressed=true]")).to_contain_text(name.split()[0])

    def seen(self, x: float, y: float) -> tuple[int, int, int]:
        """The colour on the screen at a place of the first picture, in shares of it."""
        self.page.evaluate(
            """() => new Promise((go) => {
                requestAnimationFrame(() => requestAnimationFrame(go));
            })"""
        )
        box = self.root.locator(".stage.one .sheet").bounding_box()
        assert box is not None
        clip = {
            "x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"],
            "width": 1, "height": 1,
        }  # fmt: skip
        shot = Pillow.open(io.BytesIO(self.page.screenshot(clip=clip)))  # type: ignore[arg-type]
        pixel = shot.convert("RGB").getpixel((0, 0))
        assert isinstance(pixel, tuple)
        return pixel[0], pixel[1], pixel[2]


@pytest.fixture
def furnished(screen: Screen, upstream: Upstream) -> Screen:
    """A bare room, then with a lamp, then with a lamp and a rug."""
    upstream.says("a red lamp", LAMP)
    upstream.says("a blue rug", BOTH)
    screen.attach(file("room.png", BARE))
    screen.tray_shows(sha(BARE))
    screen.told("Put in a red lamp")
    screen.tray_shows(sha(LAMP))
    screen.told("Lay out a blue rug")
    return screen


def compared(screen: Screen) -> Comparing:
    """The last version beside its source."""
    Panel(screen).open().do("Compare with source")
    dialog = Comparing(screen)
    expect(dialog.root.locator(".figures")).to_contain_text("changed")
    return dialog


def is_grey(pixel: tuple[int, int, int]) -> bool:
    return max(pixel) - min(pixel) <= 12


def test_the_difference_is_warm_where_the_pictures_differ_and_grey_elsewhere(
    furnished: Screen,
) -> None:
    dialog = compared(furnished)
    figures = dialog.root.locator(".figures")
    expect(figures).to_contain_text("of the area changed, mostly in the lower right")
    expect(figures).to_contain_text("Size unchanged, 64 × 64. 2 edits from the original")
    with dialog.page.expect_response(lambda answer: "/difference/" in answer.url) as heat:
        dialog.mode("Difference")
    assert heat.value.ok
    expect(dialog.root.locator("img.heat")).to_have_js_property("complete", True)
    dialog.page.evaluate("document.querySelector('#compare img.heat').decode()")
    for place in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75)):
        assert is_grey(dialog.seen(*place))
    red, _, blue = dialog.seen(0.75, 0.75)
    assert red > blue + 40


def test_the_slider_shows_before_on_its_left_and_after_on_its_right(furnished: Screen) -> None:
    dialog = compared(furnished)
    dialog.mode("Slider")
    assert is_grey(dialog.seen(0.45, 0.75))
    assert dialog.seen(0.75, 0.75) == (0, 0, 255)
    edge = dialog.root.locator(".edge").bounding_box()
    stage = dialog.stage.bounding_box()
    assert edge is not None
    assert stage is not None
    mouse = dialog.page.mouse
    mouse.move(edge["x"] + edge["width"] / 2, edge["y"] + 40)
    mouse.down()
    mouse.move(stage["x"] + stage["width"] - 8, edge["y"] + 40, steps=4)
    mouse.up()
    assert is_grey(dialog.seen(0.75, 0.75))
    dialog.stage.focus()
    slider = dialog.root.get_by_role("slider")
    at = float(slider.input_value())
    dialog.page.keyboard.press("ArrowLeft")
    assert float(slider.input_value()) == at - 2


def test_the_second_picture_shines_through_as_much_as_is_wanted(furnished: Screen) -> None:
    dialog = compared(furnished)
    dialog.mode("Onion skin")
    mixed = dialog.seen(0.75, 0.75)
    assert all(abs(one - other) <= 4 for one, other in zip(mixed, (64, 64, 192), strict=True))
    dialog.root.get_by_role("slider").fill("100")
    assert dialog.seen(0.75, 0.75) == (0, 0, 255)


def test_blinking_can_be_held_and_shows_one_after_the_other(furnished: Screen) -> None:
    dialog = compared(furnished)
    dialog.mode("Blink")
    expect(dialog.root).to_have_attribute("data-turn", "after")
    expect(dialog.root).to_have_attribute("data-turn", "before")
    dialog.stage.focus()
    dialog.page.keyboard.press("Space")
    expect(dialog.root.get_by_role("button", name="Go on")).to_be_visible()
    turn = dialog.root.get_attribute("data-turn")
    blue = dialog.seen(0.75, 0.75) == (0, 0, 255)
    assert blue == (turn == "after")
    expect(dialog.root.get_by_role("status")).to_contain_text("Paused on")


def test_who_wants_no_motion_sees_no_blinking_by_itself(
    stranger: Callable[..., Screen], furnished: Screen
) -> None:
    calm = stranger(
        furnished.conversation, reduced_motion="reduce", viewport={"width": 1280, "height": 800}
    )
    dialog = compared(calm)
    dialog.mode("Blink")
    expect(dialog.root.get_by_role("button", name="Go on")).to_be_visible()


def test_what_is_zoomed_in_one_is_zoomed_in_the_other_and_moves_along(furnished: Screen) -> None:
    dialog = compared(furnished)
    sheets = dialog.root.locator(".sheet")
    was = sheets.nth(1).bounding_box()
    for _ in range(12):
        dialog.page.keyboard.press("+")
    dialog.page.keyboard.press("ArrowRight")
    dialog.seen(0.5, 0.5)

    def places() -> list[tuple[float, float, float]]:
        found = []
        for at, stage in enumerate((".stage.one", ".stage.two")):
            sheet = sheets.nth(at).bounding_box()
            around = dialog.root.locator(stage).bounding_box()
            assert sheet is not None
            assert around is not None
            found.append((sheet["x"] - around["x"], sheet["y"] - around["y"], sheet["width"]))
        return found

    one, two = places()
    assert was is not None
    assert two[2] > 10 * was["width"]
    assert one == pytest.approx(two, abs=1.5)
    dialog.root.locator(".stage.two").hover()
    dialog.page.mouse.down()
    dialog.page.mouse.move(900, 300, steps=3)
    dialog.page.mouse.up()
    dialog.seen(0.5, 0.5)
    one, two = places()
    assert one == pytest.approx(two, abs=1.5)


def test_keys_choose_how_to_compare_and_it_is_said(furnished: Screen) -> None:
    dialog = compared(furnished)
    told = dialog.root.get_by_role("status")
    for key, words in zip("23451", ("Slider", "Onion", "Blink", "Difference", "Side"), strict=True):
        dialog.page.keyboard.press(key)
        expect(told).to_contain_text(words)
    before = dialog.root.locator(".one img.before")
    expect(before).to_have_attribute("src", f"media/{sha(LAMP)}")
    dialog.page.keyboard.press("x")
    expect(told).to_contain_text("swapped")
    expect(before).to_have_attribute("src", f"media/{sha(BOTH)}")
    dialog.page.keyboard.press("Escape")
    expect(dialog.root).to_be_hidden()


def menu_of(picture: Locator) -> None:
    picture.locator("[data-act=more]").click()


def test_a_picture_made_from_words_alone_has_no_source_to_compare_with(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("from words", LAMP)
    screen.told("from words alone")
    menu_of(screen.reply.locator(".pic"))
    menu = screen.page.locator("#menu")
    expect(menu.get_by_role("menuitem").first).to_be_visible()
    expect(menu.get_by_role("menuitem", name="Compare with its source")).to_have_count(0)


def test_a_picture_of_the_conversation_is_compared_with_its_source_from_its_menu(
    furnished: Screen,
) -> None:
    page = furnished.page
    menu_of(furnished.replies.first.locator(".pic"))
    page.get_by_role("menuitem", name="Compare with its source").click()
    dialog = Comparing(furnished)
    expect(dialog.root.locator(".one img.before")).to_have_attribute("src", f"media/{sha(BARE)}")
    expect(dialog.root.locator(".two img")).to_have_attribute("src", f"media/{sha(LAMP)}")


def test_any_two_versions_are_compared(furnished: Screen) -> None:
    panel = Panel(furnished).open()
    panel.more("Compare with another…")
    expect(panel.root.get_by_role("status")).to_contain_text("Choose the version")
    panel.of(BARE).click()
    dialog = Comparing(furnished)
    expect(dialog.root.locator(".one img.before")).to_have_attribute("src", f"media/{sha(BOTH)}")
    expect(dialog.root.locator(".two img")).to_have_attribute("src", f"media/{sha(BARE)}")


@pytest.mark.parametrize("mode", ["Side by side", "Slider", "Onion skin", "Difference"])
def test_comparing_has_no_barriers_and_fits_a_phone(
    stranger: Callable[..., Screen], furnished: Screen, mode: str
) -> None:
    phone = stranger(furnished.conversation, viewport=NARROW)
    phone.page.locator("#topbar-more").click()
    phone.page.get_by_role("menuitem", name="Versions").click()
    Panel(phone).do("Compare with source")
    dialog = Comparing(phone)
    expect(dialog.root.locator(".figures")).to_contain_text("changed")
    dialog.mode(mode)
    for button in dialog.root.locator(".modes button").all():
        expect(button).to_be_in_viewport(ratio=0.95)
    assert violations(phone.page) == []


def test_the_kept_instructions_go_out_as_one_with_the_clean_original(
    furnished: Screen, upstream: Upstream
) -> None:
    panel = Panel(furnished).open()
    upstream.says("a red lamp", CLEAN)
    panel.do("Redo from the original")
    dialog = furnished.page.locator("#reanchor")
    steps = dialog.locator("li textarea")
    expect(steps).to_have_count(2)
    expect(steps.first).to_have_value("Put in a red lamp")
    steps.nth(1).fill("Lay out a navy rug")
    dialog.get_by_text("The message as it will be sent").click()
    words = (
        "Make all of these changes to the picture at once, and no others:\n"
        "1. Put in a red lamp\n2. Lay out a navy rug"
    )
    expect(dialog.locator(".message")).to_have_text(words, use_inner_text=True)
    assert violations(furnished.page) == []
    dialog.get_by_role("button", name="Start").click()
    expect(dialog).to_be_hidden()
    expect(furnished.questions).to_have_count(1)
    furnished.ended()
    asked = upstream.asked("all of these changes")[-1]
    assert question(asked) == words
    assert sent_pictures(asked) == [data_url(BARE)]
    assert data_url(LAMP) not in str(asked.json)
    expect(panel.all).to_have_count(4)
    expect(panel.of(CLEAN)).to_contain_text("Current")
    expect(panel.root.locator(".details")).to_contain_text("1 edit from the original")


def test_an_instruction_that_is_unticked_stays_behind_and_none_is_nothing_to_send(
    furnished: Screen, upstream: Upstream
) -> None:
    Panel(furnished).open().do("Redo from the original")
    dialog = furnished.page.locator("#reanchor")
    boxes = dialog.get_by_role("checkbox")
    boxes.nth(0).uncheck()
    boxes.nth(1).uncheck()
    expect(dialog.get_by_role("button", name="Start")).to_be_disabled()
    expect(dialog.get_by_role("alert")).to_have_text("Keep at least one instruction.")
    boxes.nth(1).check()
    dialog.get_by_role("button", name="Start").click()
    expect(dialog).to_be_hidden()
    furnished.ended()
    assert question(upstream.asked("a blue rug")[-1]) == "Lay out a blue rug"
    assert sent_pictures(upstream.asked("a blue rug")[-1]) == [data_url(BARE)]
