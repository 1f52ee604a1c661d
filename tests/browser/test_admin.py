"""Whoever looks after an Easel sees what is used and done, whatever their screen and colours."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.browser.test_login import PASSWORD, assert_for_everybody, fits, served
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser

SECTIONS = {
    "Usage": "usage",
    "Running": "running",
    "Providers": "providers",
    "Storage": "storage",
    "Audit log": "audit",
    "Retention": "retention",
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
    expect(page.locator("#conversations")).to_contain_text("red fox", ignore_case=True)


def test_an_administrator_takes_along_what_is_somebody_s_and_removes_them_for_good(
    page: Page, tmp_path: Path
) -> None:
    with served(tmp_path / "data", EASEL_LOGIN="users", EASEL_TOKEN="") as (easel, link):
        page.goto(link)
        page.get_by_label("Name to sign in with").fill("ada")
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_label("Once more").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.goto(f"{easel.address}/people")
        page.get_by_label("Name to sign in with").fill("bob")
        page.get_by_role("button", name="Add, and make a link").click()
        page.get_by_role("link", name="Data of bob").click()
        assert_for_everybody(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Download everything as a zip").click()
        assert zipfile.is_zipfile(download.value.path())
        remove = page.get_by_role("button", name="Remove bob for good")
        page.get_by_label("Type “bob” to remove them").fill("rob")
        remove.click()
        expect(page.get_by_role("alert")).to_contain_text("Type the name exactly")
        page.get_by_label("Type “bob” to remove them").fill("bob")
        remove.click()
        expect(page.get_by_role("status")).to_contain_text("Removed for good: 0 conversations")
        page.get_by_role("link", name="To everybody").click()
        expect(page.get_by_role("listitem").filter(has_text="you")).to_have_count(1)
        expect(page.get_by_text("bob")).to_have_count(0)
        assert_for_everybody(page)
        page.goto(f"{easel.address}/admin/audit")
        expect(page.get_by_role("cell", name="removed somebody for good")).to_be_visible()
        expect(page.get_by_text("bob")).to_have_count(0)
