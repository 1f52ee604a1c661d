"""Models that a server names only after a page is open reach that page by themselves."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.menu import name
from tests.browser.screen import Screen
from tests.loopback import Gate, Loopback, Reply, Request, json_reply
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser


def test_the_usual_model_changes_before_the_eyes_once_the_server_has_listed_it(
    chromium: Browser, tmp_path: Path
) -> None:
    """Nobody sends a first message to another model than the page names."""
    gate = Gate()
    listed = json_reply({"data": [{"id": "brush-image", "object": "model"}]})

    def answer(asked: Request) -> Reply:
        if asked.path != "/v1/models":
            return json_reply({}, 404)
        return Reply((gate, *listed.steps), headers=listed.headers)

    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    with (
        Loopback(answer) as server,
        Program(tmp_path / "data", OPENAI_BASE_URL=f"{server.url}/v1") as easel,
    ):
        screen = Screen(context.new_page(), easel.address).open()
        expect(name(screen)).to_contain_text("Sketch")
        gate.open()
        expect(name(screen)).to_have_text("brush-image")
        expect(screen.page.locator("#about-model")).to_contain_text("brush-image")
    context.close()
