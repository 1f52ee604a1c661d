"""A server whose line dies as soon as it is there is not asked again four times a second."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.program import Program

pytestmark = pytest.mark.browser

DYING_LINES = """
window.tries_ms = [];
window.WebSocket = class extends EventTarget {
  static OPEN = 1;
  readyState = 0;
  constructor() {
    super();
    tries_ms.push(performance.now());
    setTimeout(() => {
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
      this.readyState = 3;
      this.dispatchEvent(new Event("close"));
    });
  }
  send() {}
  close() {}
};
"""

LEAST_MS = (200,)
"""Between the first tries; a timer may be a little early. After two the page asks without
a line."""


def test_a_line_that_dies_at_once_is_not_tried_again_at_once(page: Page, easel: Program) -> None:
    page.add_init_script(DYING_LINES)
    page.goto(easel.address)
    page.wait_for_function("tries_ms.length >= 2")
    tries_ms = page.evaluate("tries_ms.slice(0, 2)")
    waits_ms = [later - earlier for earlier, later in pairwise(tries_ms)]
    # A busy machine makes a wait longer, never shorter.
    assert all(wait >= least for wait, least in zip(waits_ms, LEAST_MS, strict=True)), waits_ms
