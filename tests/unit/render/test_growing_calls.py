"""The line of a call grows while its model writes it, and is the same line when it is whole."""

import re

import pytest

from chat.core.events import CallDelta, CallsEnded, ReasoningDelta, Saved, TextDelta
from chat.core.messages import Message, new_id
from chat.core.parts import Text, ToolCall, ToolResult
from chat.render.live_body import LiveBody
from tests.unit.render.test_tool_calls import HOSTILE, REMOTE

TITLES = {"mail": "Send an e-mail"}


def line(html: str) -> tuple[str, str]:
    """What the last line says of its arguments, and of its state."""
    short = re.findall(r'<span class="short" dir="auto">(.*?)</span>', html)
    return (short[-1] if short else ""), re.findall(r'<span class="state">(.*?)</span>', html)[-1]


def test_name_and_arguments_are_seen_as_they_come_and_stay_where_they_are() -> None:
    body, seen = LiveBody(TITLES), []
    body.feed([CallDelta(0, "mail", "")])
    assert line(body.html()) == ("", "is called")
    for piece in ('{"to": "a', "da@exam", 'ple.com", "subj', 'ect": "Hel', 'lo"}'):
        body.feed([CallDelta(0, "mail", piece)])
        seen.append(line(body.html())[0])
    assert seen == [
        "a",
        "ada@exam",
        "ada@example.com",
        "to: ada@example.com, subject: Hel",
        "to: ada@example.com, subject: Hello",
    ]
    growing = body.html()
    assert "Send an e-mail" in growing
    body.feed([ToolCall("c", "mail", {"to": "ada@example.com", "subject": "Hello"})])
    whole = growing.replace("tool growing", "tool running").replace("is called", "is working")
    assert body.html() == whole, "the same line, in another state"


def test_a_chunk_costs_its_own_words_and_no_more_than_is_shown_of_a_call() -> None:
    body = LiveBody({})
    body.feed([CallDelta(0, "write", '{"text": "')])
    sent = 0
    for _ in range(2_000):
        changes = body.feed([CallDelta(0, "write", "word ")])
        sent += sum(len(change.tail) for change in changes)
    assert sent < 150_000, "800 pieces are shown, each with the end of the line behind it"
    assert body.feed([CallDelta(0, "write", "word ")]) == []


def test_calls_stand_behind_the_words_and_in_their_order() -> None:
    body = LiveBody({})
    body.feed([TextDelta("Let me see"), CallDelta(0, "one", "{"), CallDelta(1, "two", "{")])
    body.feed([TextDelta(" what it is.")])
    assert body.html().startswith('<p dir="auto">Let me see what it is.</p>')
    assert re.findall(r'dir="auto">(one|two)<', body.html()) == ["one", "two"]
    body.feed([ToolCall("c1", "one", {})])
    assert re.findall(r'class="tool (\w+)"', body.html()) == ["running", "growing"]
    body.feed([ToolCall("c2", "two", {}), CallsEnded()])
    assert re.findall(r'class="tool (\w+)"', body.html()) == ["running", "running"]


def test_two_calls_of_one_tool_are_two_lines_whose_first_is_whole_first() -> None:
    body = LiveBody({})
    body.feed([CallDelta(0, "add", '{"a": 1}'), CallDelta(1, "add", '{"a": 2')])
    body.feed([ToolCall("c", "add", {"a": 1})])
    assert re.findall(r'"short" dir="auto">(\d)<', body.html()) == ["1", "2"]
    assert re.findall(r'class="tool (\w+)"', body.html()) == ["running", "growing"]


@pytest.mark.parametrize(
    "end",
    [
        CallsEnded(),
        Saved(Message(new_id(), "c", None, "assistant", (), status="stopped")),
    ],
)
def test_what_never_became_whole_is_not_shown_any_more(end: CallsEnded | Saved) -> None:
    body = LiveBody({})
    body.feed([ReasoningDelta("Hm."), CallDelta(0, "mail", '{"to": "a')])
    body.feed([end])
    assert "tool" not in body.html()


def test_arguments_that_begin_again_take_the_place_of_those_before() -> None:
    body = LiveBody({})
    body.feed([CallDelta(0, "mail", '{"to": "ada"}'), CallDelta(0, "mail", '{"to": "b', True)])
    assert line(body.html())[0] == "b"


def test_what_is_no_json_leaves_the_line_as_it_was() -> None:
    body = LiveBody({})
    body.feed([CallDelta(0, "mail", '{"to": "ada"'), CallDelta(0, "mail", " oh no")])
    assert line(body.html())[0] == "ada"
    body.feed([CallDelta(1, "", "{"), CallDelta(2, "x", "[1, 2")])
    assert body.html().count("<details") == 2, "without a name there is no line yet"


@pytest.mark.parametrize("hostile", [HOSTILE, REMOTE, "</details></summary><b>", "\ud800\x00x"])
def test_names_and_arguments_of_strangers_are_words_and_nothing_else(hostile: str) -> None:
    body = LiveBody({})
    body.feed([CallDelta(0, hostile, f'{{"{hostile}": "'.replace('="', "='") + hostile[:9])])
    body.feed([CallDelta(1, "x", '{"a": "' + hostile.replace('"', "'"))])
    lowered = body.html().lower()
    for sign in ("<script", "<style", "<b>", "onerror=alert(1)><", 'src="http', 'href="http'):
        assert sign not in lowered
    assert lowered.count("<details") == lowered.count("</details>") == 2
    body.feed([ToolCall("c", "x", {}), ToolResult("c", "x", (Text("y"),)), CallsEnded()])
    assert body.html().count("<details") == 1
