"""What somebody may not use is not offered, and where a hand is faster, a sentence says why."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from chat.core.rights import NO_UPLOADS
from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.browser.test_files_along import give
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser

ROWS = """
[[endpoint]]
id = "other"
kind = "sketch"
title = "Another house"

[[model]]
id = "secret"
endpoint = "other"
wire_name = "sketch"
title = "The Secret"
input_modalities = ["text", "image"]
output_modalities = ["text", "image"]
"""
SKETCH = "Sketch, the built-in offline painter (not an AI model)"
RIGHTS = """
[everybody]
models = ["sketch"]
uploads = false
tools = false
"""


def test_what_is_not_theirs_is_not_offered_and_an_old_conversation_says_so(
    chromium: Browser, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "models.toml").write_text(ROWS, encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    try:
        with Program(folder) as easel:
            before = Screen(page, easel.address).open()
            expect(page.locator("#attach")).to_be_visible()
            before.choose_model("The Secret")
            before.told("Draw a heron")
            conversation = before.conversation
        (folder / "rights.toml").write_text(RIGHTS, encoding="utf-8")
        with Program(folder) as easel:
            screen = Screen(page, easel.address).open(conversation)
            notice = page.locator("#model-notice")
            expect(notice).to_contain_text("“secret” is not in the catalogue. Choose another.")
            for part in ("#attach", "#import"):
                expect(page.locator(part)).to_be_hidden()
            screen.words.fill("And a pond")
            screen.words.press("Enter")
            screen.toast("is not in the catalogue")
            expect(screen.words).to_have_value("And a pond")
            give(screen, "paste", "a.txt", b"words")
            screen.toast(NO_UPLOADS)
            expect(page.locator("#tray .chip")).to_have_count(0)
            expect(screen.words).to_have_value("And a pond")
            assert violations(page) == []
            screen.choose_model(SKETCH)
            expect(notice).to_be_hidden()
            screen.words.press("Enter")
            screen.ended("complete")
            page.locator(".msg img").last.click()
            expect(page.get_by_role("button", name="Mark region")).to_have_count(0)
    finally:
        context.close()
