"""What a model does with tools can be seen, from its call to the answer it got."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, kept
from tests.browser.test_access import violations
from tests.browser.test_layout import fits
from tests.browser.upstream import TALKS, Upstream
from tests.loopback import Gate
from tests.wire_shapes import Said, openai_stream

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
    expect(card.locator(".short")).to_have_text("6*7")
    expect(card.locator(".took")).to_contain_text(" s")
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


def piece(arguments: str, name: str = "") -> dict[str, Any]:
    """A piece of a call as a raw delta; the first one has its name."""
    head = {"id": "call-1", "type": "function"} if name else {}
    function = {"arguments": arguments, **({"name": name} if name else {})}
    return {"tool_calls": [{"index": 0, **head, "function": function}]}


def test_a_call_is_seen_while_it_is_written_and_its_line_stays_in_its_place(
    armed: Screen, upstream: Upstream
) -> None:
    first, second = Gate(), Gate()
    parts: list[Said] = [
        "Let me see.",
        piece('{"expression": "6*', "calculator"),
        first,
        piece('7 + 0"'),
        second,
    ]
    upstream.replies(
        "six times seven, slowly",
        openai_stream([*parts, piece("}")], finish="tool_calls"),
        openai_stream(["It is 42."]),
    )
    reply = armed.ask("six times seven, slowly")
    line = reply.locator(".tool.growing")
    expect(line.locator(".name")).to_have_text("Calculator")
    expect(line.locator(".short")).to_have_text("6*")
    expect(line.locator(".state")).to_have_text("is called")
    heard = armed.page.locator("#announcer")
    expect(heard).to_have_text("The reply has begun.")
    place = line.bounding_box()
    line.locator("summary").focus()
    armed.page.keyboard.press("Enter")
    expect(line).to_have_attribute("open", "")
    first.open()
    expect(line.locator(".short")).to_have_text("6*7 + 0")
    expect(line.locator("pre")).to_contain_text("6*7 + 0")
    expect(line).to_have_attribute("open", "")  # what the reader opened stays so while it grows
    expect(line.locator("summary")).to_be_focused()
    armed.page.keyboard.press("Enter")
    expect(heard).to_have_text("The reply has begun.")  # nobody hears every piece of it
    # Who comes now, by a reload too, sees how far it is.
    armed.reload()
    expect(armed.reply.locator(".tool.growing .short")).to_have_text("6*7 + 0")
    second.open()
    reply = armed.ended()
    expect(reply.locator(".tool.done .short")).to_have_text("6*7 + 0")
    expect(reply.locator(".tool.growing")).to_have_count(0)
    now = reply.locator(".tool").bounding_box()
    assert place is not None
    assert now is not None
    assert (now["x"], now["height"]) == (place["x"], place["height"])


def test_stop_in_the_middle_of_a_call_leaves_no_half_of_it(
    armed: Screen, upstream: Upstream
) -> None:
    parts: list[Said] = ["Let me see.", piece('{"expression": "6*', "calculator"), Gate()]
    upstream.says("half a call", *parts)
    reply = armed.ask("half a call")
    expect(reply.locator(".tool.growing .short")).to_have_text("6*")
    armed.page.set_viewport_size({"width": 360, "height": 740})
    fits(armed.page)
    assert violations(armed.page) == []
    armed.send.click()
    armed.ended("stopped", reply)
    expect(reply.locator(".tool")).to_have_count(0)
    armed.reload()
    expect(armed.reply.locator(".body")).to_contain_text("Let me see.")
    expect(armed.reply.locator(".tool")).to_have_count(0)


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
