"""The two pages under test, driven alike in a real Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.orders import end_of
from tests.browser.chromium import chromium_path

PATIENCE_MS = 60_000
LOOK_MS = 100


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


class _Closing:
    """A context that closes its page and the browser context around it."""

    page: Page

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.page.context.close()


class EaselPage(_Closing):
    """Easel's own page."""

    BEGUN = "() => document.querySelector('#messages article.assistant .body')?.textContent"
    LAST = "document.querySelector('#messages').lastElementChild?.textContent ?? ''"

    def __init__(self, page: Page, url: str, conversation: str = "") -> None:
        """Load it, with a conversation or before a new one."""
        self.page = page
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{url}/?c={conversation}" if conversation else url)
        page.locator("#transcript[data-state=idle]").wait_for()  # set by the page's script
        if conversation:
            page.locator("#messages article").last.wait_for()

    def rest(self) -> None:
        """Return when nothing of the page is still on its way: its load is not the reply's cost."""
        self.page.wait_for_load_state("networkidle")

    def ask(self, message: str) -> None:
        """Type and send."""
        self.page.locator("#words").fill(message)
        self.page.locator("#words").press("Enter")

    def wait_for_end(self, tag: str) -> None:
        """Return when the whole reply stands on the screen and the page is at rest."""
        self.page.wait_for_function(
            f"() => ({self.LAST}).includes({end_of(tag)!r})", polling=LOOK_MS
        )
        self.page.locator("#transcript[data-state=idle]").wait_for()


class YardstickPage(_Closing):
    """Gradio's chat."""

    LAST = "[...document.querySelectorAll('#chat [data-testid=bot]')].at(-1)?.textContent ?? ''"

    def __init__(self, page: Page, url: str) -> None:
        """Load it."""
        self.page = page
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url)
        page.locator("textarea[data-testid=textbox]").wait_for()

    def ask(self, message: str) -> None:
        """Type and send."""
        self.page.locator("textarea[data-testid=textbox]").fill(message)
        self.page.locator("textarea[data-testid=textbox]").press("Enter")

    def wait_for_end(self, tag: str) -> None:
        """Return when the whole reply stands on the screen."""
        self.page.wait_for_function(
            f"() => ({self.LAST}).includes({end_of(tag)!r})", polling=LOOK_MS
        )
