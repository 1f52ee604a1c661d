"""A reply made to take for ever must not hold up everybody else's page."""

from collections.abc import Callable

import pytest

from chat.core.events import TextDelta
from chat.render.code import LANGUAGES
from chat.render.live_body import LiveBody
from chat.render.markdown import to_html
from chat.render.streaming import StreamingMarkdown
from tests.work import TWICE, calls, growth

pytestmark = pytest.mark.deep

CHARS = 1_500

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
    "one run of backticks": "`",
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
    "dashes": "-",
    "setext": "a\n=\n",
    "strikes": "~~a ",
    "one run of tildes": "~",
    "underlines": "_",
    "equal signs": "=",
    "hashes": "#",
    "spaces": " ",
    "line ends": "\n",
    "one word": "a",
    "footnotes": "[^a]: b\n",
    "footnotes in one another": "[^a]: ",
    "references": "a[^b] ",
    "references without an end": "a[^b",
    "addresses in a footnote": "[^1]: https://a.b..... ",
}


def rendering(begin: str, seed: str) -> Callable[[int], Callable[[], object]]:
    return lambda chars: lambda: to_html(begin + (seed * chars)[:chars])


def streaming(seed: str, piece: int) -> Callable[[int], Callable[[], object]]:
    def stream(chars: int) -> None:
        text = (seed * chars)[:chars]
        growing = StreamingMarkdown()
        for start in range(0, chars, piece):
            growing.append(text[start : start + piece])
            growing.take()
        growing.finish()

    return lambda chars: lambda: stream(chars)


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS.keys())
def test_no_signs_make_rendering_grow_faster_than_the_text(seed: str) -> None:
    assert growth(rendering("", seed), CHARS) < TWICE


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

MOST_CALLS = 2_500_000
"""What the dearest of them may come to however long it is: rendered as words from there on."""


@pytest.mark.parametrize("chars", [40_000])
@pytest.mark.parametrize(("begin", "seed"), DEAR.values(), ids=DEAR.keys())
def test_no_shape_costs_more_than_a_text_may(begin: str, seed: str, chars: int) -> None:
    assert calls(rendering(begin, seed)(chars)) < MOST_CALLS


@pytest.mark.parametrize(("begin", "seed"), DEAR.values(), ids=DEAR.keys())
def test_no_shape_makes_a_large_piece_of_a_stream_dear(begin: str, seed: str) -> None:
    pieces = begin + seed * (60_000 // len(seed))
    body = LiveBody({})

    def feed() -> None:
        body.feed([TextDelta(pieces[:30_000])])
        body.feed([TextDelta(pieces[30_000:])])

    assert calls(feed) < 2 * MOST_CALLS


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_no_language_makes_colouring_grow_faster_than_the_code(language: str) -> None:
    lines = ['"' * 40, "(" * 40, "/*" * 20, "<" * 40, "`${" * 12, "\\" * 40, "a" * 40, "'\"" * 20]
    for line in lines:
        begin, seed = f"```{language}\n", f"{line}\n"
        assert growth(rendering(begin, seed), 400) < TWICE, line


STREAMED = (
    "- a\n",
    "> a\n",
    "a ",
    "a",
    "|a|b|\n",
    "**a ",
    "```\n~~~\n",
    "$$ a\n",
    "~",
    "`",
    "-",
    "[",
    "[^a]: b\n",
)
LONG_CHARS, PIECE_CHARS = 4_000, 400
"""A block that is short is drawn anew with each piece, so growth shows in long ones only."""


@pytest.mark.parametrize("seed", STREAMED)
def test_no_signs_make_streaming_grow_faster_than_the_text(seed: str) -> None:
    assert growth(streaming(seed, PIECE_CHARS), LONG_CHARS) < TWICE
