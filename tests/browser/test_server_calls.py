"""Calls of a real server of tools, as a person lives with them: asked, watched, stopped."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, kept
from tests.browser.test_tool_cards import call
from tests.browser.upstream import TALKS, Upstream
from tests.patience import PATIENCE_S
from tests.process.disk import until
from tests.program import Program
from tests.unit.mcp.connecting import OWN, RAW
from tests.wire_shapes import openai_stream

pytestmark = pytest.mark.browser


@pytest.fixture
def stopped() -> Iterator[socket.socket]:
    """Where the server says that its work was stopped."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE_S)
        yield listening


@pytest.fixture
def easel(upstream: Upstream, stopped: socket.socket, tmp_path: Path) -> Iterator[Program]:
    """One with two servers that it starts; the tool of the second becomes another once called."""
    port = stopped.getsockname()[1]
    rows = {"own": f'"{OWN}", "{port}"', "raw": f'"-I", "{RAW}", "changing"'}
    file = tmp_path / "mcp.toml"
    file.write_text(
        "".join(
            f'[[server]]\nid = "{name}"\nmode = "legacy"\ncommand = "{sys.executable}"\n'
            f"args = [{arguments}]\n"
            for name, arguments in rows.items()
        ),
        "utf-8",
    )
    with Program(tmp_path / "data", EASEL_MCP=str(file), **upstream.environ) as program:
        yield program


def asked(screen: Screen, easel: Program, upstream: Upstream, tool: str, **given: str) -> Locator:
    """The card of a first call, in a conversation with tools."""
    until(lambda: all(each["state"] == "ready" for each in servers(easel)))
    screen.choose_model(TALKS)
    with kept(screen.page):
        screen.page.locator("#setting-tools-on input[type=checkbox]").check()
    wants(upstream, "the server", tool, **given)
    screen.ask("Ask the server")
    return screen.reply.locator(".approval")


def servers(easel: Program) -> list[dict[str, object]]:
    told: list[dict[str, object]] = easel.http.get("/api/tool-servers").json()["servers"]
    return told


def wants(upstream: Upstream, word: str, tool: str, **given: str) -> None:
    upstream.replies(
        word,
        openai_stream([call(tool, given)], finish="tool_calls"),
        openai_stream(["That is all."]),
    )


def test_what_a_server_asks_is_a_form_and_the_answer_reaches_it(
    screen: Screen, easel: Program, upstream: Upstream
) -> None:
    asked(screen, easel, upstream, "own__asks").get_by_role("button", name="Allow once").click()
    form = screen.reply.locator("form.question")
    expect(form).to_contain_text("Which colour?")
    expect(form).to_contain_text("own.asks")
    form.get_by_label("Colour").fill("grey")
    form.get_by_role("button", name="Answer").click()
    screen.ended()
    screen.reply.locator(".tool summary").click()
    expect(screen.reply.locator(".tool .answer")).to_contain_text("accept colour='grey'")


def test_the_progress_of_a_server_is_seen_and_stop_ends_its_work(
    screen: Screen, easel: Program, upstream: Upstream, stopped: socket.socket
) -> None:
    asked(screen, easel, upstream, "own__slow").get_by_role("button", name="Allow once").click()
    bar = screen.reply.get_by_role("progressbar", name="Looking")
    expect(bar).to_have_js_property("value", 0.25)
    screen.send.click()
    screen.ended("stopped")
    line, _ = stopped.accept()
    with line:
        line.settimeout(PATIENCE_S)
        assert line.recv(100) == b"stopped"


def test_a_tool_that_became_another_waits_again_and_says_why(
    screen: Screen, easel: Program, upstream: Upstream
) -> None:
    card = asked(screen, easel, upstream, "raw__echo", text="hi")
    expect(card.get_by_role("note")).to_have_count(0)
    card.get_by_role("button", name="Allow in this conversation").click()
    screen.ended()

    def changed() -> bool:
        told = easel.http.get("/api/tools", params={"conversation": screen.conversation}).json()
        tools = [tool for group in told["groups"] for tool in group["tools"]]
        return any(tool["name"] == "raw__echo" and tool["changed"] for tool in tools)

    until(changed)
    wants(upstream, "once more", "raw__echo", text="ho")
    screen.ask("And once more")
    screen.ended("waiting")
    again = screen.reply.locator(".approval")
    expect(again.get_by_role("note")).to_have_text(
        "The tool has changed since you allowed it here."
    )
