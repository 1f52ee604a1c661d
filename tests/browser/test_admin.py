"""Whoever looks after an Easel sees what is used and done, whatever their screen and colours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.browser.test_login import fits
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser

SECTIONS = {
    "Usage": "usage",
    "Running": "running",
    "Providers": "providers",
    "Storage": "storage",
    "Audit log": "audit",
}
NARROW, WIDE = {"width": 360, "height": 640}, {"width": 1440, "height": 900}
COLOURS = (
    {"color_scheme": "light", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "none"},
    {"color_scheme": "light", "forced_colors": "active"},
)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Program]:
    """An Easel of one person, who is its host."""
    with Program(tmp_path / "data") as easel:
        yield easel


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=WIDE)  # type: ignore[arg-type] # a dict of that form
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_the_host_goes_from_the_studio_through_every_page_on_any_screen(
    page: Page, own: Program
) -> None:
    screen = Screen(page, own.address).open()
    screen.told("a red fox")
    page.get_by_role("link", name="Usage and storage").click()
    for title, section in SECTIONS.items():
        page.get_by_role("navigation").get_by_role("link", name=title, exact=True).click()
        expect(page).to_have_url(f"{own.address}/admin/{section}")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)  # type: ignore[arg-type] # a dict of that form
            for colours in COLOURS:
                page.emulate_media(**colours)  # type: ignore[arg-type] # each by its own name
                assert violations(page) == [], (section, size, colours)
                assert fits(page), (section, size, colours)
    page.get_by_role("link", name="Back to the studio").click()
    expect(screen.questions).to_have_count(1)
