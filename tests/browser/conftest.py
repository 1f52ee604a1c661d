"""A real Chromium before a real Easel, with a model behind it that says what it is told."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.browser.chromium import chromium_path
from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.patience import PATIENCE_MS
from tests.program import Program

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page might try, nothing leaves this machine; the tests say that it tries nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="package")
def driver() -> Iterator[Playwright]:
    """It ends before any test outside needs a loop of its own."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """A browser for all who want profiles of their own."""
    browser = driver.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture(autouse=True)
def _nothing_to_say(upstream: Upstream) -> Iterator[None]:
    """What one test has told the model to say, no other hears."""
    yield
    upstream.forget()


@pytest.fixture(scope="package")
def program(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    more = {**upstream.environ, "EASEL_MADE_UP_LANGUAGES": "1"}
    with Program(tmp_path_factory.mktemp("easel") / "data", **more) as running:
        yield running


@pytest.fixture
def easel(program: Program, request: pytest.FixtureRequest) -> Iterator[Program]:
    """The Easel of all tests; what it logs during a test is shown if that fails."""
    before = len(program.log())
    yield program
    request.node.add_report_section("teardown", "easel", program.log()[before:])
    # What belongs to the person and not to a conversation, no other test finds.
    for path, name in (("/api/presets", "presets"), ("/api/library/boards", "boards")):
        for kept in program.http.get(path).raise_for_status().json()[name]:
            program.http.delete(f"{path}/{kept['id']}").raise_for_status()
    program.http.delete("/api/settings").raise_for_status()
    listed = program.http.get("/api/conversations").raise_for_status().json()["conversations"]
    for kept in listed:
        if kept["pinned"]:
            pin = f"/api/conversations/{kept['id']}/pin"
            program.http.post(pin, json={"on": False}).raise_for_status()


@pytest.fixture(scope="package")
def profile(
    driver: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[BrowserContext, Watch]]:
    """One profile for most tests, so that Gradio's scripts are fetched and compiled only once.

    It is a person's, on a disk: of passing ones a browser keeps nothing that it has compiled, and
    that is two fifths of what a page costs.
    """
    context = driver.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=chromium_path(),
        args=ARGUMENTS,
        permissions=["clipboard-read", "clipboard-write"],
        service_workers="block",  # tests/browser/test_phone.py has it
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context, Watch(context)
    context.close()


@pytest.fixture
def watch(profile: tuple[BrowserContext, Watch], easel: Program) -> Iterator[Watch]:
    """Whatever goes wrong in the browser, or leaves it, fails the test that caused it."""
    _, watch = profile
    watch.forget()
    yield watch
    watch.judge(f"127.0.0.1:{easel.port}")


@pytest.fixture
def context(profile: tuple[BrowserContext, Watch], watch: Watch) -> Iterator[BrowserContext]:
    """The profile, remembering nothing; its pages are closed when the test is over."""
    del watch
    context, _ = profile
    context.set_storage_state({"cookies": [], "origins": []})
    yield context
    context.set_offline(False)
    # The first is the browser's own; with its last page it would end.
    for page in context.pages[1:]:
        page.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A new, empty page."""
    return context.new_page()


@pytest.fixture
def screen(page: Page, easel: Program) -> Screen:
    """Easel, opened before a new conversation."""
    return Screen(page, easel.address).open()


@pytest.fixture
def stranger(chromium: Browser, easel: Program) -> Iterator[Callable[..., Screen]]:
    """Opens Easel in a profile of its own: another person's, a phone's, one that likes the dark."""
    with ExitStack() as stack:

        def opened(conversation: str | None = None, **options: Any) -> Screen:
            context = chromium.new_context(service_workers="block", **options)
            watch = Watch(context)
            stack.callback(lambda: watch.judge(f"127.0.0.1:{easel.port}"))
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            return Screen(context.new_page(), easel.address).open(conversation)

        yield opened
