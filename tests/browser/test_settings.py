"""Settings belong to a conversation, survive a reload, and reach the model."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.screen import Screen, kept
from tests.browser.tool_list import choose as choose_tool
from tests.browser.tool_list import closed, opened, tool
from tests.browser.upstream import DRAWS, TALKS, Upstream
from tests.program import Program

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


def declared(upstream: Upstream, word: str) -> list[str] | None:
    tools = upstream.asked(word)[-1].json.get("tools")
    return None if tools is None else [tool["function"]["name"] for tool in tools]


def test_each_conversation_keeps_its_own_settings(screen: Screen, upstream: Upstream) -> None:
    page = screen.page
    screen.told("With settings of its own")
    first = screen.conversation
    open_settings(page)
    how = f"{DRAWS} cannot call tools: {TALKS} runs them and has it draw."
    expect(page.locator("#about-tools")).to_have_text(how)
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
    assert "16:9" in str(plain)  # the shape is what was chosen last
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
    expect(model_name(screen)).to_have_text(TALKS)  # chosen last, so the next begins with it
    screen.choose_model(DRAWS)
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
    opened(page)
    choose_tool(page, "Clock", "deny")
    closed(page)
    screen.told("All but one")
    assert declared(upstream, "All but one") == [name for name in everything if name != "clock"]
    screen.reload()
    opened(page)
    expect(tool(page, "Clock")).to_have_value("deny")
    expect(tool(page, "Calculator")).to_have_value("allow")
    closed(page)
    with kept(page):
        switch(page).uncheck()
    screen.told("Off once more")
    assert declared(upstream, "Off once more") is None


def test_a_model_without_tools_says_who_runs_them(screen: Screen) -> None:
    page = screen.page
    expect(switch(page)).to_be_enabled()
    relayed = f"{DRAWS} cannot call tools: {TALKS} runs them and has it draw."
    expect(page.locator("#tools-open")).to_have_attribute("title", relayed)
    open_settings(page)
    expect(page.locator("#about-model")).to_contain_text(relayed)
    screen.choose_model(TALKS)
    expect(page.locator("#about-model")).not_to_contain_text("cannot call tools")
    expect(page.locator("#tools-open")).to_have_attribute("title", "Choose tools")


def test_where_nobody_runs_them_the_switch_says_why(
    chromium: Browser, upstream: Upstream, tmp_path: Path
) -> None:
    alone = {**upstream.environ, "OPENAI_MODELS": DRAWS}
    with Program(tmp_path / "data", **alone) as program, chromium.new_context() as context:
        page = Screen(context.new_page(), program.address).open().page
        open_settings(page)
        expect(page.locator("#setting-provider-search")).to_be_hidden()
        expect(switch(page)).to_be_disabled()
        expect(page.locator("#setting-tools-on")).to_contain_text("No tools")
        expect(page.locator("#tools-open .count")).to_have_text("why?")
        shown = opened(page)
        expect(shown).to_contain_text(f"{DRAWS} cannot call tools, and ")
        expect(tool(page, "Clock")).to_be_disabled()
        expect(shown.get_by_label("Use tools in this conversation")).to_be_disabled()


@pytest.mark.parametrize("stored", ['{"clock": "at noon"}', '["clock"]'], ids=["a word", "a form"])
def test_a_tool_that_a_newer_easel_decided_on_is_off_until_somebody_chooses(
    screen: Screen, upstream: Upstream, easel: Program, stored: str
) -> None:
    page = screen.page
    screen.choose_model(TALKS)
    with kept(page):
        switch(page).check()
    screen.told("Written by an older one")

    def policy(change: str = "") -> object:
        with closing(sqlite3.connect(easel.folder / "easel.db", timeout=60)) as database, database:
            where = ("$.value.tool_policy", screen.conversation)
            if change:
                database.execute(
                    "UPDATE conversation SET settings = json_set(settings, ?, json(?)) "
                    "WHERE id = ?",
                    (where[0], change, where[1]),
                )
            query = "SELECT json_extract(settings, ?) FROM conversation WHERE id = ?"
            return json.loads(database.execute(query, where).fetchone()[0])

    policy(stored)
    screen.reload()
    shown = opened(page)
    expect(tool(page, "Clock")).to_have_value("deny")
    expect(shown.get_by_text("A newer Easel")).to_be_visible()
    closed(page)
    screen.told("What may you use")
    assert "clock" not in (declared(upstream, "What may you use") or [])
    # Another setting is changed, and the word is kept as it was.
    open_settings(page)
    page.locator("#setting-system textarea").fill("Be brief.")
    with kept(page):
        page.locator("#setting-system textarea").blur()
    assert policy() == json.loads(stored)
    opened(page)
    choose_tool(page, "Clock", "allow")
    closed(page)
    screen.told("And now")
    assert "clock" in (declared(upstream, "And now") or [])


def test_the_shape_is_a_chip_at_the_box_whose_menu_draws_it(
    screen: Screen, upstream: Upstream
) -> None:
    page = screen.page
    chip = page.locator("#chip-aspect-ratio")
    expect(chip).to_have_text("Auto")
    chip.click()
    wide = page.get_by_role("menuitemradio", name="16:9")
    box = wide.locator(".ratio").bounding_box()
    assert box is not None
    assert box["width"] > 1.6 * box["height"]
    with kept(page):
        wide.click()
    expect(chip).to_have_text("16:9")
    screen.told("As wide as that")
    assert "16:9" in str(upstream.asked("As wide as that")[0].json)
    chip.click()
    expect(page.get_by_role("menuitemradio", checked=True)).to_have_text("16:9")
    with kept(page):
        page.get_by_role("menuitemradio", name="Auto").click()
    expect(chip).to_have_text("Auto")


def test_the_theme_is_a_choice_of_three(screen: Screen) -> None:
    page = screen.page
    body, theme = page.locator("body"), page.locator("#theme")
    for name, dark in (("dark", True), ("light", False), ("system", False)):
        theme.click()
        expect(theme).to_have_accessible_name(f"Theme: {name}")
        assert body.evaluate("body => body.classList.contains('dark')") is dark
    page.emulate_media(color_scheme="dark")
    expect(body).to_have_class(re.compile(r"\bdark\b"))
    page.emulate_media(color_scheme="light")
    expect(body).not_to_have_class(re.compile(r"\bdark\b"))
