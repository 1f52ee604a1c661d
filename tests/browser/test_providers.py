"""From an Easel without a key to a picture of one's own provider, without leaving the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.menu import name, opened, option, shelf
from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.loopback import Loopback, Reply, Request, json_reply
from tests.patience import PATIENCE_MS
from tests.program import Program
from tests.wire_shapes import data_url, openai_stream, tiny_png

pytestmark = pytest.mark.browser

KEY = "sk-newcomer-Ab1Cd2Ef3Gh4Ij5Kl6"


def answer(request: Request) -> Reply:
    """A compatible server that draws for who brings the key."""
    if request.headers.get("authorization") != f"Bearer {KEY}":
        return json_reply({"error": {"message": "Incorrect API key provided."}}, 401)
    if request.method == "GET":
        names = ("brush-image", "pen-words")
        return json_reply({"data": [{"id": each, "object": "model"} for each in names]})
    picture = {"type": "image_url", "image_url": {"url": data_url(tiny_png(40, 90, 160))}}
    return openai_stream(["Here you are.", {"images": [picture]}])


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with Loopback(answer) as running:
        yield running


@pytest.fixture(scope="module")
def empty_easel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Of nobody who has a key."""
    with Program(tmp_path_factory.mktemp("empty") / "data") as easel:
        yield easel


def accessible(page: Page) -> None:
    assert violations(page) == []


def test_a_newcomer_adds_a_server_with_a_key_and_gets_a_picture_by_keyboard_alone(
    chromium: Browser, empty_easel: Program, server: Loopback
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    screen = Screen(page, empty_easel.address).open()
    other = Screen(context.new_page(), empty_easel.address).open()
    dialog = page.locator("#providers")

    add = page.locator("#no-provider").get_by_role("button", name="Add a provider")
    add.press("Enter")
    expect(dialog.get_by_role("heading", name="Add a provider")).to_be_visible()
    accessible(page)
    dialog.get_by_role("button", name="Any OpenAI-compatible server").press("Enter")
    address = dialog.get_by_label("Address")
    expect(address).to_be_focused()
    page.keyboard.press("Enter")
    told = dialog.locator(".told")
    expect(told).to_have_text("“Address” is missing.")
    page.keyboard.type(f"{server.url}/v1")
    page.keyboard.press("Tab")
    page.keyboard.type("sk-wrong-key")
    dialog.get_by_role("button", name="Test connection").press("Enter")
    expect(told).to_have_attribute("data-works", "false")
    dialog.get_by_label("API key").fill(KEY)
    dialog.get_by_label("Name").fill("Home")
    dialog.get_by_role("button", name="Test connection").press("Enter")
    expect(told).to_contain_text("Works: 2 models")
    accessible(page)
    dialog.get_by_label("All that it lists, new ones too").press("Space")
    dialog.get_by_label("pen-words").press("Space")
    dialog.get_by_role("button", name="Save").press("Enter")
    expect(dialog.get_by_role("heading", name="Home is ready")).to_be_focused()
    accessible(page)
    assert KEY not in page.content()

    dialog.get_by_role("button", name="brush-image").press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#words")).to_be_focused()
    expect(name(screen)).to_have_text("brush-image")
    page.keyboard.type("A blue square")
    page.keyboard.press("Enter")
    expect(screen.pictures).to_have_count(1)
    # Another window that was open all the time has the model too, and no wall any more.
    expect(name(other)).to_have_text("brush-image")
    expect(other.page.locator("#no-provider")).to_be_hidden()

    empty_easel.stop()
    empty_easel.start()
    again = Screen(context.new_page(), empty_easel.address).open()
    opened(again)
    expect(option(again, "brush-image")).to_be_visible()
    expect(option(again, "pen-words")).to_have_count(0)
    context.close()


def test_the_menu_begins_with_what_can_be_used_and_folds_the_rest(
    chromium: Browser, empty_easel: Program
) -> None:
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    screen = opened(Screen(context.new_page(), empty_easel.address).open())
    sketch = shelf(screen, "sketch")
    expect(sketch).to_be_visible()
    expect(sketch.get_by_role("button", name="Test connection")).to_be_hidden()
    expect(shelf(screen, "gemini")).to_be_hidden()
    screen.models.get_by_text("Add a model").press("Enter")
    expect(shelf(screen, "gemini")).to_be_visible()
    screen.models.get_by_role("button", name="Models and keys").press("Enter")
    expect(screen.page.get_by_role("dialog", name="Models and keys")).to_be_visible()
    screen.page.go_back()
    expect(screen.page.locator("#providers")).to_be_hidden()
    context.close()


def test_a_provider_is_removed_only_when_asked_twice(
    chromium: Browser, empty_easel: Program, server: Loopback
) -> None:
    values = {"address": f"{server.url}/v1", "title": "Passing"}
    body = {"provider": "new:openai_chat:1", "values": values, "key": KEY}
    assert empty_easel.http.post("/api/providers", json=body).status_code == 200
    context = chromium.new_context(color_scheme="dark", forced_colors="active")
    context.set_default_timeout(PATIENCE_MS)
    screen = opened(Screen(context.new_page(), empty_easel.address).open())
    screen.models.get_by_role("button", name="Models and keys").click()
    dialog = screen.page.get_by_role("dialog", name="Models and keys")
    row = dialog.locator(".provider[data-provider=passing]")
    expect(row).to_contain_text("2 models")
    row.get_by_role("button", name="Switch off: Passing").click()
    expect(row.locator(".state")).to_have_text("off")
    row.get_by_role("button", name="Remove: Passing").click()
    expect(dialog.locator(".trouble")).to_contain_text("Its key is forgotten.")
    row.get_by_role("button", name="Cancel: Passing").click()
    expect(row.get_by_role("button", name="Remove: Passing")).to_be_focused()
    row.get_by_role("button", name="Remove: Passing").click()
    row.get_by_role("button", name="Remove for good: Passing").click()
    expect(row).to_have_count(0)
    context.close()


def test_a_key_that_is_not_accepted_is_said_where_it_was_entered_and_in_the_chat(
    chromium: Browser, empty_easel: Program, server: Loopback
) -> None:
    host = server.url.removeprefix("http://")
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    screen = opened(Screen(context.new_page(), empty_easel.address).open())
    screen.models.get_by_role("button", name="Models and keys").click()
    dialog = screen.page.get_by_role("dialog", name="Models and keys")
    dialog.get_by_role("button", name="Any OpenAI-compatible server").click()
    form = screen.page.locator("#providers form")
    form.get_by_label("Address").fill(f"{host}/v1")
    form.get_by_label("API key").fill(KEY)
    form.get_by_role("button", name="Save").click()
    done = screen.page.locator("#providers .done")
    expect(done).to_contain_text(f"{host} is ready")
    expect(done.locator(".noted")).to_have_text(f"The address is taken as {server.url}/v1.")
    done.get_by_role("button", name="pen-words").click()

    # The key is changed to a wrong one: it is said, in the form, the list and the menu.
    opened(screen).models.get_by_role("button", name="Models and keys").click()
    row = dialog.locator(".provider", has_text=host)
    row.get_by_role("button", name="Change").click()
    form.get_by_label("API key").fill("sk-wrong-key")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("API key")).to_be_focused()
    expect(form.get_by_label("API key")).to_have_value("sk-wrong-key")
    refused = f"{host} did not accept the key."
    expect(form.locator(".told")).to_contain_text(refused)
    expect(form.get_by_label("Address")).to_have_value(f"{server.url}/v1")
    accessible(screen.page)
    screen.page.get_by_role("button", name="Back").click()
    expect(row.locator(".state")).to_have_text("not working")
    expect(row).to_contain_text(refused)
    accessible(screen.page)
    screen.page.keyboard.press("Escape")
    opened(screen)
    expect(screen.models.locator(".told", has_text=refused)).to_be_visible()
    option(screen, "pen-words").last.click()

    screen.words.fill("Hello")
    screen.words.press("Enter")
    notice = screen.reply.locator(".notice")
    expect(notice).to_contain_text("Check its key under “Models and keys”.")
    notice.get_by_role("button", name="Models and keys").click()
    expect(form.get_by_label("API key")).to_be_focused()
    screen.page.get_by_role("button", name="Back").click()
    expect(row.locator(".state")).to_have_text("not working")
    expect(row).to_contain_text("Its key was refused: ")
    context.close()
