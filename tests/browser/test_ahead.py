"""The page works before Gradio has begun, and nothing of it is lost when Gradio takes its place."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.screen import Screen
from tests.browser.watch import Watch
from tests.program import Program

pytestmark = pytest.mark.browser

FRAME_OF_GRADIO = "**/assets/Blocks-*.js"
NOTED = "document.querySelector('#words').dataset.noted = 'the same'"


def _held_back(page: Page) -> list[Route]:
    """What the page asks for and is not given until it is told to go on."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(FRAME_OF_GRADIO, hold)
    return held


def test_one_can_write_ask_and_read_before_gradio_has_begun(
    chromium: Browser, easel: Program
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    watch = Watch(context)
    page = context.new_page()
    held = _held_back(page)
    screen = Screen(page, easel.address)
    with page.expect_request(FRAME_OF_GRADIO):
        page.goto(easel.address)
    expect(page.locator("body[data-easel=ready]")).to_be_attached()
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
    held = _held_back(page)
    with page.expect_request(FRAME_OF_GRADIO):
        page.goto(easel.address)
    expect(page.locator("body[data-easel=ready]")).to_be_attached()
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
