"""A reply of which nothing comes for long says that it is under way, and since when."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.loopback import Gate

pytestmark = pytest.mark.browser


def test_a_reply_that_takes_long_says_so_until_its_first_word(
    screen: Screen, upstream: Upstream
) -> None:
    gate = Gate()
    upstream.says("ponder", gate, "Here it is.")
    reply = screen.ask("ponder")
    sign = reply.locator(".working, .making")
    expect(sign).to_contain_text("Working… 3s")
    gate.open()
    screen.ended(reply=reply)
    expect(sign).to_have_count(0)
