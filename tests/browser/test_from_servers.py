"""Words and pictures of a server of tools, put into the message box."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.browser.upstream import Upstream
from tests.process.disk import until
from tests.program import Program
from tests.unit.mcp.connecting import OWN

pytestmark = pytest.mark.browser


@pytest.fixture
def easel(upstream: Upstream, tmp_path: Path) -> Iterator[Program]:
    """One that has a server of tools."""
    file = tmp_path / "mcp.toml"
    file.write_text(
        f'[[server]]\nid = "own"\ntitle = "My notes"\ncommand = "{sys.executable}"\n'
        f'args = ["{OWN}", "0"]\n',
        "utf-8",
    )
    with Program(tmp_path / "data", EASEL_MCP=str(file), **upstream.environ) as program:
        yield program


def connected(easel: Program) -> str | None:
    """How many tools the server has, once it has said so."""
    (own,) = easel.http.get(f"{easel.address}/api/tool-servers").json()["servers"]
    return str(own["words"]) if own["state"] == "ready" else None


def test_what_a_server_has_ready_goes_into_the_box_and_nothing_is_sent(
    screen: Screen, easel: Program
) -> None:
    until(lambda: connected(easel))
    screen.words.fill("For Ada:")
    shown = screen.page.locator("#from-servers")

    def choose(name: str) -> None:
        screen.page.locator("#aids").click()
        screen.page.get_by_role("menuitem", name="From a server").click()
        expect(shown.get_by_role("heading", name="My notes")).to_be_visible()
        shown.get_by_role("button", name=name, exact=True).click()

    choose("paint")
    blank = shown.get_by_label("subject")
    expect(blank).to_be_focused()
    blank.fill("a heron")
    blank.press("Enter")
    expect(shown).to_be_hidden()
    expect(screen.words).to_have_value("For Ada:\nPaint a heron, please.")
    choose("Any bird")
    expect(shown).to_contain_text("bird://{bird}/{place}{?season}")
    bird = shown.get_by_label("bird", exact=True)
    bird.press_sequentially("he")
    expect(shown.locator("datalist").first.locator("option")).to_have_count(2)
    bird.fill("hen")
    expect(shown.locator("datalist").first.locator("option")).to_have_count(1)
    shown.get_by_label("place").fill("home")
    for width in (360, 1280):
        screen.page.set_viewport_size({"width": width, "height": 740})
        assert violations(screen.page) == []
        assert shown.evaluate("form => form.scrollWidth <= form.clientWidth")
    shown.get_by_label("season (may stay empty)").press("Enter")
    expect(shown).to_be_hidden()
    inserted = "For Ada:\nPaint a heron, please.\nThe hen at home in summer."
    expect(screen.words).to_have_value(inserted)
    choose("Heron's picture")
    shown.get_by_role("button", name="Add to the message").click()
    screen.settled_tray(1)
    expect(screen.words).to_have_value(inserted)
    expect(screen.questions).to_have_count(0)
