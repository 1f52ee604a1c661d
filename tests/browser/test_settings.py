"""Settings belong to a conversation, survive a reload, and reach the model."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import Screen, kept
from tests.browser.upstream import DRAWS, TALKS, Upstream

pytestmark = pytest.mark.browser


def model_name(screen: Screen) -> Locator:
    return screen.model.locator(".name")


def choose(page: Page, menu: str, option: str) -> None:
    """Choose in one of Gradio's menus, and wait until the server has kept it."""
    with kept(page):
        page.locator(f"{menu} input").click()
        page.get_by_role("option", name=option, exact=True).click()


def open_settings(page: Page) -> None:
    page.locator("#open-settings").click()
    expect(page.locator("#setting-system textarea")).to_be_in_viewport()


def switch(page: Page) -> Locator:
    return page.locator("#setting-tools-on input[type=checkbox]")


def tool(page: Page, title: str) -> Locator:
    return page.locator("#setting-tool-policy").get_by_label(title)


def declared(upstream: Upstream, word: str) -> list[str] | None:
    tools = upstream.asked(word)[-1].json.get("tools")
    return None if tools is None else [tool["function"]["name"] for tool in tools]


def test_each_conversation_keeps_its_own_settings(screen: Screen, upstream: Upstream) -> None:
    page = screen.page
    screen.told("With settings of its own")
    first = screen.conversation
    open_settings(page)
    choose(page, "#setting-aspect-ratio", "16:9")
    page.locator("#setting-system textarea").fill("Answer like a pirate.")
    with kept(page):
        page.locator("#setting-system textarea").blur()
    screen.told("How wide")
    asked = upstream.asked("How wide")[0].json
    assert asked["messages"][0] == {"role": "system", "content": "Answer like a pirate."}
    assert "16:9" in str(asked)
    page.locator("#new").click()
    expect(page.locator("#setting-system textarea")).to_have_value("")
    screen.told("Plain and simple")
    plain = upstream.asked("Plain and simple")[0].json
    assert [m["role"] for m in plain["messages"]] == ["user"]
    assert "16:9" not in str(plain)
    screen.open(first)
    expect(page.locator("#setting-system textarea")).to_have_value("Answer like a pirate.")
    expect(page.locator("#setting-aspect-ratio input")).to_have_value("16:9")


def test_the_chosen_model_answers_and_is_remembered(screen: Screen, upstream: Upstream) -> None:
    page = screen.page
    expect(model_name(screen)).to_have_text(DRAWS)
    screen.choose_model(TALKS)
    screen.told("Who is speaking")
    assert upstream.asked("Who is speaking")[0].json["model"] == TALKS
    expect(screen.reply.locator(".who")).to_have_text(TALKS)
    screen.reload()
    expect(model_name(screen)).to_have_text(TALKS)
    page.locator("#new").click()
    expect(model_name(screen)).to_have_text(DRAWS)
    expect(page.locator("#setting-aspect-ratio")).to_be_attached()


def test_only_ratios_that_the_model_takes_are_offered(screen: Screen) -> None:
    page = screen.page
    screen.told("Ratios")
    open_settings(page)
    expect(page.locator("#setting-aspect-ratio")).to_be_visible()
    expect(page.locator("#setting-image-size")).to_be_hidden()
    screen.choose_model(TALKS)
    expect(page.locator("#setting-aspect-ratio")).to_be_hidden()
    expect(page.locator("#about-model")).to_contain_text("Words and tools")


def test_tools_are_declared_only_while_they_are_switched_on(
    screen: Screen, upstream: Upstream
) -> None:
    page = screen.page
    screen.choose_model(TALKS)
    expect(switch(page)).to_be_enabled()
    screen.told("Tools are off")
    assert declared(upstream, "Tools are off") is None
    with kept(page):
        switch(page).check()
    screen.told("Tools are on")
    everything = declared(upstream, "Tools are on")
    assert everything is not None
    assert {"calculator", "clock", "chart"} <= set(everything)
    screen.reload()
    expect(switch(page)).to_be_checked()
    open_settings(page)
    with kept(page):
        tool(page, "Clock").uncheck()
    screen.told("All but one")
    assert declared(upstream, "All but one") == [name for name in everything if name != "clock"]
    screen.reload()
    expect(tool(page, "Clock")).not_to_be_checked()
    expect(tool(page, "Calculator")).to_be_checked()
    with kept(page):
        switch(page).uncheck()
    screen.told("Off once more")
    assert declared(upstream, "Off once more") is None


def test_a_model_without_tools_says_so_instead_of_ignoring_the_switch(screen: Screen) -> None:
    expect(switch(screen.page)).to_be_disabled()
    expect(screen.page.locator("#setting-tools-on")).to_contain_text("No tools")
    open_settings(screen.page)
    expect(screen.page.locator("#about-model")).to_contain_text("cannot call tools")
    expect(tool(screen.page, "Clock")).to_have_count(0)
    screen.choose_model(TALKS)
    expect(tool(screen.page, "Clock")).to_be_checked()
