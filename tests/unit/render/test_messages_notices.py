"""Under a reply that went wrong: the cause, whether it was billed, and the ways on."""

import re
from dataclasses import replace
from typing import Any

import pytest

from chat.core.asked_for import other_picture
from chat.core.display_names import DisplayNames
from chat.core.messages import Billed, Finish, Message, NextAction, Origin, Status, Usage
from chat.core.parts import Part, Text
from chat.render.messages import tail_html
from chat.render.notices import BUTTONS

NAMES = DisplayNames({}, {})
EVIL = '<img src=x onerror="alert(1)">&"'


def reply(
    status: Status = "complete", finish: Finish | None = None, *parts: Part, **more: Any
) -> Message:
    message = Message("a" * 32, "c" * 32, "b" * 32, "assistant", parts, status, finish)
    return replace(message, **more)


def drawn(message: Message) -> str:
    return tail_html(message, [message.id], NAMES, running=False)


def buttons(html: str) -> list[tuple[str, str]]:
    """What the buttons of the notice do and say, in order."""
    above = html.partition("<footer")[0]
    return re.findall(r'data-act="([\w-]+)">([^<]+)</button>', above)


def test_the_ways_on_are_buttons_the_best_first() -> None:
    actions: tuple[NextAction, ...] = ("reword", "other_model", "retry", "edit", "ask_picture")
    html = drawn(reply("blocked", Finish("blocked", "SAFETY", "No.", actions=actions)))
    assert buttons(html) == [BUTTONS[action] for action in actions]
    first, *others = re.findall(r"<button[^>]*data-act=[^>]*>", html.partition("<footer")[0])
    assert "second" not in first
    assert all("second" in other for other in others)


@pytest.mark.parametrize(
    ("status", "labels"),
    [
        ("failed", ["Retry", "Edit"]),
        ("blocked", ["Retry", "Edit"]),
        ("stopped", ["Retry"]),
        ("interrupted", ["Retry"]),
    ],
)
def test_an_end_that_names_no_way_on_has_the_usual_ones(status: Status, labels: list[str]) -> None:
    assert [label for _, label in buttons(drawn(reply(status)))] == labels


@pytest.mark.parametrize(
    ("status", "billed", "arrived", "sentence"),
    [
        ("blocked", "yes", False, "Billed."),
        ("blocked", "no", False, "Not billed."),
        ("blocked", "unknown", False, "It is not known whether this was billed."),
        ("failed", "no", False, "Not billed."),
        ("failed", "unknown", False, "It is not known whether this was billed."),
        ("failed", "unknown", True, "It is not known whether this was billed."),
        ("interrupted", "unknown", True, "It is not known whether this was billed."),
        ("stopped", "unknown", True, ""),
        ("complete", "yes", True, ""),
    ],
)
def test_who_is_refused_learns_whether_it_was_billed(
    status: Status, billed: Billed, arrived: bool, sentence: str
) -> None:
    parts = (Text("half"),) if arrived else ()
    html = drawn(reply(status, Finish("error", "X", "Cause.", billed), *parts))
    told = re.findall(r'<span class="billed">([^<]*)</span>', html)
    assert told == ([sentence] if sentence else [])


def test_a_known_cost_needs_no_second_word_on_billing() -> None:
    blocked = reply("blocked", Finish("blocked", "SAFETY"), usage=Usage(10), cost_usd=0.01)
    assert "billed" not in drawn(blocked)


def test_words_instead_of_a_picture_are_one_calm_line_with_one_button() -> None:
    finish = Finish("stop", "STOP", actions=("ask_picture",))
    html = drawn(reply("complete", finish, Text("A cat is an animal.")))
    assert 'class="nudge"' in html
    assert 'class="notice' not in html
    assert buttons(html) == [("ask-picture", "Ask for the picture")]


def test_how_a_reply_came_about_is_noted_under_it() -> None:
    origin = Origin("k", "e", "m", notes=("Another model answered.", " "))
    finish = Finish("stop", message="Made from your last message alone.")
    html = drawn(reply("complete", finish, Text("x"), origin=origin))
    notes = re.findall(r"<li[^>]*>([^<]*)</li>", html)
    assert notes == ["Another model answered.", "Made from your last message alone."]
    assert "notes" not in drawn(reply("complete", Finish("stop"), Text("x")))


def test_a_reply_that_reached_its_length_says_so_and_can_be_tried_again() -> None:
    html = drawn(reply("complete", Finish("length"), Text("x")))
    assert "Cut short" in html
    assert [label for _, label in buttons(html)] == ["Retry"]


@pytest.mark.parametrize("status", ["failed", "blocked", "complete"])
def test_nothing_that_a_provider_says_is_markup(status: Status) -> None:
    finish = Finish("stop", EVIL, EVIL, actions=("ask_picture",))
    origin = Origin("k", "e", EVIL, deployment=EVIL, notes=(EVIL,))
    html = drawn(reply(status, finish, Text("x"), origin=origin, usage=Usage(1), cost_usd=0.1))
    assert "<img" not in html
    assert 'x onerror="' not in html


CROP, EXTEND = ("crop", "16:9", "Crop to 16:9"), ("extend", "16:9", "Extend to 16:9")


@pytest.mark.parametrize(
    ("asked", "came", "ways"),
    [
        ("16:9", (400, 300), [CROP, EXTEND]),
        ("2K", (1024, 1024), [("enlarge", "", "Enlarge")]),
        ("512", (1024, 1024), [("resize", "", "Make it smaller")]),
        ("16:9 at 2K", (1024, 1024), [CROP, EXTEND, ("enlarge", "", "Enlarge")]),
        ("16:9 at 1K", (2048, 2048), [CROP, EXTEND]),
        ("1536 × 864", (768, 432), [("enlarge", "", "Enlarge")]),
        ("1536 × 864", (1536, 1536), [CROP, EXTEND]),
        ("16:9 it", (400, 300), []),
    ],
)
def test_what_came_otherwise_than_asked_can_be_put_right_by_a_press(
    asked: str, came: tuple[int, int], ways: list[tuple[str, str, str]]
) -> None:
    note = f"A remark {EVIL}. {other_picture(asked, *came)} It was dear."
    html = drawn(reply("complete", Finish("stop", message=note)))
    told = r'data-act="shape" data-tool="(\w+)" data-ratio="([\d:]*)" data-pixels="\d+">([^<]+)<'
    assert re.findall(told, html) == ways
    assert "<img" not in html
