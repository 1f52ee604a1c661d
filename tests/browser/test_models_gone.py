"""Conversations outlive models: what was retired or left the file is said, with a way on."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.menu import name, option
from tests.browser.screen import Screen
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser


def row(model: str, title: str, more: str = "") -> str:
    """A model of the offline painter."""
    return (
        f'[[model]]\nid = "{model}"\nendpoint = "sketch"\nwire_name = "sketch"\n'
        f'title = "{title}"\nnote = "{title} at work."\n{more}\n'
    )


STAYS = row("stays", "The one that stays")
BEFORE = STAYS + row("leaves", "The one that leaves") + row("ends", "The one that ends")
AFTER = STAYS + row("ends", "The one that ends", 'retires_on = 2026-01-15\nsuccessor = "stays"')


def notice(screen: Screen) -> Locator:
    return screen.page.locator("#model-notice")


def test_a_conversation_whose_model_is_gone_says_so_and_goes_on(
    chromium: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "rows.toml"
    file.write_text(BEFORE, encoding="utf-8")
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    chosen: dict[str, str] = {}
    with Program(tmp_path / "data", EASEL_MODELS=str(file)) as easel:
        for title in ("The one that leaves", "The one that ends"):
            screen = Screen(context.new_page(), easel.address).open()
            screen.choose_model(title)
            chosen[title] = screen.conversation
            screen.page.close()
        easel.stop()
        file.write_text(AFTER, encoding="utf-8")
        easel.start()
        left = Screen(context.new_page(), easel.address).open(chosen["The one that leaves"])
        expect(name(left)).to_have_text("Choose a model")
        expect(notice(left)).to_contain_text("“leaves” is not in the catalogue")
        notice(left).get_by_role("button", name="Choose another").click()
        option(left, "The one that stays").click()
        expect(name(left)).to_have_text("The one that stays")
        expect(notice(left)).to_be_hidden()

        ended = Screen(context.new_page(), easel.address).open(chosen["The one that ends"])
        expect(name(ended)).to_have_text("The one that stays")
        expect(notice(ended)).to_contain_text("15 January 2026")
        expect(ended.page.locator("#about-model")).to_contain_text("The one that stays at work.")
        notice(ended).get_by_role("button", name="Use The one that stays").click()
        expect(notice(ended)).to_be_hidden()
    context.close()
