"""Who asks while as many replies are written as may be sees their place, and is answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.browser.upstream import Upstream
from tests.loopback import Gate
from tests.patience import PATIENCE_MS
from tests.program import Program

pytestmark = pytest.mark.browser


@pytest.fixture
def narrow(upstream: Upstream, tmp_path: Path) -> Iterator[Program]:
    """An Easel that writes one reply at a time."""
    with Program(tmp_path / "data", EASEL_REPLIES_AT_ONCE="1", **upstream.environ) as easel:
        yield easel


def test_the_place_in_the_queue_is_said_and_becomes_the_answer(
    chromium: Browser, narrow: Program, upstream: Upstream
) -> None:
    gates = [Gate(), Gate()]
    for number, gate in enumerate(gates):
        upstream.says(f"question {number}", gate, f"Answer {number}.")
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    try:
        first, second = (Screen(context.new_page(), narrow.address).open() for _ in gates)
        first.ask("question 0")
        gates[0].reached.wait()
        first.page.locator("#new").click()
        first.ask("question 1")
        queued = first.reply.locator(".in-queue")
        expect(queued).to_have_text(
            "Next in the queue: it begins when one of the replies under way ends."
        )
        second.ask("question 2")
        waiting = second.reply.locator(".in-queue")
        expect(waiting).to_have_text(
            "Number 2 in the queue: other replies are being written first."
        )
        assert violations(second.page) == []
        gates[0].open()
        expect(waiting).to_have_text(
            "Next in the queue: it begins when one of the replies under way ends."
        )
        second.reload()
        expect(waiting).to_be_visible()
        gates[1].open()
        expect(first.reply).to_contain_text("Answer 1.")
        expect(second.reply).to_contain_text("Understood.")
        expect(second.page.locator(".in-queue")).to_have_count(0)
    finally:
        for gate in gates:
            gate.open()
        context.close()
