"""Behind the switch for tools is a list of all of them: found, chosen, kept, and used again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, kept
from tests.browser.tool_list import choose, closed, opened, tool
from tests.browser.upstream import TALKS, Upstream

pytestmark = pytest.mark.browser


@pytest.fixture
def _as_before(screen: Screen) -> Iterator[None]:
    """New conversations of later tests begin as they always do."""
    yield
    page = screen.page
    closed(page)
    with kept(page):
        page.locator("#setting-tools-on input").uncheck()
    page.evaluate(
        """async () => {
            const conversation = new URLSearchParams(location.search).get("c");
            const headers = {"Content-Type": "application/json"};
            const settings = JSON.stringify({tool_policy: null, tool_schemas: null});
            await fetch(`api/conversations/${conversation}/settings`,
                {method: "PATCH", headers, body: settings});
            await fetch("api/tools/usual",
                {method: "POST", headers, body: JSON.stringify({conversation})});
        }"""
    )


def declared(upstream: Upstream, word: str) -> list[str]:
    tools = upstream.asked(word)[-1].json.get("tools") or []
    return [tool["function"]["name"] for tool in tools]


def test_a_tool_is_found_by_its_words_and_what_is_chosen_survives_a_reload(
    screen: Screen, upstream: Upstream
) -> None:
    page = screen.page
    screen.choose_model(TALKS)
    button = page.locator("#tools-open")
    before = int(button.locator(".count").inner_text().removeprefix("· "))
    shown = opened(page)
    search = shown.get_by_role("searchbox")
    expect(shown.get_by_role("heading", name="Built in")).to_be_visible()
    search.fill("time of DAY in a place")
    expect(shown.locator("li:visible")).to_have_count(1)
    expect(shown.get_by_role("heading", name="Pictures")).to_be_hidden()
    expect(shown.get_by_role("status")).to_have_text("1 tool found.")
    choose(page, "Clock", "deny")
    search.fill("nothing of this kind")
    expect(shown.get_by_role("status")).to_have_text("No tool has these words.")
    search.fill("")
    choose(page, "Calculator", "ask")
    with kept(page):
        shown.get_by_role("button", name="All off: Pictures").click()
    pictures = shown.locator("section", has=page.get_by_role("heading", name="Pictures"))
    expect(pictures.locator(".count")).to_contain_text("0 of ")
    with kept(page):
        shown.get_by_role("button", name="All on: Pictures").click()
    with kept(page):
        shown.get_by_label("Use tools in this conversation").check()
    closed(page)
    expect(button).to_be_focused()
    expect(button.locator(".count")).to_have_text(f"· {before - 1}")
    expect(page.locator("#setting-tools-on input")).to_be_checked()
    screen.reload()
    opened(page)
    expect(tool(page, "Clock")).to_have_value("deny")
    expect(tool(page, "Calculator")).to_have_value("ask")
    expect(tool(page, "Crop picture")).to_have_value("allow")
    closed(page)
    screen.told("With the clock off")
    names = declared(upstream, "With the clock off")
    assert "clock" not in names
    assert "calculator" in names
    assert len(names) == before - 1


@pytest.mark.usefixtures("_as_before")
def test_new_conversations_begin_with_the_tools_that_were_chosen_for_them(screen: Screen) -> None:
    page = screen.page
    screen.choose_model(TALKS)
    shown = opened(page)
    choose(page, "Clock", "deny")
    with kept(page):
        shown.get_by_label("Use tools in this conversation").check()
    shown.get_by_role("button", name="Use these for new conversations").click()
    expect(shown.get_by_role("status")).to_have_text("New conversations begin with these tools.")
    closed(page)
    page.locator("#new").click()
    screen.stands_before_a_new_conversation()
    screen.choose_model(TALKS)
    expect(page.locator("#setting-tools-on input")).to_be_checked()
    opened(page)
    expect(tool(page, "Clock")).to_have_value("deny")
    expect(tool(page, "Calculator")).to_have_value("allow")


def test_what_is_not_set_up_is_named_with_what_is_missing(screen: Screen) -> None:
    shown = opened(screen.page)
    absent = shown.locator(".absent")
    absent.get_by_text("Not set up in this Easel").click()
    expect(absent.locator("li", has_text="Web search")).to_contain_text("Set SEARXNG_URL")
    search = shown.get_by_role("searchbox")
    search.fill("send an e-mail")
    expect(absent.locator("li:visible")).to_have_count(1)
    expect(absent.locator("li:visible")).to_contain_text("EASEL_SMTP_URL")
    expect(shown.get_by_role("status")).to_have_text("Only what is not set up has these words.")
    search.fill("calculator")
    expect(absent).to_be_hidden()
    search.fill("")
    expect(absent).to_be_visible()
    closed(screen.page)
