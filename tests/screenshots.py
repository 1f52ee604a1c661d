"""Draws the pictures of the README anew: ``python -m tests.screenshots``.

A real Easel with the offline painter, a real Chromium, and the conversations a newcomer
would have. Each picture is of the page as it is now; none is touched up.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.browser.chromium import chromium_path
from tests.browser.screen import Screen
from tests.patience import PATIENCE_MS
from tests.program import ROOT, Program

TARGET = ROOT / "assets" / "screenshots"
SAMPLE = ROOT / "assets" / "samples" / "living-room.jpg"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
TALL: ViewportSize = {"width": 1180, "height": 1990}
REGION: ViewportSize = {"width": 1180, "height": 1080}
SOFA = ((0.14, 0.44), (0.9, 0.86))
"""Two corners of a rectangle around it, as shares of the picture."""
WISHES = (
    "Paint a red fox in the snow",
    "Paint a sailing boat on a lake in the morning",
    "Paint a tree with red apples on a hill",
    "Paint a house in the forest at night",
    "Paint a cat on a meadow with flowers",
    "Paint mountains with a river in autumn",
    "Paint a blue car on a street in the rain",
)
TILES_DRAWN = """() => [...document.querySelectorAll("#pictures .tile")]
    .filter((tile) => tile.getBoundingClientRect().top < innerHeight)
    .every((tile) => [...tile.querySelectorAll("img")].some((image) => image.naturalWidth > 0))"""
LOADED = """Promise.all([...document.images].filter((image) => {
    const box = image.getBoundingClientRect();
    return image.checkVisibility() && box.width && box.bottom > 0 && box.top < innerHeight;
}).map((image) => image.decode().catch(() => null)))"""
"""What is out of sight or folded away may wait for ever: it is loaded when it comes into sight."""
PHONE: ViewportSize = {"width": 390, "height": 800}


def opened(browser: Browser, address: str, size: ViewportSize, scheme: str = "light") -> Screen:
    """A fresh page, as on a person's first visit."""
    context = browser.new_context(
        viewport=size, color_scheme="dark" if scheme == "dark" else "light", locale="en-GB"
    )
    return Screen(context.new_page(), address).open()


def keep(page: Page, into: Path, name: str) -> None:
    """Write one picture, once every picture on the page is loaded."""
    page.mouse.move(0, 0)
    page.evaluate(LOADED)
    page.screenshot(path=into / f"{name}.jpg", type="jpeg", quality=86, animations="disabled")


def draw(browser: Browser, address: str, into: Path) -> None:
    """All of them."""
    screen = opened(browser, address, DESKTOP)
    keep(screen.page, into, "welcome")

    screen = opened(browser, address, TALL)
    screen.attach(SAMPLE)
    screen.settled_tray(1)
    screen.told("Make the sofa green")
    screen.told("now evening light")
    keep(screen.page, into, "edit")
    edited = screen.conversation

    story = opened(browser, address, DESKTOP, "dark")
    story.told("An illustrated story about a fox and a boat in 3 steps")
    keep(story.page, into, "story-dark")

    phone = opened(browser, address, PHONE)
    phone.told("Paint a lighthouse by the sea at sunset with three birds")
    keep(phone.page, into, "phone")

    marked = opened(browser, address, REGION)
    marked.attach(SAMPLE)
    marked.settled_tray(1)
    mark_sofa(marked.page)
    marked.settled_tray(2)
    marked.told("Make the sofa blue")
    expect(marked.reply.locator(".proof")).to_be_visible()
    keep(marked.page, into, "region")

    asked = opened(browser, address, DESKTOP)
    ask_first(asked)
    keep(asked.page, into, "approval")

    studio = opened(browser, address, DESKTOP).open(edited)
    branch(studio)
    studio.page.locator("[data-bar=versions]").click()
    expect(studio.page.get_by_text("Current", exact=True)).to_be_visible()
    keep(studio.page, into, "versions")

    studio.pictures.last.locator(".more").click()
    studio.page.get_by_role("menuitem", name="Compare with its source").click()
    studio.page.locator("#compare [data-mode=slider]").click()
    expect(studio.page.locator("#compare .stage.one img").first).to_be_visible()
    expect(studio.page.locator("#compare")).not_to_contain_text("Comparing")
    keep(studio.page, into, "compare")

    shelf = opened(browser, address, DESKTOP, "dark")
    for wish in WISHES:
        shelf.told(wish)
        shelf.page.keyboard.press("Alt+n")
        shelf.stands_before_a_new_conversation()
    shelf.page.get_by_role("button", name="Library").click()
    expect(shelf.page.locator("#pictures img").nth(8)).to_be_visible()
    shelf.page.wait_for_function(TILES_DRAWN)
    keep(shelf.page, into, "library-dark")


def mark_sofa(page: Page) -> None:
    """Drag a rectangle over the sofa, and take it as the region."""
    page.locator("#tray").get_by_role("button", name="Mark area").click()
    page.locator("#painter").get_by_role("button", name="Rectangle").click()
    canvas = page.locator("#painter canvas").bounding_box()
    assert canvas is not None
    places = [
        (canvas["x"] + x * canvas["width"], canvas["y"] + y * canvas["height"]) for x, y in SOFA
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()
    page.locator("#painter").get_by_role("button", name="Use region").click()


def ask_first(screen: Screen) -> None:
    """Have one tool ask before it runs, and a message that needs it."""
    page = screen.page
    page.locator("#tools-open").click()
    page.locator("#tools input[role=switch]").check()
    page.locator("#tools select").first.select_option("ask")
    page.get_by_role("button", name="Done").click()
    screen.words.fill("What is 12 * (3 + 4.5)?")
    screen.words.press("Enter")
    expect(page.get_by_role("button", name="Allow once")).to_be_visible()


def branch(screen: Screen) -> None:
    """Two more versions of the same sofa, on a branch of their own."""
    screen.attach(SAMPLE)
    screen.settled_tray(1)
    screen.told("Make the sofa yellow")
    screen.told("now in the rain")


def main() -> int:
    """Start Easel, draw, stop Easel."""
    expect.set_options(timeout=PATIENCE_MS)
    folder = Path(tempfile.mkdtemp(prefix="easel-screenshots-"))
    drawn = folder / "drawn"
    drawn.mkdir()
    program = Program(folder / "data", GRADIO_ANALYTICS_ENABLED="False")
    for key in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "OPENAI_API_KEY"):
        os.environ.pop(key, None)
    program.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
            draw(browser, program.address, drawn)
            browser.close()
        # All or none: the README must not show two ages of the page.
        TARGET.mkdir(parents=True, exist_ok=True)
        for picture in drawn.iterdir():
            shutil.move(picture, TARGET / picture.name)
    finally:
        program.stop()
        shutil.rmtree(folder)
    for picture in sorted(TARGET.glob("*.jpg")):
        print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} kB")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
