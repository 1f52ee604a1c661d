"""A picture at its full size: zoomed and moved, told about, copied, and taken home in any form."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageChops
from PIL.JpegImagePlugin import JpegImageFile
from playwright.sync_api import Locator, expect

from chat.images import png as chunks
from tests.browser.screen import Screen, file, kept, sha
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.program import Program

pytestmark = pytest.mark.browser


def quarters(width: int = 400, height: int = 300, mode: str = "RGB") -> bytes:
    """A PNG of four colours: red, green, blue, and white or see-through."""
    picture = Pillow.new(mode, (width, height), "red")
    half = (width // 2, height // 2)
    picture.paste("lime", (half[0], 0, width, half[1]))
    picture.paste("blue", (0, half[1], half[0], height))
    last = (0, 0, 0, 0) if mode == "RGBA" else "white"
    picture.paste(last, (half[0], half[1], width, height))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def see(screen: Screen, upstream: Upstream, picture: bytes, words: str) -> Locator:
    """Have a picture drawn, and open it."""
    upstream.says(words, picture)
    screen.told(words)
    screen.pictures.last.locator("a.open").click()
    return screen.page.locator("#viewer")


def shown(viewer: Locator) -> Pillow.Image:
    """What the stage shows, once the picture rests."""
    viewer.locator(".stage img").evaluate("i => i.decode()")
    expect(viewer.locator(".stage:not([data-moves])")).to_be_attached()
    return Pillow.open(io.BytesIO(viewer.locator(".stage").screenshot())).convert("RGB")


def colours(picture: Pillow.Image, *points: tuple[int, int]) -> list[object]:
    return [picture.getpixel(point) for point in points]


def test_keys_zoom_and_arrows_move_what_is_zoomed(screen: Screen, upstream: Upstream) -> None:
    viewer = see(screen, upstream, quarters(4000, 3000), "a large one")
    page, level = screen.page, viewer.locator(".level")
    whole, fitted = shown(viewer), level.inner_text()
    middle = (whole.width // 2, whole.height // 2)
    around = [(middle[0] + x, middle[1] + y) for x, y in ((-40, -40), (40, -40), (-40, 40))]
    assert colours(whole, *around) == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    page.keyboard.press("1")
    expect(level).to_have_text("100%")
    box = viewer.locator(".stage img").bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (4000, 3000)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    moved = shown(viewer)
    assert colours(moved, middle) == [(255, 255, 255)], "the lower right quarter came to the middle"
    expect(viewer.locator(".place")).to_have_text("")
    page.keyboard.press("-")
    expect(level).to_have_text("71%")
    page.keyboard.press("0")
    expect(level).to_have_text(fitted)
    inner = (4, 4, whole.width - 4, whole.height - 4)  # inside the ring of the focus
    again = shown(viewer).crop(inner)
    assert ImageChops.difference(again, whole.crop(inner)).getbbox() is None


def test_the_wheel_zooms_where_the_mouse_is_and_a_drag_moves_the_picture(
    screen: Screen, upstream: Upstream
) -> None:
    viewer = see(screen, upstream, quarters(3000, 2000), "for the wheel")
    box = viewer.locator(".stage").bounding_box()
    assert box is not None
    left, top = round(box["x"] + box["width"] * 0.25), round(box["y"] + box["height"] * 0.25)
    mouse = screen.page.mouse
    mouse.move(left, top)
    for _ in range(4):
        mouse.wheel(0, -200)
    expect(viewer).to_have_class("zoomed")
    zoomed = shown(viewer)
    corners = [(5, 5), (zoomed.width - 5, 5), (5, zoomed.height - 5)]
    assert colours(zoomed, *corners) == [(255, 0, 0)] * 3, "only the red quarter is left"
    mouse.down()
    mouse.move(left - 2000, top, steps=4)
    mouse.up()
    dragged = shown(viewer)
    assert dragged.getpixel((zoomed.width // 2, 5)) != (255, 0, 0)
    mouse.dblclick(left, top)
    expect(viewer).not_to_have_class("zoomed")


def test_a_pinch_zooms_and_a_swipe_walks_on(screen: Screen, upstream: Upstream) -> None:
    upstream.says("two of them", quarters(600, 400), quarters(700, 500))
    screen.told("two of them")
    screen.pictures.first.locator("a.open").click()
    viewer = screen.page.locator("#viewer")
    expect(viewer.locator(".place")).to_have_text("1 of 2")
    touch = screen.page.context.new_cdp_session(screen.page)

    def fingers(kind: str, *points: tuple[int, int]) -> None:
        at = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    fingers("touchStart", (500, 400))
    fingers("touchMove", (350, 402))
    fingers("touchEnd")
    expect(viewer.locator(".place")).to_have_text("2 of 2")
    before = viewer.locator(".level").inner_text()
    fingers("touchStart", (400, 400))
    fingers("touchStart", (400, 400), (500, 400))
    fingers("touchMove", (300, 400), (700, 400))
    fingers("touchEnd")
    expect(viewer).to_have_class("zoomed")
    expect(viewer.locator(".level")).not_to_have_text(before)
    expect(viewer.locator(".place")).to_have_text("2 of 2")


def test_what_is_see_through_shows_a_checkerboard(screen: Screen, upstream: Upstream) -> None:
    """And what is not has nothing behind it: of a large picture that would be most of the work."""
    squares = screen.page.locator("#viewer .stage img.see-through")
    viewer = see(screen, upstream, quarters(400, 300), "not cut out")
    expect(viewer.locator(f"img[data-backed='{sha(quarters(400, 300))}']")).to_be_visible()
    expect(squares).to_have_count(0)
    screen.page.keyboard.press("Escape")
    viewer = see(screen, upstream, quarters(400, 300, "RGBA"), "cut out")
    expect(squares).to_be_visible()
    whole = shown(viewer)
    left, top = whole.width // 2 + 10, whole.height // 2 + 10
    part = whole.crop((left, top, left + 100, top + 100))
    assert {colour for _, colour in part.getcolors(10_000) or []} >= {
        (185, 184, 178),
        (233, 232, 228),
    }


def test_each_picture_comes_once_however_often_it_was_sent(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("draw once", quarters(40, 30))
    screen.told("draw once")
    screen.tray_shows(sha(quarters(40, 30)))
    upstream.says("and another", quarters(50, 30))
    screen.told("and another")
    assert screen.pictures.count() == 3
    screen.pictures.first.locator("a.open").click()
    viewer = screen.page.locator("#viewer")
    expect(viewer.locator(".place")).to_have_text("1 of 2")
    screen.page.keyboard.press("ArrowRight")
    expect(viewer.locator(".facts")).to_have_text("50 × 30 px")
    expect(viewer.locator(".next")).to_be_disabled()


def test_a_sheet_tells_the_words_the_model_and_the_picture_it_was_made_from(
    screen: Screen, upstream: Upstream
) -> None:
    screen.attach(file("mine.png", quarters(64, 48)))
    screen.tray_shows(sha(quarters(64, 48)))
    viewer = see(screen, upstream, quarters(80, 48), "make it wider")
    sheet = viewer.get_by_role("complementary")
    expect(sheet.locator("dd").first).to_have_text("make it wider")
    expect(sheet).to_contain_text("80 × 48 px")
    expect(sheet).to_contain_text("PNG")
    expect(sheet.locator(".badge")).to_have_text("No credential")
    sheet.get_by_role("button", name="made from").click()
    expect(viewer.locator(".facts")).to_have_text("64 × 48 px")
    assert viewer.locator(".stage img").get_attribute("src") == f"media/{sha(quarters(64, 48))}"
    viewer.get_by_role("button", name="Details").click()
    expect(sheet).to_be_hidden()


def signed(picture: bytes) -> bytes:
    """A PNG with a manifest store that nobody can read."""
    store = b"jumb\0\0\0\x1ejumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\0"
    header = next(chunks.chunks(picture))
    return picture[: header.end + 4] + chunks.chunk(b"caBX", store) + picture[header.end + 4 :]


def test_a_credential_that_does_not_hold_is_seen_and_an_edit_says_that_it_is_gone(
    screen: Screen, upstream: Upstream, easel: Program
) -> None:
    viewer = see(screen, upstream, signed(quarters(40, 30)), "with a credential")
    extras = easel.http.get(f"{easel.address}/api/extras").json()["extras"]
    badge = viewer.locator("#viewer-sheet .badge")
    if extras["provenance"]["installed"]:
        expect(viewer.locator(".seal")).to_have_text("Changed since signing")
        expect(badge).to_have_text("Changed since signing")
    else:
        expect(badge).to_have_text("Not checked")
        command = viewer.locator("#viewer-sheet code")
        expect(command).to_have_text(extras["provenance"]["install_command"])
    viewer.get_by_role("button", name="Picture tools").click()
    bench = screen.page.locator("#workbench")
    bench.get_by_role("tab", name="Turn").click()
    bench.get_by_role("button", name="Turn left").click()
    bench.get_by_role("button", name="Apply").click()
    expect(bench).to_be_hidden()
    expect(screen.reply.locator(".notes")).to_contain_text("content credential")


def menu(screen: Screen, viewer: Locator, label: str) -> None:
    viewer.get_by_role("button", name="More to do").click()
    screen.page.get_by_role("menuitem", name=label, exact=True).click()


def test_a_picture_is_copied_as_its_pixels(
    screen: Screen, upstream: Upstream, watch: Watch
) -> None:
    del watch
    viewer = see(screen, upstream, quarters(40, 30), "to be copied")
    menu(screen, viewer, "Copy picture")
    screen.toast("The picture is copied.")
    pixels = screen.page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const bitmap = await createImageBitmap(await item.getType("image/png"));
            const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
            const context = canvas.getContext("2d");
            context.drawImage(bitmap, 0, 0);
            const at = (x, y) => [...context.getImageData(x, y, 1, 1).data];
            return [bitmap.width, bitmap.height, at(2, 2), at(38, 2), at(2, 28)];
        }"""
    )
    assert pixels == [40, 30, [255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]]


def test_a_download_bears_the_words_it_was_made_from(screen: Screen, upstream: Upstream) -> None:
    picture = quarters(40, 30)
    viewer = see(screen, upstream, picture, "Ein Haus: für Ägypten / schön")
    with screen.page.expect_download() as download:
        viewer.get_by_role("link", name="Download").click()
    name = f"ein-haus-für-ägypten-schön-{sha(picture)[:8]}.png"
    assert download.value.suggested_filename == name
    assert Path(download.value.path()).read_bytes() == picture


@pytest.mark.parametrize(
    ("form", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("WebP", "webp"), ("AVIF", "avif")]
)
def test_a_copy_in_another_format_and_size_has_the_bytes_that_were_told(
    screen: Screen, upstream: Upstream, form: str, ending: str
) -> None:
    viewer = see(screen, upstream, quarters(400, 300), "in another form")
    menu(screen, viewer, "Download as…")
    dialog = screen.page.locator("#save-as")
    dialog.get_by_role("radio", name=form).check()
    dialog.get_by_label("Longer side").fill("200")
    told = dialog.locator(".told")
    expect(told).to_contain_text("200 × 150 px")
    expect(told).to_contain_text(form)
    with screen.page.expect_download() as download:
        dialog.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.endswith(f".{ending}")
    data = Path(download.value.path()).read_bytes()
    with Pillow.open(io.BytesIO(data)) as made:
        assert (made.format, made.size) == (form.upper(), (200, 150))
        if form == "JPEG":
            assert isinstance(made, JpegImageFile)
            assert [layer[1:3] for layer in made.layer] == [(1, 1)] * 3, "4:4:4"
        pixel = made.convert("RGB").getpixel((50, 40))
    assert isinstance(pixel, tuple)
    assert all(abs(a - b) < 4 for a, b in zip(pixel, (255, 0, 0), strict=True))


def test_a_download_with_its_recipe_has_the_very_picture_and_how_it_was_made(
    screen: Screen, upstream: Upstream
) -> None:
    first, then = quarters(64, 48), quarters(80, 48)
    screen.attach(file("mine.png", first))
    screen.tray_shows(sha(first))
    viewer = see(screen, upstream, then, "with its recipe")
    with screen.page.expect_download() as download:
        menu(screen, viewer, "Download with recipe")
    with zipfile.ZipFile(download.value.path()) as packed:
        picture, recipe = packed.namelist()
        assert packed.read(picture) == then
        told = json.loads(packed.read(recipe))
    assert (told["format"], told["picture"]) == ("easel-recipe", sha(then))
    assert [step["sha256"] for step in told["steps"]] == [sha(first), sha(then)]
    assert told["steps"][1]["prompt"] == "with its recipe"
    assert told["steps"][1]["parents"] == [sha(first)]


SHARES = """() => {
    window.shared = [];
    navigator.canShare = ({ files }) => files.length === 1;
    navigator.share = async ({ files }) => {
        for (const file of files) {
            const bytes = new Uint8Array(await file.arrayBuffer());
            window.shared.push([file.name, file.type, Array.from(bytes)]);
        }
    };
}"""
"""What a phone's browser has and this one lacks; it keeps what it is given."""


def test_a_picture_goes_to_the_phones_share_sheet_byte_for_byte(
    screen: Screen, upstream: Upstream
) -> None:
    picture = quarters(40, 30)
    screen.page.evaluate(SHARES)
    viewer = see(screen, upstream, picture, "to be shared")
    menu(screen, viewer, "Share…")
    screen.page.wait_for_function("() => window.shared.length === 1")
    [(name, kind, data)] = screen.page.evaluate("() => window.shared")
    assert (name, kind, bytes(data)) == ("to be shared.png", "image/png", picture)
    screen.page.evaluate("() => (navigator.canShare = () => false)")
    menu(screen, viewer, "Share…")
    screen.toast("This browser cannot share a picture of this kind. Download it.")


def test_the_sheet_names_what_was_chosen_for_the_picture(
    screen: Screen, upstream: Upstream
) -> None:
    screen.page.locator("#open-settings").click()
    screen.page.get_by_label("Aspect ratio", exact=True).click()
    with kept(screen.page):
        screen.page.get_by_role("option", name="3:2", exact=True).click()
    screen.page.keyboard.press("Escape")
    viewer = see(screen, upstream, quarters(60, 40), "in a shape")
    sheet = viewer.get_by_role("complementary")
    expect(sheet.locator("dt:text-is('Chosen') + dd")).to_have_text("Aspect ratio: 3:2")
