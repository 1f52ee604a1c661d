"""Pictures are changed without a model: cropped, turned, drawn upon, to the pixel, also by keys."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image as Pillow
from PIL import ImageChops, ImageDraw
from playwright.sync_api import Locator, Route, expect

from tests.browser.screen import Screen, file, sha
from tests.browser.test_access import violations
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.program import Program

pytestmark = pytest.mark.browser

SIZE = (400, 300)


def gradient() -> Pillow.Image:
    """Each pixel tells where it is: red grows to the right, green downwards."""
    across = Pillow.linear_gradient("L").rotate(90).resize(SIZE)
    down = Pillow.linear_gradient("L").resize(SIZE)
    return Pillow.merge("RGB", (across, down, Pillow.new("L", SIZE, 90)))


def png(picture: Pillow.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


class Workbench:
    """The workbench on a picture of the conversation."""

    def __init__(self, screen: Screen, easel: Program) -> None:
        self.screen = screen
        self.easel = easel
        self.dialog = screen.page.locator("#workbench")
        self.told = self.dialog.locator(".told")

    def open(self, tool: str = "Crop") -> "Workbench":
        last = self.screen.pictures.last
        last.scroll_into_view_if_needed()
        last.get_by_role("button", name="More to do").click()
        self.screen.page.get_by_role("menuitem", name="Picture tools").click()
        self.choose(tool)
        return self

    def choose(self, tool: str) -> None:
        self.dialog.get_by_role("tab", name=tool).click()
        expect(self.dialog.get_by_role("tab", name=tool)).to_have_attribute("aria-selected", "true")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.screen.page.keyboard.press(key)

    @property
    def select(self) -> Locator:
        return self.dialog.locator("select").first

    def apply(self) -> Pillow.Image:
        """Apply; the pixels of the stored result."""
        before = self.screen.replies.count()
        self.dialog.get_by_role("button", name="Apply").click()
        expect(self.dialog).to_be_hidden()
        expect(self.screen.replies).to_have_count(before + 1)
        self.screen.ended()
        made = self.screen.reply.locator(".pic").get_attribute("data-sha")
        stored = self.easel.http.get(f"{self.easel.address}/media/{made}")
        return Pillow.open(io.BytesIO(stored.content))


@pytest.fixture
def bench(screen: Screen, upstream: Upstream, easel: Program) -> Workbench:
    """A conversation with one picture, and the workbench for it."""
    upstream.says("a picture to work on", png(gradient()))
    screen.told("a picture to work on")
    return Workbench(screen, easel)


def same(one: Pillow.Image, other: Pillow.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


def test_a_crop_by_keys_alone_keeps_just_those_pixels(bench: Workbench, screen: Screen) -> None:
    screen.pictures.last.get_by_role("button", name="More to do").focus()
    bench.press("Enter")
    expect(screen.page.locator("#menu")).to_be_visible()
    screen.page.get_by_role("menuitem", name="Picture tools").focus()
    bench.press("Enter")
    area = bench.dialog.locator(".crop")
    expect(area).to_be_focused()
    bench.press(*["Shift+Alt+ArrowLeft"] * 150, *["Shift+Alt+ArrowUp"] * 100)
    bench.press(*["Alt+ArrowRight"] * 20, *["Alt+ArrowDown"] * 10)
    expect(bench.told).to_have_text("250 × 200 px of 400 × 300")
    while not screen.page.evaluate("document.activeElement.matches('.apply')"):
        bench.press("Tab")
    bench.press("Enter")
    expect(bench.dialog).to_be_hidden()
    screen.ended()
    expect(screen.questions.last).to_contain_text("Crop to 250 × 200")
    made = screen.reply.locator(".pic").get_attribute("data-sha")
    stored = bench.easel.http.get(f"{bench.easel.address}/media/{made}")
    with Pillow.open(io.BytesIO(stored.content)) as picture:
        assert same(picture.convert("RGB"), gradient().crop((20, 10, 270, 210)))


def test_a_crop_of_a_ratio_is_drawn_with_the_mouse(bench: Workbench) -> None:
    bench.open("Crop")
    bench.select.select_option("1:1")
    expect(bench.told).to_have_text("300 × 300 px of 400 × 300")
    corner = bench.dialog.locator("[data-edge=se]").bounding_box()
    sheet = bench.dialog.locator(".sheet").bounding_box()
    assert corner is not None
    assert sheet is not None
    scale = sheet["width"] / SIZE[0]
    mouse = bench.screen.page.mouse
    x, y = corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x - 100 * scale, y - 100 * scale, steps=5)
    mouse.up()
    expect(bench.told).to_have_text(re.compile(r"^(199|200|201) × \1 px"))
    made = bench.apply()
    side = made.width
    assert same(made.convert("RGB"), gradient().crop((50, 0, 50 + side, side)))


TURNS: dict[str, Callable[[Pillow.Image], Pillow.Image]] = {
    "Turn left": lambda p: p.transpose(Pillow.Transpose.ROTATE_90),
    "Turn right": lambda p: p.transpose(Pillow.Transpose.ROTATE_270),
    "Flip horizontally": lambda p: p.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT),
    "Flip vertically": lambda p: p.transpose(Pillow.Transpose.FLIP_TOP_BOTTOM),
}


@pytest.mark.parametrize(
    "presses",
    [
        ["Turn left"],
        ["Flip vertically"],
        ["Turn right", "Flip horizontally", "Turn right", "Turn right", "Flip vertically"],
        ["Flip horizontally", "Turn left", "Flip vertically", "Turn left", "Flip horizontally"],
    ],
    ids=" ".join,
)
def test_turns_and_flips_come_out_as_they_were_pressed(
    bench: Workbench, presses: list[str]
) -> None:
    bench.open("Turn")
    expected = gradient()
    for label in presses:
        bench.dialog.get_by_role("button", name=label).click()
        expected = TURNS[label](expected)
    seen = bench.dialog.locator("canvas").screenshot()
    with Pillow.open(io.BytesIO(seen)) as shown:
        preview = shown.convert("RGB").resize(expected.size, Pillow.Resampling.BOX)
    difference = ImageChops.difference(preview, expected).resize((1, 1), Pillow.Resampling.BOX)
    assert max(difference.getpixel((0, 0))) < 6  # type: ignore[arg-type]
    assert same(bench.apply().convert("RGB"), expected)


def test_an_angle_is_cut_to_what_has_no_empty_corner(bench: Workbench) -> None:
    bench.open("Turn")
    bench.dialog.get_by_label("Exactly").fill("10")
    expect(bench.told).not_to_have_text("400 × 300 px")
    told = re.match(r"(\d+) × (\d+) px", bench.told.inner_text())
    assert told is not None
    made = bench.apply()
    assert made.size == (int(told[1]), int(told[2]))
    assert made.mode == "RGB"


def test_a_size_keeps_its_proportions(bench: Workbench) -> None:
    bench.open("Resize")
    bench.dialog.get_by_label("Width").fill("200")
    expect(bench.dialog.get_by_label("Height")).to_have_value("150")
    expect(bench.told).to_have_text("400 × 300 px become 200 × 150")
    assert bench.apply().size == (200, 150)


def test_new_canvas_goes_to_the_message_box_for_the_next_edit(
    bench: Workbench, screen: Screen
) -> None:
    bench.open("Extend")
    bench.select.select_option("16:9")
    expect(bench.told).to_have_text("400 × 300 px become 533 × 300")
    made = bench.apply().convert("RGB")
    assert made.size == (533, 300)
    assert same(made.crop((66, 0, 466, 300)), gradient())
    assert made.getpixel((3, 150)) == gradient().getpixel((0, 150)), "the edge is drawn out"
    screen.settled_tray(2)  # the picture, and the region that is new
    sha = str(screen.reply.locator(".pic").get_attribute("data-sha"))
    expect(screen.chips.first).to_have_attribute("data-sha", sha)
    expect(screen.chips.last).to_have_class("chip mask")


def test_tones_come_out_as_they_were_seen(bench: Workbench) -> None:
    bench.open("Adjust")
    for label, value in (
        ("Exposure", "0.5"),
        ("Contrast", "30"),
        ("Warmth", "-40"),
        ("Saturation", "25"),
    ):
        bench.dialog.get_by_label(label).fill(value)
    screen = bench.screen
    screen.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    with Pillow.open(io.BytesIO(bench.dialog.locator("canvas").screenshot())) as shown:
        seen = shown.convert("RGB").resize(SIZE, Pillow.Resampling.BOX)
    made = bench.apply().convert("RGB")
    assert not same(made, gradient())
    for x in range(20, 400, 60):
        for y in range(20, 300, 60):
            one, other = seen.getpixel((x, y)), made.getpixel((x, y))
            assert isinstance(one, tuple)
            assert isinstance(other, tuple)
            assert max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 4, (x, y)


def test_marks_are_drawn_where_they_were_put_and_nowhere_else(bench: Workbench) -> None:
    bench.open("Draw")
    bench.select.select_option("box")
    bench.dialog.locator("[type=color]").fill("#00ffff")
    box = bench.dialog.locator(".sheet").bounding_box()
    assert box is not None
    scale = box["width"] / SIZE[0]
    mouse = bench.screen.page.mouse
    mouse.move(box["x"] + 100 * scale, box["y"] + 80 * scale)
    mouse.down()
    mouse.move(box["x"] + 300 * scale, box["y"] + 220 * scale, steps=3)
    mouse.up()
    made = bench.apply().convert("RGB")
    assert made.getpixel((200, 80)) == (0, 255, 255)
    assert made.getpixel((100, 150)) == (0, 255, 255)
    changed = ImageChops.difference(made, gradient()).getbbox()
    assert changed is not None
    assert all(abs(a - b) <= 4 for a, b in zip(changed, (98, 78, 302, 222), strict=True))
    expect(bench.screen.questions.last).to_contain_text("Draw 1 mark")


def test_words_are_written_by_keys_and_undone(bench: Workbench) -> None:
    bench.open("Draw")
    bench.select.select_option("text")
    bench.dialog.get_by_label("The words").fill("Here")
    layer = bench.dialog.locator(".marks")
    layer.focus()
    bench.press("Enter", "Enter", "Delete", "ArrowLeft")
    expect(layer.locator("text")).to_have_count(1)
    bench.dialog.get_by_role("button", name="Undo").click()
    expect(bench.dialog.get_by_role("button", name="Apply")).to_be_disabled()
    layer.focus()
    bench.press("Enter")
    made = bench.apply().convert("RGB")
    assert ImageChops.difference(made, gradient()).getbbox() is not None


def test_the_background_becomes_see_through(
    screen: Screen, upstream: Upstream, easel: Program
) -> None:
    picture = Pillow.new("RGB", SIZE, (235, 235, 230))
    ImageDraw.Draw(picture).ellipse((140, 80, 260, 220), fill=(180, 20, 30))
    upstream.says("a ball", png(picture))
    screen.told("a ball")
    bench = Workbench(screen, easel).open("Cut out")
    bench.dialog.locator(".select").focus()
    bench.press("Enter")
    expect(bench.told).to_contain_text("Selected")
    made = bench.apply()
    assert made.mode == "RGBA"
    assert made.getpixel((200, 150)) == (180, 20, 30, 255)
    assert made.getpixel((10, 10))[3] == 0  # type: ignore[index]


def test_enlarging_is_offered_or_says_what_installs_it(bench: Workbench) -> None:
    bench.open("Enlarge")
    extras = bench.easel.http.get(f"{bench.easel.address}/api/extras").json()["extras"]
    if extras["upscale"]["installed"]:
        expect(bench.told).to_have_text("400 × 300 px become 800 × 600")
    else:
        command = bench.dialog.locator("code")
        expect(command).to_have_text(extras["upscale"]["install_command"])
        expect(bench.dialog.get_by_role("button", name="Apply")).to_be_disabled()


def test_what_cannot_be_done_is_said_and_the_workbench_stays(
    bench: Workbench, watch: object
) -> None:
    watch.expect("415")  # type: ignore[attr-defined]
    bench.open("Resize")
    bench.dialog.get_by_label("Width").fill("32000")
    bench.dialog.get_by_role("button", name="Apply").click()
    expect(bench.told).to_contain_text("megapixels")
    expect(bench.dialog).to_be_visible()
    bench.dialog.get_by_label("Width").fill("100")
    assert bench.apply().size == (100, 75)


def test_going_on_from_the_picture_before_undoes_an_edit(bench: Workbench, screen: Screen) -> None:
    bench.open("Resize")
    bench.dialog.get_by_label("Width").fill("40")
    bench.apply()
    screen.pictures.first.get_by_role("button", name="Edit this").click()
    screen.tray_shows(sha(png(gradient())))


def test_an_answer_in_another_shape_offers_the_one_that_was_asked_for(
    bench: Workbench, screen: Screen, upstream: Upstream
) -> None:
    del bench
    upstream.says("in the wide shape", png(gradient()))
    screen.page.locator("#open-settings").click()
    ratio = screen.page.get_by_label("Aspect ratio", exact=True)
    ratio.click()
    screen.page.get_by_role("option", name="16:9", exact=True).click()
    screen.page.keyboard.press("Escape")
    reply = screen.told("in the wide shape")
    reply.get_by_role("button", name="Crop to 16:9").click()
    dialog = screen.page.locator("#workbench")
    expect(dialog.locator(".told")).to_have_text("400 × 225 px of 400 × 300")
    dialog.get_by_role("button", name="Cancel").click()
    reply.get_by_role("button", name="Extend to 16:9").click()
    expect(dialog.locator(".told")).to_have_text("400 × 300 px become 533 × 300")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_tool_has_barriers(bench: Workbench, theme: str) -> None:
    if theme == "dark":
        bench.screen.page.locator("#theme").click()
    bench.open("Crop")
    for tool in ("Crop", "Turn", "Resize", "Extend", "Adjust", "Draw", "Cut out", "Enlarge"):
        bench.choose(tool)
        assert violations(bench.screen.page) == [], tool


def test_a_finger_has_room_on_a_phone(
    stranger: Callable[..., Screen], screen: Screen, upstream: Upstream
) -> None:
    upstream.says("for a phone", png(gradient()))
    screen.told("for a phone")
    phone = stranger(
        screen.conversation, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    caption = phone.pictures.last.locator("figcaption")
    box = caption.bounding_box()
    assert box is not None
    assert box["height"] < 44 + 24, "its words, and a line as high as a finger needs"
    phone.pictures.last.get_by_role("button", name="More to do").tap()
    phone.page.get_by_role("menuitem", name="Picture tools").tap()
    dialog = phone.page.locator("#workbench")
    expect(dialog.locator(".crop")).to_be_visible()
    small = dialog.locator("button:visible, select:visible").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect())"
        ".filter(({ width, height }) => width < 44 || height < 44).length"
    )
    assert small == 0
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_upload_is_worked_on_before_anything_is_asked(screen: Screen, easel: Program) -> None:
    screen.attach(file("mine.png", png(gradient())))
    screen.tray_shows(sha(png(gradient())))
    screen.told("what is this")
    screen.pictures.first.locator("a.open").click()
    screen.page.locator("#viewer").get_by_role("button", name="Picture tools").click()
    bench = Workbench(screen, easel)
    bench.choose("Resize")
    bench.dialog.get_by_label("Width").fill("80")
    assert bench.apply().size == (80, 60)
    expect(screen.page.locator("#viewer")).to_be_hidden()


def test_an_edit_whose_answer_was_lost_is_there_once_when_it_is_applied_again(
    bench: Workbench, screen: Screen, watch: Watch
) -> None:
    """The line fails after the server has done it, and the reply comes by the live connection."""
    watch.expect("ERR_FAILED")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    screen.page.route("**/edits", lose, times=1)
    bench.open("Turn")
    bench.dialog.get_by_role("button", name="Turn right").click()
    bench.dialog.get_by_role("button", name="Apply").click()
    expect(bench.told).to_contain_text("cannot be reached")
    expect(screen.replies).to_have_count(2)
    bench.dialog.get_by_role("button", name="Apply").click()
    expect(bench.dialog).to_be_hidden()
    screen.reload()
    expect(screen.replies).to_have_count(2)


def test_an_edit_that_fails_after_its_window_was_closed_says_so(
    bench: Workbench, screen: Screen, watch: Watch
) -> None:
    watch.expect("ERR_FAILED")
    waiting: list[Route] = []
    screen.page.route("**/edits", lambda route: waiting.append(route), times=1)
    bench.open("Turn")
    bench.dialog.get_by_role("button", name="Turn right").click()
    with screen.page.expect_request("**/edits"):
        bench.dialog.get_by_role("button", name="Apply").click()
    bench.press("Escape")
    expect(bench.dialog).to_be_hidden()
    waiting[0].abort()
    screen.toast("cannot be reached")
