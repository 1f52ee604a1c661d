"""The page works before Gradio has begun, and nothing of it is lost when Gradio takes its place."""

import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.program import ROOT, Program

pytestmark = pytest.mark.browser

FRAME_OF_GRADIO = "**/assets/Blocks-*.js"
ENTRY_OF_GRADIO = "**/assets/index-*.js"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "screenshots")
PANEL = """
import gradio as gr
from chat.ui.ahead import place_for

def build(page):
    with gr.Tabs():
        with gr.Tab("First"):
            gr.Markdown("a")
        with gr.Tab("Second"):
            place_for("<p>Mine in a tab</p>", "in-a-tab")
    with gr.Accordion("More of it", open=False):
        place_for("<p>Mine in an accordion</p>", "in-an-accordion")
    with gr.Column(visible=False) as column:
        place_for("<p>Mine in a column</p>", "in-a-column")
    for word, visible in (("Show it", "true"), ("Hide it", "false")):
        js = "() => ({ __type__: 'update', visible: " + visible + " })"
        gr.Button(word).click(None, None, column, js=js, **page.quiet)

def wire(page):
    pass
"""
NOTED = "document.querySelector('#words').dataset.noted = 'the same'"


def _held_back(page: Page) -> list[Route]:
    """What the page asks for and is not given until it is told to go on."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(FRAME_OF_GRADIO, hold)
    return held


def _opened(page: Page, address: str) -> list[Route]:
    """The page works, and Gradio waits for what is held back."""
    held = _held_back(page)
    with page.expect_request(FRAME_OF_GRADIO):
        page.goto(address)
    expect(page.locator("body[data-easel=ready]")).to_be_attached()
    return held


def _comes(page: Page, held: list[Route]) -> None:
    for route in held:
        route.continue_()
    expect(page.locator("body[data-gradio=stands]")).to_be_attached()


def test_one_can_write_ask_and_read_before_gradio_has_begun(
    chromium: Browser, easel: Program
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    watch = Watch(context)
    page = context.new_page()
    screen = Screen(page, easel.address)
    held = _opened(page, easel.address)
    screen.told("Who is there")
    expect(screen.rows).not_to_have_count(0)
    page.locator("#sidebar .toggle-button").click()
    expect(page.locator("#sidebar nav")).not_to_be_visible()
    page.locator("#open-settings").click()
    screen.words.fill("Half a thought")
    screen.words.press("ArrowLeft")
    page.evaluate(NOTED)

    for route in held:
        route.continue_()
    screen.ready()
    expect(page.locator("#ahead")).to_have_count(0)
    expect(page.locator("#setting-system textarea")).to_be_visible()
    expect(page.locator("#sidebar nav")).not_to_be_visible()
    expect(screen.messages).to_have_count(2)
    expect(screen.words).to_have_attribute("data-noted", "the same")
    expect(screen.words).to_be_focused()
    page.keyboard.type("l")
    expect(screen.words).to_have_value("Half a thoughlt")
    context.close()
    watch.judge(f"127.0.0.1:{easel.port}")


def test_what_lies_open_over_the_page_is_not_taken_from_under_a_hand(
    chromium: Browser, easel: Program
) -> None:
    page = chromium.new_page()
    held = _opened(page, easel.address)
    page.locator("#show-help").click()
    expect(page.locator("#help")).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.locator("gradio-app #settings-bridge")).to_be_attached()
    expect(page.locator("#ahead #help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("body[data-settings=shown]")).to_be_attached()
    page.locator("#show-help").click()
    expect(page.locator("gradio-app #help")).to_be_visible()
    page.close()


def test_what_is_marked_and_focused_stays_so(chromium: Browser, easel: Program) -> None:
    context = chromium.new_context()
    first = Screen(context.new_page(), easel.address).open()
    first.told("Who is there")
    page = context.new_page()
    held = _opened(page, f"{easel.address}/?c={first.conversation}")
    for _ in range(2):  # the second press takes the first one back
        page.locator("#open-settings").click()
    expect(page.locator("#messages .msg")).to_have_count(2)
    page.locator("#sidebar .toggle-button").focus()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#messages .msg'))")
    _comes(page, held)
    assert "Who is there" in page.evaluate("getSelection().toString()")
    expect(page.locator("gradio-app #sidebar .toggle-button")).to_be_focused()
    expect(page.locator("body[data-settings=shown]")).to_be_attached()
    expect(page.locator("#settings.open")).to_have_count(0)
    context.close()


def test_a_name_is_written_on_where_nothing_can_be_moved_as_it_is(
    chromium: Browser, easel: Program
) -> None:
    context = chromium.new_context()
    first = Screen(context.new_page(), easel.address).open()
    first.told("Who is there")
    context.add_init_script("delete Element.prototype.moveBefore")
    page = context.new_page()
    screen = Screen(page, easel.address)
    held = _opened(page, f"{easel.address}/?c={first.conversation}")
    expect(screen.rows).not_to_have_count(0)
    screen.row_menu(screen.rows.first)
    for route in held:
        route.continue_()
    expect(page.locator("gradio-app #settings-bridge")).to_be_attached()
    page.get_by_role("menuitem", name="Rename", exact=True).click()
    page.keyboard.type("A whole")
    expect(page.locator("#ahead")).to_have_count(1)
    page.keyboard.type(" name")
    page.keyboard.press("Enter")
    expect(screen.row("A whole name")).to_have_count(1)
    expect(page.locator("body[data-gradio=stands]")).to_be_attached()
    context.close()


def test_where_gradio_does_not_come_the_settings_say_so_at_each_press(
    chromium: Browser, easel: Program
) -> None:
    page = chromium.new_page()
    page.route(ENTRY_OF_GRADIO, lambda route: route.abort())
    page.route(FRAME_OF_GRADIO, lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.goto(easel.address)
    told = page.locator("#toasts").get_by_text("The settings could not be loaded.")
    button = page.locator("#open-settings")
    button.click()
    expect(told).to_have_count(1)
    page.unroute(ENTRY_OF_GRADIO)
    with page.expect_request(FRAME_OF_GRADIO):
        button.click()
    expect(told).to_have_count(2)
    button.click()
    expect(told).to_have_count(3)
    page.close()


def test_what_gradio_builds_late_stands_once_it_is_looked_at(
    chromium: Browser, upstream: Upstream, tmp_path: Path
) -> None:
    folders = ("chat", "storage", "assets")
    for name in folders:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=LEFT_OUT)
    shutil.copy(ROOT / "app.py", tmp_path)
    (tmp_path / "chat/ui/panels/mine.py").write_text(PANEL)
    slots, begin = tmp_path / "chat/ui/page.py", "SLOTS: dict[str, Slot] = {"
    row = '\n    "mine": Slot("chat.ui.panels.mine", "dock"),'
    slots.write_text(slots.read_text().replace(begin, begin + row))
    start = ("app.py", "--port", "0")
    with Program(tmp_path / "data", *start, program=sys.executable, **upstream.environ) as program:
        page = chromium.new_page()
        page.goto(program.address)
        expect(page.locator("body[data-settings=shown]")).to_be_attached()
        expect(page.get_by_text("Mine in")).to_have_count(0)
        page.get_by_role("tab", name="Second").click()
        expect(page.get_by_text("Mine in a tab")).to_be_visible()
        page.get_by_role("button", name="More of it").click()
        expect(page.get_by_text("Mine in an accordion")).to_be_visible()
        for _ in range(2):  # built anew, it holds the same
            page.get_by_role("button", name="Show it").click()
            expect(page.get_by_text("Mine in a column")).to_be_visible()
            page.get_by_role("button", name="Hide it").click()
            expect(page.get_by_text("Mine in a column")).not_to_be_visible()
        page.close()
