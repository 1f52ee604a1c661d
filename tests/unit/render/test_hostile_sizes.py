"""A reply made to take for ever must not hold up everybody else's page."""

import time

import pytest

from chat.core.events import TextDelta
from chat.render.code import LANGUAGES
from chat.render.live import LiveBody
from chat.render.markdown import MAX_CHARS, to_html
from chat.render.streaming import StreamingMarkdown

LIMIT_S = 4.0
"""CPU time; some fifty times what harmless text of this length costs."""

SEEDS = {
    "quotes": ">",
    "brackets": "[",
    "stars": "*",
    "star words": "**a ",
    "crossed emphasis": "*a_b ",
    "open links": "[a](",
    "open titles": "[a](b '",
    "open angles": "[a](<b",
    "pictures": "![a](",
    "backslashes": "\\",
    "backticks": "` `` ``` ",
    "tags": "<a ",
    "entities": "&a",
    "list": "- a\n",
    "numbers": "1. a\n",
    "quote lines": "> a\n",
    "all signs": "*_`[<&",
    "dollars": "$a ",
    "formulas": "$x$ ",
    "new formulas": r"\(\frac{1}{2}\) ",
    "open formulas": "\\[\n",
    "open display": "$$ a\n",
    "definitions": "[a]: /b '\n",
    "table": "|a|b|\n|-|-|\n",
    "pipes": "|",
    "setext": "a\n=\n",
    "strikes": "~~a ",
}


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS.keys())
def test_no_pattern_makes_rendering_slow(seed: str) -> None:
    text = (seed * MAX_CHARS)[:MAX_CHARS]
    begun_s = time.process_time()
    to_html(text)
    assert time.process_time() - begun_s < LIMIT_S


DEAR = {
    "lazy quotes": ("> " * 30, "a\n"),
    "lazy quotes in lists": ("> - " * 10, "a\n"),
    "every line quoted deeply": ("", "> " * 20 + "a\n"),
    "rows": ("|a|b|\n|-|-|\n", "|x|y|\n"),
    "empty rows of a wide table": ("|a" * 20 + "|\n" + "|-" * 20 + "|\n", "|\n"),
    "items": ("", "- a\n"),
    "small blocks of code": ("", "```py\nx = f(1)\n```\n"),
    "large blocks of code": ("", "```py\n" + "x = f(1)\n" * 3_000 + "```\n"),
}
"""How a text begins, and what follows again and again."""

DEAR_LIMIT_S = 2.0


@pytest.mark.parametrize("chars", [4_000, 40_000, 190_000])
@pytest.mark.parametrize(("begin", "seed"), DEAR.values(), ids=DEAR.keys())
def test_no_shape_costs_more_than_its_length(begin: str, seed: str, chars: int) -> None:
    text = begin + seed * (chars // len(seed))
    begun_s = time.process_time()
    to_html(text)
    assert time.process_time() - begun_s < min(DEAR_LIMIT_S, 0.3 + chars / 20_000)


@pytest.mark.parametrize(("begin", "seed"), DEAR.values(), ids=DEAR.keys())
def test_no_shape_makes_a_large_piece_of_a_stream_slow(begin: str, seed: str) -> None:
    pieces = begin + seed * (190_000 // len(seed))
    body = LiveBody({})
    begun_s = time.process_time()
    body.feed([TextDelta(pieces[:100_000])])
    body.feed([TextDelta(pieces[100_000:])])
    assert time.process_time() - begun_s < 2 * DEAR_LIMIT_S


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_no_language_makes_colouring_slow(language: str) -> None:
    lines = ['"' * 40, "(" * 40, "/*" * 20, "<" * 40, "`${" * 12, "\\" * 40, "a" * 40, "'\"" * 20]
    begun_s = time.process_time()
    for line in lines:
        to_html(f"```{language}\n" + f"{line}\n" * (20_000 // len(line)) + "```")
    assert time.process_time() - begun_s < LIMIT_S


@pytest.mark.parametrize(
    "seed", ["- a\n", "> a\n", "a ", "|a|b|\n", "**a ", "```\n~~~\n", "$$ a\n"]
)
def test_a_long_block_does_not_make_streaming_slow(seed: str) -> None:
    text = (seed * 30_000)[:30_000]
    stream = StreamingMarkdown()
    begun_s = time.process_time()
    for start in range(0, len(text), 50):
        stream.append(text[start : start + 50])
        stream.take()
    stream.finish()
    assert time.process_time() - begun_s < LIMIT_S
