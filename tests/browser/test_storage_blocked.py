"""A browser that lets a page keep nothing: all of it works, but drafts."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import chromium_path
from tests.browser.conftest import ARGUMENTS, PATIENCE_MS
from tests.browser.screen import Screen
from tests.program import Program

pytestmark = pytest.mark.browser

BLOCKED = {"profile": {"default_content_setting_values": {"cookies": 2}}}


@pytest.fixture
def blocked(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page of a browser whose owner has blocked cookies, and storage with them."""
    preferences = tmp_path / "profile" / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps(BLOCKED), encoding="utf-8")
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path=chromium_path(), args=ARGUMENTS
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.pages[0]
    context.close()


def test_everything_works_but_drafts_where_the_browser_keeps_nothing(
    blocked: Page, easel: Program
) -> None:
    screen = Screen(blocked, easel.address).open()
    denied = blocked.evaluate("() => { try { localStorage; return false } catch { return true } }")
    assert denied, "this browser does keep something"
    expect(screen.model.locator(".name")).not_to_have_text("…")
    screen.told("Nothing is kept here")
    expect(screen.rows.filter(has_text="Nothing is kept here")).to_have_count(1)
    blocked.locator("#theme").click()
    screen.words.fill("half a thought")
    screen.toast("This browser keeps no drafts")
    blocked.locator("#new").click()
    expect(screen.words).to_have_value("")
    screen.rows.first.locator("a").click()
    expect(screen.words).to_have_value("half a thought")
