"""The watchman of all browser tests must not sleep: what it would miss, every test would."""

import pytest
from playwright.sync_api import Browser

from tests.browser.watch import Watch

pytestmark = pytest.mark.browser

OWN = "127.0.0.1:1"
MISDEEDS = {
    "asks another host": ("requestfailed", "void fetch('http://evil.example/').catch(() => 0)"),
    "calls another host": ("websocket", "void new WebSocket('ws://evil.example/')"),
    "throws": ("pageerror", "setTimeout(() => { throw new Error('lost') })"),
    "drops a promise": ("pageerror", "void Promise.reject(new Error('lost'))"),
    "complains": ("console", "console.error('lost')"),
}


@pytest.mark.parametrize("misdeed", MISDEEDS)
def test_what_a_page_does_wrong_fails_its_test(chromium: Browser, misdeed: str) -> None:
    event, script = MISDEEDS[misdeed]
    context = chromium.new_context()
    watch = Watch(context)
    page = context.new_page()
    with page.expect_event(event):
        page.evaluate(script)
    context.close()
    with pytest.raises(AssertionError):
        watch.judge(OWN)


def test_a_complaint_that_was_announced_must_come(chromium: Browser) -> None:
    context = chromium.new_context()
    watch = Watch(context)
    page = context.new_page()
    watch.expect("lost")
    with pytest.raises(AssertionError):
        watch.judge(OWN)
    with page.expect_console_message():
        page.evaluate("console.error('lost')")
    context.close()
    watch.judge(OWN)
