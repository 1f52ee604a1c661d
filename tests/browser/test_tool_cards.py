"""What a model does with tools can be seen, from its call to the answer it got."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, kept
from tests.browser.upstream import TALKS, Upstream
from tests.wire_shapes import openai_stream

pytestmark = pytest.mark.browser


def call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """A tool call as a raw delta."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"tool_calls": [{"index": 0, "id": "call-1", "type": "function", "function": function}]}


@pytest.fixture
def armed(screen: Screen) -> Screen:
    """A conversation with a model that may use tools."""
    page = screen.page
    screen.choose_model(TALKS)
    expect(page.locator("#setting-tools-on input[type=checkbox]")).to_be_enabled()
    with kept(page):
        page.locator("#setting-tools-on input[type=checkbox]").check()
    return screen


def test_a_calculation_shows_its_question_and_its_answer(armed: Screen, upstream: Upstream) -> None:
    asked = call("calculator", {"expression": "6*7"})
    upstream.replies(
        "six times seven",
        openai_stream(["Let me see. ", asked], finish="tool_calls"),
        openai_stream(["It is 42."]),
    )
    reply = armed.told("six times seven")
    card = reply.locator(".tool")
    expect(card.locator(".state")).to_have_text("answered")
    card.locator("summary").click()
    expect(card.locator(".answer")).to_be_visible()
    expect(card).to_contain_text("6*7")
    expect(card.locator(".answer")).to_contain_text("42")
    expect(reply.locator(".body")).to_contain_text("It is 42.")
    told = upstream.asked("six times seven")[-1].json["messages"][-1]
    assert told["role"] == "tool"
    assert "42" in told["content"]
    streamed = reply.locator(".body").inner_text()
    armed.reload()
    armed.reply.locator(".tool summary").click()
    expect(armed.reply.locator(".tool .answer")).to_be_visible()
    assert armed.reply.locator(".body").inner_text() == streamed


def test_a_chart_stands_under_its_card_and_can_be_used_as_input(
    armed: Screen, upstream: Upstream
) -> None:
    chart = {"kind": "bar", "labels": ["pear", "plum"], "values": [3, 4], "title": "Fruit"}
    upstream.replies(
        "chart of fruit",
        openai_stream([call("chart", chart)], finish="tool_calls"),
        openai_stream(["There it is."]),
    )
    reply = armed.told("a chart of fruit")
    expect(reply.locator(".tool + .pic")).to_have_count(1)
    armed.tray_shows(*armed.shas(reply.locator(".pic")))


def test_a_tool_that_fails_says_why_and_the_reply_goes_on(
    armed: Screen, upstream: Upstream
) -> None:
    asked = call("calculator", {"expression": "6/"})
    upstream.replies(
        "six by nothing",
        openai_stream([asked], finish="tool_calls"),
        openai_stream(["That has no answer."]),
    )
    reply = armed.told("six by nothing")
    expect(reply.locator(".tool.failed .state")).to_have_text("could not answer")
    expect(reply).to_contain_text("That has no answer.")
