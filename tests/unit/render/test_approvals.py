"""The cards on which a user decides show a stranger's words as they are, and load nothing."""

import re

import pytest

from chat.core.events import UserAsked
from chat.core.forms import read_form
from chat.core.parts import Asked, ToolCall
from chat.render.approvals import approval
from chat.render.questions import question

HOSTILE = "\"><img src=//evil.example/x onerror=alert(1)><a href='//evil.example'>![x](//evil)"
TAGS = re.compile(r"<(\w+)([^>]*)>")


def tags(html: str) -> set[str]:
    return {name for name, _ in TAGS.findall(html)}


def test_nothing_of_a_call_becomes_markup() -> None:
    asked = Asked(HOSTILE, HOSTILE, HOSTILE, HOSTILE, {HOSTILE: HOSTILE}, note=HOSTILE)
    call = ToolCall(HOSTILE, HOSTILE, {HOSTILE: HOSTILE, "deep": [{HOSTILE: HOSTILE}]}, asked=asked)
    html = approval([call, call])
    assert not tags(html) & {"img", "a", "script", "iframe", "form", "link", "style"}
    bare = re.sub(r'"[^"]*"', "", " ".join(attributes for _, attributes in TAGS.findall(html)))
    assert not re.search(r"\b(src|href|on\w+|style)=", bare)


def test_nothing_of_a_question_becomes_markup() -> None:
    kinds: list[dict[str, object]] = [
        {"type": "string", "enum": [HOSTILE]},
        {"type": "string", "default": HOSTILE},
        {"type": "string", "maxLength": 900, "default": HOSTILE},
        {"type": "array", "items": {"enum": [HOSTILE]}},
        {"type": "boolean"},
    ]
    told = {
        f"{number}{HOSTILE}"[:90]: {**kind, "title": HOSTILE, "description": HOSTILE}
        for number, kind in enumerate(kinds)
    }
    fields = read_form({"type": "object", "properties": told})
    html = question(UserAsked("ab" * 16, "c", HOSTILE, HOSTILE, HOSTILE, fields))
    assert not tags(html) & {"img", "a", "script", "iframe", "link", "style"}
    assert "action=" not in html


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x07", "\u2028", "\xad"])
def test_a_sign_that_hides_or_turns_what_follows_is_seen(sign: str) -> None:
    asked = Asked("ab" * 32, f"Pay{sign}pal", "", f"Reads{sign}")
    html = approval([ToolCall("c", "pay", {f"t{sign}o": f"Ada{sign}ecila"}, asked=asked)])
    assert sign not in re.sub(r'aria-label="[^"]*"', "", html)
    assert html.count(f"U+{ord(sign):04X}") >= 4


def test_a_tool_that_always_asks_offers_nothing_for_good() -> None:
    call = ToolCall("c", "send", {}, asked=Asked("ab" * 32, "Send", always=True))
    assert 'data-decide="conversation"' not in approval([call])
    assert "data-decide-all" not in approval([call])


def test_every_argument_is_shown_whole_however_long() -> None:
    words = "word " * 15_000 + "the end"
    call = ToolCall("c", "send", {"text": words}, asked=Asked("ab" * 32, "Send"))
    assert words in approval([call])
