"""A tool that takes its time says how far it is, to every page that looks."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.kiln import PIPE
from tests.browser.screen import Screen, kept
from tests.browser.test_tool_cards import call
from tests.browser.upstream import TALKS, Upstream
from tests.patience import PATIENCE_MS
from tests.program import ROOT, Program
from tests.wire_shapes import openai_stream

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here"),
]


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """What the kiln waits at."""
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.fixture
def page(
    chromium: Browser, upstream: Upstream, pipe: Path, tmp_path: Path
) -> Iterator[tuple[Page, Program]]:
    environ = {PIPE: str(pipe), "PYTHONPATH": str(ROOT), **upstream.environ}
    arguments = ("-m", "tests.browser.kiln", "--port", "0")
    with Program(tmp_path / "data", *arguments, program=sys.executable, **environ) as program:
        context = chromium.new_context()
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page(), program
        context.close()


def stands_at(card: Locator, step: int) -> None:
    note = f"Heating, step {step} of 2"
    expect(card.locator(".note")).to_have_text(note)
    expect(card.get_by_role("progressbar", name=note)).to_have_js_property("value", step / 4)


def test_progress_is_seen_as_it_is_made_and_leaves_nothing_behind(
    page: tuple[Page, Program], upstream: Upstream, pipe: Path
) -> None:
    first, program = page
    screen = Screen(first, program.address).open()
    screen.choose_model(TALKS)
    with kept(first):
        first.locator("#setting-tools-on input[type=checkbox]").check()
    upstream.replies(
        "the pot",
        openai_stream(["Into the kiln. ", call("fire", {})], finish="tool_calls"),
        openai_stream(["It is done."]),
    )
    reply = screen.ask("Fire the pot")
    card = reply.locator(".tool.running")
    stands_at(card, 1)
    expect(card.locator(".state")).to_have_text("is working")
    pipe.write_bytes(b"go on")
    stands_at(card, 2)
    # Who opens the conversation now is told how far it is.
    other = Screen(first.context.new_page(), program.address).open(screen.conversation)
    stands_at(other.reply.locator(".tool.running"), 2)
    pipe.write_bytes(b"go on")
    for seen in (screen, other):
        expect(seen.reply.locator(".tool.done .state")).to_have_text("answered")
        expect(seen.reply.locator("progress")).to_have_count(0)
        expect(seen.reply).to_contain_text("It is done.")
