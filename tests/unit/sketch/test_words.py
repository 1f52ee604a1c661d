"""Answers in words, tools, and tales: an honest painter says what it is and what it cannot."""

import pytest

from chat.core.calling import ToolSpec
from tests.unit.sketch.conversation import Talk

CALCULATOR = ToolSpec(
    "calculator",
    "Works out a sum.",
    {
        "type": "object",
        "properties": {"expression": {"type": "string"}},
        "required": ["expression"],
    },
)
CLOCK = ToolSpec(
    "clock", "Tells the time.", {"type": "object", "properties": {"timezone": {"type": "string"}}}
)
CHART = ToolSpec(
    "chart",
    "Draws a chart.",
    {"type": "object", "properties": {n: {} for n in ("kind", "title", "labels", "values")}},
)
TOOLS = (CALCULATOR, CLOCK, CHART)


async def test_a_sum_calls_the_calculator_and_the_result_is_told() -> None:
    talk = Talk(tools=TOOLS)
    asked = await talk.ask("what is 12.5 * (3 + 4)?")
    (call,) = asked.calls
    assert (call.name, call.arguments) == ("calculator", {"expression": "12.5 * (3 + 4)"})
    assert asked.finished.finish.kind == "tool_calls"
    told = await talk.result("87.5")
    assert "87.5" in told.text
    assert told.calls == []
    assert told.finished.finish.kind == "stop"


async def test_a_failed_tool_is_told_as_failed() -> None:
    talk = Talk(tools=TOOLS)
    await talk.ask("what is 1 / 0?")
    told = await talk.result("That divides by zero.", failed=True)
    assert "could not" in told.text
    assert "divides by zero" in told.text


async def test_the_time_somewhere_calls_the_clock_with_its_zone() -> None:
    (call,) = (await Talk(tools=TOOLS).ask("What time is it in Tokyo?")).calls
    assert (call.name, call.arguments) == ("clock", {"timezone": "Asia/Tokyo"})


async def test_a_chart_gets_its_labels_and_values() -> None:
    said = "draw a pie chart of fruit: apples 3, pears 5 and plums 7.5"
    (call,) = (await Talk(tools=TOOLS).ask(said)).calls
    assert call.name == "chart"
    assert call.arguments["kind"] == "pie"
    assert call.arguments["labels"] == ["apples", "pears", "plums"]
    assert call.arguments["values"] == [3, 5, 7.5]


@pytest.mark.parametrize(
    ("said", "name", "arguments"),
    [
        (
            "Convert 20 degC to fahrenheit",
            "convert_units",
            {"value": 20, "from_unit": "degC", "to_unit": "fahrenheit"},
        ),
        (
            "search my earlier conversations for a fox",
            "search_conversations",
            {"query": "a fox"},
        ),
        ("Search the web for foxes", "web_search", {"query": "foxes"}),
        (
            "read https://Example.com/Fox?a=1",
            "read_web_page",
            {"address": "https://Example.com/Fox?a=1"},
        ),
        ("Read the file Old notes.pdf", "read_file", {"file": "Old notes.pdf"}),
        ("read Bericht.pdf", "read_file", {"file": "Bericht.pdf"}),
        ("read @file2", "read_file", {"file": "@file2"}),
        ("query SELECT count(*) FROM sales", "query_data", {"sql": "SELECT count(*) FROM sales"}),
    ],
)
async def test_what_is_asked_for_in_so_many_words_calls_its_tool(
    said: str, name: str, arguments: dict[str, object]
) -> None:
    properties: dict[str, object] = {key: {} for key in arguments}
    spec = ToolSpec(name, "", {"type": "object", "properties": properties})
    (call,) = (await Talk(tools=(*TOOLS, spec)).ask(said)).calls
    assert (call.name, call.arguments) == (name, arguments)


async def test_arguments_carry_the_names_that_the_schema_has() -> None:
    spec = ToolSpec("calculator", "", {"properties": {"formula": {}}, "required": ["formula"]})
    (call,) = (await Talk(tools=(spec,)).ask("4 + 4")).calls
    assert call.arguments == {"formula": "4 + 4"}


async def test_without_tools_nothing_is_computed_and_the_switch_is_named() -> None:
    reply = await Talk().ask("what is 3 * 4?")
    assert reply.calls == []
    assert "Tools" in reply.text
    assert "under the message box" in reply.text
    assert "12" not in reply.text


async def test_a_number_in_a_picture_is_no_sum() -> None:
    reply = await Talk(tools=TOOLS).ask("a house with 2 cats and 3 trees")
    assert reply.calls == []
    assert len(reply.shown) == 1


async def test_a_question_about_itself_is_answered_honestly() -> None:
    for words in ("what can you do?", "help", "are you an AI?"):
        text = (await Talk().ask(words)).text
        assert "the built-in offline painter (not an AI model)" in text


async def test_a_greeting_is_returned() -> None:
    reply = await Talk().ask("Hello!")
    assert reply.text.startswith("Hello")
    assert reply.shown == []


async def test_what_is_not_understood_gets_pictures_to_choose_from() -> None:
    reply = await Talk().ask("sing me the Marseillaise backwards")
    assert "did not understand" in reply.text
    assert reply.text.count("\n- ") == 6
    assert reply.finished.finish.kind == "stop"


@pytest.mark.deep
@pytest.mark.parametrize(
    ("words", "pairs"),
    [
        ("an illustrated recipe for apple pie in 3 steps", 3),
        ("an illustrated recipe for lemon cake", 4),
        ("tell me a story about a fox and a rabbit in five pictures", 5),
        ("a story about a robot in 99 steps", 8),
        ("a story about a cat in 1 step", 1),
    ],
)
async def test_a_tale_has_a_text_and_a_picture_for_every_step(words: str, pairs: int) -> None:
    reply = await Talk().ask(words)
    assert reply.order() == "tp" * pairs + "t"
    assert reply.text.count("\n## ") == pairs
    assert len({shown.data for shown in reply.shown}) == pairs


async def test_a_tale_is_about_what_was_asked() -> None:
    recipe = await Talk().ask("a recipe for apple pie in 3 steps")
    assert "apple pie" in recipe.text
    story = await Talk().ask("a story about a robot in 3 steps")
    assert story.text.count("robot") > 2
    assert "robot" in story.shown[0].alt
