"""A browser enters by the printed address or by the pass phrase, below a path of a site as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screen import Screen
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser

PHRASE = "a phrase for browsers"
TOKEN = "a-token-of-my-own-for-browsers"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_the_page_asks_for_the_phrase_and_opens(page: Page, tmp_path: Path) -> None:
    with Program(tmp_path / "data", EASEL_PASSPHRASE=PHRASE) as easel:
        page.goto(easel.address)
        page.get_by_label("Pass phrase").fill("something else")
        page.get_by_role("button").click()
        expect(page.get_by_role("status")).to_contain_text("not the pass phrase")
        page.get_by_label("Pass phrase").fill(PHRASE)
        page.get_by_role("button").click()
        expect(page.locator("textarea:enabled").first).to_be_visible()


def test_below_a_path_the_printed_address_opens_a_page_that_draws(
    page: Page, tmp_path: Path
) -> None:
    with Program(tmp_path / "data", EASEL_ROOT_PATH="/studio", EASEL_TOKEN=TOKEN) as easel:
        refused: list[str] = []
        page.on("response", lambda told: refused.append(told.url) if told.status >= 400 else None)
        page.goto(f"{easel.address}/studio/?token={TOKEN}")
        screen = Screen(page, easel.address).ready()
        screen.ask("Draw a fox in the snow")
        screen.ended("complete")
        drawn = page.locator("img[src^='media/']").first
        expect(drawn).to_have_js_property("complete", value=True)
        assert drawn.evaluate("image => image.naturalWidth") > 0
        assert TOKEN not in page.url
        assert page.url.startswith(f"{easel.address}/studio/?c=")
        assert refused == []
