"""A picture of 24 megapixels at full size: how evenly it is zoomed and moved.

The yardstick is the same page at rest, in the same browser and the same minute: what a frame takes
where nothing is drawn, on a machine that has other things to do. Of each round the longest frame
is taken, as browsers note those of 50 ms and more, and of the rounds the median.
"""

import io
import uuid
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from typing import Any, TypeAlias

import httpx
import numpy as np
from PIL import Image
from playwright.sync_api import Page

from tests.bench.figures import Figure
from tests.bench.pages import PATIENCE_MS
from tests.bench.rig import Rig

Gesture: TypeAlias = Callable[[Page, float, float], None]

SIZE = (6000, 4000)
LIMIT_MS = 50.0
STEPS = 60

WATCH = """() => {
    const frames = [], long = [];
    let last = performance.now(), on = true;
    const look = (now) => {
        frames.push(now - last);
        last = now;
        if (on) requestAnimationFrame(look);
    };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(look); });
    new PerformanceObserver((list) => long.push(...list.getEntries().map((e) => e.duration)))
        .observe({ type: "long-animation-frame" });
    window.watched = () => { on = false; return { frames, long }; };
}"""


def measure(rig: Rig) -> list[Figure]:
    """Wheel, drag and keys on a picture that fills the screen many times over."""
    conversation = _shown(rig)
    with rig.easel_page(conversation) as talk:
        page = talk.page
        page.locator("#messages .pic a.open").first.click()
        page.locator("#viewer .stage img").evaluate("image => image.decode()")
        page.locator("#viewer .stage:not([data-moves])").wait_for(timeout=PATIENCE_MS)
        box = page.locator("#viewer .stage").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        rest = _watched(page, _rest, x, y)
        told: dict[str, list[Any]] = {"zoom": [], "pan": []}
        for _ in range(rig.rounds(5)):
            told["zoom"].append(_watched(page, _zoom, x, y))
            told["pan"].append(_watched(page, _pan, x, y))
    figures = []
    for name, rounds in told.items():
        longest = [max(each["long"], default=0.0) for each in rounds]
        frames = [frame for each in rounds for frame in each["frames"]]
        note = f"of {len(rounds)} rounds: {', '.join(f'{each:.0f}' for each in longest)}"
        rested = f"at rest {_most(rest['frames']):.0f} ms; {len(frames)} frames"
        figures += [
            Figure(f"viewer, 24 MP, {name}: longest frame", median(longest), "ms", LIMIT_MS, note),
            Figure(
                f"viewer, 24 MP, {name}: 19 of 20 within", _most(frames), "ms", LIMIT_MS, rested
            ),
        ]
    return figures


def _most(frames: Sequence[float]) -> float:
    return quantiles(frames, n=20)[-1]


def _watched(page: Page, gesture: Gesture, x: float, y: float) -> Any:
    page.evaluate(WATCH)
    gesture(page, x, y)
    page.wait_for_timeout(300)
    return page.evaluate("watched()")


def _rest(page: Page, _x: float, _y: float) -> None:
    page.wait_for_timeout(1000)


def _zoom(page: Page, x: float, y: float) -> None:
    page.mouse.move(x, y)
    for turned in (-1, 1, -1):
        for _ in range(STEPS // 3):
            page.mouse.wheel(0, turned * 120)
    for key in ("1", "+", "-"):
        page.keyboard.press(key)


def _pan(page: Page, x: float, y: float) -> None:
    page.keyboard.press("1")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 400, y - 250, steps=STEPS)
    page.mouse.move(x + 300, y + 200, steps=STEPS)
    page.mouse.up()
    for key in ("ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)


def _shown(rig: Rig) -> str:
    """A conversation with a photograph of that size."""
    with httpx.Client(base_url=rig.easel.wire.url, trust_env=False, timeout=120) as http:
        stored = http.post("/api/media", content=_photograph())
        assert stored.status_code == 200, stored.text
        conversation = str(http.post("/api/conversations").json()["id"])
        edit = {
            "picture": stored.json()["sha"],
            "operations": [{"operation": "flip", "direction": "horizontal"}],
            "client_id": uuid.uuid4().hex,
        }
        made = http.post(f"/api/conversations/{conversation}/edits", json=edit)
        assert made.status_code == 200, made.text
    return conversation


def _photograph() -> bytes:
    """Soft forms with grain, as a camera's: 24 megapixels that pack as badly as real ones."""
    dice = np.random.default_rng(24)
    forms = Image.fromarray(dice.integers(0, 255, (60, 90, 3), np.uint8)).resize(
        SIZE, Image.Resampling.BICUBIC
    )
    grain = dice.integers(-9, 9, (SIZE[1] // 4, SIZE[0] // 4, 1), np.int16)
    tiled = np.tile(grain, (4, 4, 1))
    pixels = np.clip(np.asarray(forms, np.int16) + tiled, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90)
    return out.getvalue()
