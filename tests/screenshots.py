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
PATIENCE_MS = 60_000
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
TALL: ViewportSize = {"width": 1180, "height": 1990}
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
    page.evaluate("Promise.all([...document.images].map(i => i.decode().catch(() => null)))")
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

    story = opened(browser, address, DESKTOP, "dark")
    story.told("An illustrated story about a fox and a boat in 3 steps")
    keep(story.page, into, "story-dark")

    phone = opened(browser, address, PHONE)
    phone.told("Paint a lighthouse by the sea at sunset with three birds")
    keep(phone.page, into, "phone")


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
