"""Who comes near a budget reads so at the box, and at its end keeps what was written."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser

BUDGETS = "[everybody]\npictures_a_day = 5\n"


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Program]:
    """An Easel whose one person may make five pictures a day."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "budgets.toml").write_text(BUDGETS, encoding="utf-8")
    with Program(folder) as easel:
        yield easel


def test_a_budget_is_said_when_it_is_near_and_what_is_refused_stays_in_the_box(
    chromium: Browser, limited: Program
) -> None:
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    try:
        screen = Screen(page, limited.address).open()
        limit = page.locator("#limit")
        expect(limit).to_be_hidden()
        page.locator("#replies").click()
        page.get_by_role("menuitem", name="4 replies").click()
        screen.words.fill("a red fox")
        screen.words.press("Enter")
        expect(page.locator("#variants .variant .pic")).to_have_count(4)
        expect(limit).to_contain_text("You have made 4 of the 5 pictures you may make today.")
        expect(limit).to_contain_text("It begins anew at 00:00 UTC")
        assert violations(page) == []
        page.locator("#variants .variant").first.get_by_role(
            "button", name="go on with this"
        ).click()
        screen.told("a blue fox")
        expect(limit).to_contain_text("You have made the 5 pictures you may make today.")
        screen.words.fill("a green fox")
        screen.words.press("Enter")
        expect(page.locator("#toasts")).to_contain_text("You have made the 5 pictures")
        expect(screen.words).to_have_value("a green fox")
        expect(screen.questions).to_have_count(2)
        page.set_viewport_size({"width": 360, "height": 640})
        expect(limit).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []
    finally:
        context.close()
