"""A call of a tool is one line, whatever a model or a server puts into it."""

from typing import Any

import pytest

from chat.core.parts import Image, MediaRef, Text, ToolCall, ToolResult
from chat.render.blocks import reply_blocks
from chat.render.live_body import LiveBody
from chat.render.tool_calls import short_arguments, tool

HOSTILE = '"><img src=https://evil.test/x onerror=alert(1)><script>x</script>'
REMOTE = "![p](https://evil.test/p.png) [l](javascript:alert(1)) <style>*{display:none}</style>"
PICTURE = Image(MediaRef("a" * 64, "image/png", 1, 4, 4), "tool", alt=HOSTILE)


def test_a_line_names_the_tool_its_first_arguments_its_end_and_its_time() -> None:
    call = ToolCall("c", "calculator", {"expression": "6*7"})
    html = tool(call, ToolResult("c", "calculator", (Text("42"),), took_s=0.42), "Calculator")
    line = html.partition("</summary>")[0]
    assert '<span class="name" dir="auto">Calculator</span>' in line
    assert '<span class="short" dir="auto">6*7</span>' in line
    assert '<span class="state">answered</span>' in line
    assert '<span class="took">0.4 s</span>' in line
    assert '<pre class="answer" dir="auto">42</pre>' in html
    older = tool(call, ToolResult("c", "calculator", (Text("42"),), failed=True), "Calculator")
    assert "could not answer" in older
    assert 'class="took"' not in older
    quick = tool(call, ToolResult("c", "calculator", (), took_s=0.003), "Calculator")
    assert '<span class="took">&lt; 0.1 s</span>' in quick


@pytest.mark.parametrize("hostile", [HOSTILE, REMOTE, "</details></summary><b>", "\ud800\x00x"])
def test_names_arguments_and_answers_of_strangers_are_words_and_nothing_else(hostile: str) -> None:
    call = ToolCall("c", hostile, {hostile: hostile, "more": [hostile, {hostile: hostile}]})
    result = ToolResult("c", hostile, (Text(hostile), PICTURE), took_s=1.0)
    body = LiveBody({})
    body.feed([call])
    running = body.html()
    body.feed([result])
    for html in (running, body.html(), "".join(reply_blocks((call, result), {}))):
        lowered = html.lower()
        for sign in ("<script", "<style", "<b>", "onerror=alert(1)><", 'src="http', 'href="http'):
            assert sign not in lowered
        assert lowered.count("<details") == lowered.count("</details>") == 1
        assert lowered.count("<summary") == lowered.count("</summary>") == 1
        assert "\x00" not in html


def test_parallel_calls_stand_side_by_side_in_their_order_with_pictures_under_their_own() -> None:
    calls = [ToolCall(f"c{n}", "draw", {"n": n}) for n in range(3)]
    body = LiveBody({})
    body.feed(calls)
    assert body.html().count('<details class="tool running">') == 3
    body.feed([ToolResult("c0", "draw", (Text("a"),)), ToolResult("c1", "draw", (PICTURE,))])
    kinds = [
        ("running" if "tool running" in part else "done", "<figure" in part)
        for part in body.html().split("<details")[1:]
    ]
    assert kinds == [("done", False), ("done", True), ("running", False)]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({}, ""),
        ({"place": " Utrecht,\n the  Netherlands "}, "Utrecht, the Netherlands"),
        ({"a": 1, "b": None, "c": True, "d": 1.5}, "a: 1, b: null, c: true, d: 1.5"),
        ({"list": [1, "two", [3], {"k": 4}]}, "1, two, […], {…}"),
        ({"list": [], "map": {}}, "list: [], map: {}"),
        ({"text": "x" * 500}, "x" * 90 + "…"),
    ],
)
def test_the_first_words_of_the_arguments_make_one_line(
    arguments: dict[str, Any], line: str
) -> None:
    assert short_arguments(arguments) == line


class Huge(dict[str, Any]):
    """Counts what is looked at."""

    looked = 0

    def items(self) -> Any:
        for name, value in super().items():
            self.looked += 1
            yield name, value


def test_the_line_of_huge_arguments_is_not_made_by_reading_all_of_them() -> None:
    deep: Any = [1]
    for _ in range(5_000):
        deep = [deep]
    huge = Huge({"deep": deep} | {f"k{n}": "y " * 50_000 for n in range(200)})
    assert short_arguments(huge).startswith("deep: […], k0: y y")
    assert len(short_arguments(huge)) <= 91
    assert huge.looked < 20
