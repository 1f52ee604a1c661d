"""A panel that somebody adds, whose button a function on the server answers."""

import re
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.program import ROOT, Program

pytestmark = pytest.mark.browser

LEFT_OUT = shutil.ignore_patterns("__pycache__", "screenshots")


def test_its_answer_comes_and_the_message_box_stays_at_the_foot(
    chromium: Browser, upstream: Upstream, tmp_path: Path
) -> None:
    for name in ("chat", "storage", "assets"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=LEFT_OUT)
    shutil.copy(ROOT / "app.py", tmp_path)
    own = ROOT / "tests" / "unit" / "ui" / "panels" / "counts.py"
    shutil.copy(own, tmp_path / "chat" / "ui" / "panels")
    page = tmp_path / "chat" / "ui" / "page.py"
    source = page.read_text(encoding="utf-8")
    begin = "SLOTS: dict[str, Slot] = {"
    assert begin in source
    row = '"counts": Slot("chat.ui.panels.counts", "dock"),'
    page.write_text(source.replace(begin, f"{begin}\n    {row}"), encoding="utf-8")
    begun = Program(
        tmp_path / "data", "app.py", "--port", "0", program=sys.executable, **upstream.environ
    )
    with begun as program:
        context = chromium.new_context()
        watch = Watch(context)
        screen = Screen(context.new_page(), program.address).open()
        screen.page.locator("#count").click()
        expect(screen.page.locator("#counted :is(input, textarea)")).to_have_value(
            re.compile(r"^[1-9]\d* tools$")
        )
        box, transcript = screen.page.locator("#composer"), screen.page.locator("#transcript")
        lower, upper = box.bounding_box(), transcript.bounding_box()
        assert lower
        assert upper
        assert lower["y"] > upper["y"]
        context.close()
        watch.judge(f"127.0.0.1:{program.port}")
