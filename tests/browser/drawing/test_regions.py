"""A region is painted in the page; of what comes back nothing else has changed, to the pixel."""

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from playwright.sync_api import Locator, expect

from tests.browser.drawing.server import MASKER, PEN, QUILL, Drawing
from tests.browser.drawing.test_costs import SKETCH
from tests.browser.screen import Screen, file, sha
from tests.browser.test_access import violations
from tests.unit.images.edited import scene
from tests.unit.sketch.living_room import sample_photo

pytestmark = pytest.mark.browser

SIDE = 240
SOURCE = scene(SIDE, SIDE)


def encoded(image: Pillow.Image, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def repainted() -> bytes:
    """Everything moved by 3 px, larger by 1.004, and painted bluer."""
    matrix = (1 / 1.004, 0, -3.0, 0, 1 / 1.004, -3.0)
    moved = SOURCE.transform(
        SOURCE.size, Pillow.Transform.AFFINE, matrix, Pillow.Resampling.BICUBIC
    )
    red, green, blue = moved.split()
    return encoded(Pillow.merge("RGB", (red, green, blue.point(lambda level: level // 2 + 110))))


def painter(screen: Screen) -> Locator:
    return screen.page.locator("#painter")


def press(screen: Screen, name: str) -> None:
    painter(screen).get_by_role("button", name=name, exact=True).click()


def opened(screen: Screen, picture: bytes | None = None) -> Locator:
    """The canvas over a picture of the tray."""
    screen.attach(file("scene.png", picture or encoded(SOURCE)))
    screen.settled_tray(1)
    screen.chips.first.get_by_role("button", name="Mark area").click()
    canvas = painter(screen).locator("canvas")
    expect(canvas).to_be_focused()
    return canvas


def drag(screen: Screen, canvas: Locator, *way: tuple[float, float]) -> None:
    """With the mouse, through places given as shares of the picture."""
    box = canvas.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in way]
    screen.page.mouse.move(*places[0])
    screen.page.mouse.down()
    for place in places[1:]:
        screen.page.mouse.move(*place, steps=4)
    screen.page.mouse.up()


def pixels(screen: Screen, name: str) -> Any:
    answer = screen.page.request.get(f"{screen.address}/media/{name}")
    assert answer.ok
    return np.asarray(Pillow.open(io.BytesIO(answer.body())).convert("RGBA")).astype(int)


def stored(screen: Screen, reply: Locator) -> tuple[Any, Any, Any]:
    """The source, the mask as what is marked, and the result, as they are stored."""
    asked = screen.shas(screen.questions.last.locator(".pic"))
    (result,) = screen.shas(reply.locator(".body > .pic"))
    marked = pixels(screen, asked[1])[..., 3] < 255
    return pixels(screen, asked[0]), marked, pixels(screen, result)


def holds(screen: Screen, reply: Locator) -> Any:
    """What is marked, once it is seen that nothing else changed, and that something did."""
    source, marked, result = stored(screen, reply)
    assert (source[~marked] == result[~marked]).all()
    assert (source[marked] != result[marked]).any()
    told = f"{int((~marked).sum()):,} pixels outside are equal to the source, 0 differ."
    expect(reply.locator(".proof")).to_contain_text(told)
    return marked


def test_a_region_painted_with_the_mouse_is_all_that_sketch_changes(screen: Screen) -> None:
    screen.choose_model(SKETCH)
    canvas = opened(screen, sample_photo())
    press(screen, "Rectangle")
    drag(screen, canvas, (0.25, 0.5), (0.5, 0.8))
    press(screen, "Use region")
    screen.settled_tray(2)
    marked = holds(screen, screen.told("make the sofa green"))
    height, width = marked.shape
    across, down = np.flatnonzero(marked.any(axis=0)), np.flatnonzero(marked.any(axis=1))
    assert [across[0] / width, across[-1] / width] == pytest.approx([0.25, 0.5], abs=0.02)
    assert [down[0] / height, down[-1] / height] == pytest.approx([0.5, 0.8], abs=0.02)


@pytest.mark.parametrize("model", [PEN, MASKER], ids=["told in words", "with a mask"])
def test_a_region_painted_by_keys_is_all_that_changes_of_a_model_that_repaints_everything(
    screen: Screen, upstream: Drawing, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.setattr(upstream, "picture", repainted())
    screen.choose_model(model)
    canvas = opened(screen)
    for key in ("r", "ArrowLeft", "ArrowLeft", "Space", *["ArrowRight"] * 5, *["ArrowDown"] * 4):
        canvas.press(key)
    canvas.press("Space")
    expect(painter(screen).locator(".told")).to_have_text(re.compile(r"\d+% of the picture"))
    press(screen, "Use region")
    screen.settled_tray(2)
    reply = screen.told("Bluer")
    holds(screen, reply)
    _, fields = upstream.drawn()[-1]
    assert ("mask" in fields) == (model == MASKER)
    assert (b"A region of the first picture is marked" in fields["prompt"][0]) == (model == PEN)
    own = reply.locator(".own .pic")
    expect(own).to_be_hidden()
    reply.get_by_text("Show the model’s own picture").click()
    expect(own).to_be_visible()
    assert screen.shas(own) == [sha(repainted())]


def test_the_region_shows_on_the_result_and_the_page_read_again_is_the_same(
    screen: Screen, upstream: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upstream, "picture", repainted())
    screen.choose_model(PEN)
    opened(screen).press("Space")
    press(screen, "Use region")
    screen.settled_tray(2)
    reply = screen.told("Bluer")
    shade = reply.locator(".body > .pic .region")
    expect(shade).to_be_hidden()
    reply.get_by_role("button", name="Show the region").click()
    expect(shade).to_be_visible()
    expect(reply.get_by_role("button", name="Show the region")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert violations(screen.page) == []
    reply.get_by_role("button", name="Show the region").click()
    body = reply.locator(".body").evaluate("body => body.textContent")
    screen.reload()
    expect(screen.reply.locator(".proof")).to_be_visible()
    assert screen.reply.locator(".body").evaluate("body => body.textContent") == body


def share(screen: Screen) -> int:
    """How much is marked, in percent, as the painter says."""
    told = painter(screen).locator(".told")
    expect(told).to_have_text(re.compile(r"^\d+% of the picture is marked\.$"))
    return int(told.inner_text().partition("%")[0])


def test_each_tool_marks_and_each_step_is_undone_and_done_again(screen: Screen) -> None:
    screen.choose_model(PEN)
    canvas = opened(screen)
    steps: list[Callable[[], None]] = [
        lambda: press(screen, "Rectangle"),
        lambda: drag(screen, canvas, (0.0, 0.0), (0.5, 0.5)),
    ]
    for step in steps:
        step()
    assert share(screen) == 25
    press(screen, "Invert")
    assert share(screen) == 75
    press(screen, "Lasso")
    drag(screen, canvas, (0.02, 0.02), (0.48, 0.02), (0.48, 0.48), (0.02, 0.48))
    assert share(screen) in range(95, 98)
    press(screen, "Eraser")
    drag(screen, canvas, (0.5, 0.75), (0.9, 0.75))
    erased = share(screen)
    assert erased < 95
    press(screen, "Clear")
    assert share(screen) == 0
    expect(painter(screen).get_by_role("button", name="Use region")).to_be_disabled()
    press(screen, "Undo")
    assert share(screen) == erased
    canvas.press("Control+z")
    canvas.press("Control+z")
    assert share(screen) == 75
    canvas.press("Control+Shift+z")
    press(screen, "Redo")
    assert share(screen) == erased
    canvas.press("b")
    canvas.press("Space")
    expect(painter(screen).get_by_role("button", name="Redo")).to_be_disabled()


def test_a_zoomed_picture_is_marked_where_it_is_seen(screen: Screen) -> None:
    screen.choose_model(PEN)
    canvas = opened(screen)
    stage = painter(screen).locator(".stage").bounding_box()
    assert stage is not None
    press(screen, "Rectangle")
    before = canvas.bounding_box()
    for _ in range(3):
        press(screen, "Zoom in")
    canvas.press("+")
    box = canvas.bounding_box()
    assert box is not None
    assert before is not None
    assert box["width"] > 4 * before["width"]
    # Space and a drag move it: what is marked then lies elsewhere.
    middle = (stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    canvas.focus()
    screen.page.keyboard.down("Space")
    screen.page.mouse.move(*middle)
    screen.page.mouse.down()
    screen.page.mouse.move(middle[0] - 100, middle[1], steps=2)
    screen.page.mouse.up()
    screen.page.keyboard.up("Space")
    moved = canvas.bounding_box()
    assert moved is not None
    assert moved["x"] == pytest.approx(box["x"] - 100, abs=1)
    expect(painter(screen).get_by_role("button", name="Use region")).to_be_disabled()
    screen.page.mouse.down()
    screen.page.mouse.move(middle[0] - 40, middle[1] + 60, steps=2)
    screen.page.mouse.up()
    press(screen, "Use region")
    screen.settled_tray(2)
    marked = pixels(screen, screen.shas(screen.chips)[1])[..., 3] < 255
    across = np.flatnonzero(marked.any(axis=0))
    scale = box["width"] / SIDE
    assert across[0] == pytest.approx((middle[0] - 100 - moved["x"]) / scale, abs=1.5)
    assert len(across) == pytest.approx(60 / scale, abs=2)


def test_the_subject_is_selected_by_a_box_corrected_and_kept(screen: Screen) -> None:
    screen.choose_model(PEN)
    ball = Pillow.new("RGB", (SIDE, SIDE), (190, 200, 190))
    ball.paste((200, 30, 30), (80, 80, 160, 160))
    canvas = opened(screen, encoded(ball))
    press(screen, "Subject")
    drag(screen, canvas, (0.25, 0.25), (0.75, 0.75))
    assert share(screen) in range(9, 14)
    press(screen, "Eraser")
    drag(screen, canvas, (0.36, 0.36), (0.64, 0.36))
    press(screen, "Use region")
    screen.settled_tray(2)
    marked = pixels(screen, screen.shas(screen.chips)[1])[..., 3] < 128
    assert [bool(marked[y, x]) for x, y in ((120, 130), (120, 85), (40, 40))] == [
        True,
        False,
        False,
    ]
    # It can be changed after the page was loaded again, too.
    screen.reload()
    screen.settled_tray(2)
    screen.chips.first.get_by_role("button", name="Mark area").click()
    expect(painter(screen).get_by_role("button", name="Use region")).to_be_enabled()
    press(screen, "Invert")
    assert share(screen) > 85


def test_any_picture_can_be_marked_from_its_menu_and_comes_first(screen: Screen) -> None:
    screen.choose_model(PEN)
    reply = screen.told("Draw something")
    drawn = reply.locator(".pic")
    (name,) = screen.shas(drawn)
    screen.attach(file("other.png", encoded(SOURCE)))
    screen.settled_tray(1)
    drawn.get_by_role("button", name="More to do with this picture").click()
    screen.page.get_by_role("menuitem", name="Mark region").click()
    canvas = painter(screen).locator("canvas")
    expect(canvas).to_be_focused()
    canvas.press("Space")
    press(screen, "Use region")
    screen.settled_tray(3)
    assert screen.shas(screen.chips)[0] == name
    expect(screen.chips.last).to_have_class(re.compile("mask"))
    expect(screen.words).to_be_focused()


def test_a_model_that_does_not_edit_says_so(screen: Screen) -> None:
    screen.choose_model(PEN)
    reply = screen.told("Draw something")
    screen.choose_model(QUILL)
    reply.locator(".pic").get_by_role("button", name="More to do with this picture").click()
    screen.page.get_by_role("menuitem", name="Mark region").click()
    screen.toast("Quill does not edit pictures.")
    expect(painter(screen)).to_be_hidden()


def touch(screen: Screen, *fingers: list[tuple[float, float]]) -> None:
    """Fingers on the glass, each along its way, all at once."""
    glass = screen.page.context.new_cdp_session(screen.page)
    glass.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})

    def send(kind: str, places: list[tuple[float, float]]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", [way[0] for way in fingers[:1]])
    send("touchStart", [way[0] for way in fingers])
    for step in range(1, len(fingers[0])):
        send("touchMove", [way[step] for way in fingers])
    send("touchEnd", [])
    glass.detach()


def test_one_finger_paints_and_two_zoom_without_painting(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 360, "height": 740})
    screen.reload()
    screen.choose_model(PEN)
    canvas = opened(screen)
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    use = painter(screen).get_by_role("button", name="Use region")
    touch(screen, [(x - 20, y), (x - 50, y), (x - 80, y)], [(x + 20, y), (x + 50, y), (x + 80, y)])
    zoomed = canvas.bounding_box()
    assert zoomed is not None
    assert zoomed["width"] > 2 * box["width"]
    expect(use).to_be_disabled()
    touch(screen, [(x, y), (x + 30, y), (x + 60, y)])
    assert share(screen) > 0
    expect(use).to_be_enabled()


def test_what_a_finger_presses_is_large_enough_and_all_of_it_is_on_a_narrow_screen(
    stranger: Callable[..., Screen],
) -> None:
    screen = stranger(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    screen.choose_model(PEN)
    opened(screen)
    buttons = painter(screen).get_by_role("button").all()
    assert len(buttons) == 14
    for button in buttons:
        box = button.bounding_box()
        assert box is not None
        name = button.inner_text()
        assert min(box["width"], box["height"]) >= 44, name
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 360, name
        assert box["y"] + box["height"] <= 740, name
    canvas = painter(screen).locator("canvas").bounding_box()
    assert canvas is not None
    assert canvas["width"] > 250


def test_a_pen_paints_and_the_hand_that_holds_it_does_not(screen: Screen) -> None:
    canvas = opened(screen)
    box = canvas.bounding_box()
    assert box is not None
    browser = screen.page.context.new_cdp_session(screen.page)
    places = [(box["x"] + box["width"] * x, box["y"] + box["height"] / 2) for x in (0.3, 0.5, 0.7)]

    def pen(kind: str, at: tuple[float, float], force: float) -> None:
        browser.send(
            "Input.dispatchMouseEvent",
            {"type": kind, "x": at[0], "y": at[1], "button": "left", "buttons": int(force > 0),
             "clickCount": 1, "pointerType": "pen", "force": force, "tiltX": 20},
        )  # fmt: skip

    pen("mousePressed", places[0], 0.2)
    for place in places:
        pen("mouseMoved", place, 0.8)
    pen("mouseReleased", places[-1], 0.0)
    told = painter(screen).locator(".told")
    expect(told).to_have_text(re.compile(r"\d+% of the picture"))
    marked = told.inner_text()
    press(screen, "Undo")
    expect(told).not_to_have_text(marked)
    press(screen, "Redo")
    expect(told).to_have_text(marked)
    finger = [{"x": places[0][0], "y": places[0][1] + 60}]
    browser.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": finger})
    finger[0]["x"] += 80
    browser.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": finger})
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    press(screen, "Use region")
    screen.settled_tray(2)
    (mask,) = screen.shas(screen.chips.nth(1))
    alpha = pixels(screen, mask)[..., 3]
    across = np.flatnonzero((alpha < 255).any(axis=0)) / alpha.shape[1]
    down = np.flatnonzero((alpha < 255).any(axis=1)) / alpha.shape[0]
    assert across[0] < 0.3 < 0.7 < across[-1], "all of the way of the pen"
    assert down[-1] - down[0] < 0.5, "and nothing where the finger went"
