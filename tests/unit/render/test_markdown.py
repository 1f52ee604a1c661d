"""What models write comes out as what they meant."""

import pytest

from chat.render.markdown import MAX_CHARS, to_html
from chat.render.maths import mathml
from tests.unit.render.allowed import Page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b** *c* ~~d~~ `e`", "a <strong>b</strong> <em>c</em> <s>d</s> <code>e</code>"),
        ("one\ntwo", "one<br>\ntwo"),
        ("# Top", '<h3 dir="auto">Top</h3>'),
        ("#### Deep", '<h6 dir="auto">Deep</h6>'),
        ("3. c\n4. d", '<ol dir="auto" start="3">'),
        ("***", "<hr>"),
        ("> said", '<blockquote dir="auto">\n<p dir="auto">said</p>'),
        ("|a|b|\n|:-|-:|\n|1|2|", '<td dir="auto" align="right">2</td>'),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("a\\\nb", "a<br>\nb"),
        ("[x](<https://a.example/b c> 't')", 'href="https://a.example/b%20c" title="t"'),
        ("<https://a.example>", ">https://a.example</a>"),
        ("- [x] done", "checked"),
    ],
)
def test_the_signs_mean_what_people_expect(text: str, expected: str) -> None:
    assert expected in to_html(text)


def test_a_task_list_cannot_be_ticked() -> None:
    assert to_html("- [ ] a\n- [x] b").count("disabled") == 2


def test_code_has_its_language_a_copy_button_and_colours() -> None:
    html = to_html("```python\ndef f(): pass\n```")
    assert '<span class="code-lang">python</span>' in html
    assert "data-copy" in html
    assert '<span class="k">def</span>' in html


def test_code_is_copied_exactly() -> None:
    """Blank lines at either end and tabs belong to the code."""
    assert "Copy\n\tx  \n\n" in Page(to_html("```py\n\n\tx  \n\n```")).text


@pytest.mark.parametrize("tex", ["$x^2$", r"\(x^2\)", "$$x^2$$", r"\[x^2\]", "a $$x^2$$ b"])
def test_a_formula_is_drawn_however_it_is_marked(tex: str) -> None:
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in to_html(tex)


def test_a_formula_may_be_a_block() -> None:
    html = to_html("before\n\\[\n\\frac{a}{b}\n\\]\nafter")
    assert '<div class="scroll maths" tabindex="0"><math display="block">' in html


@pytest.mark.parametrize(
    "text", ["It costs $5 and $6.", "from $5-$10", "a $ b $ c", r"\$x\$", "$$"]
)
def test_prices_are_not_formulas(text: str) -> None:
    assert "<math" not in to_html(text)


@pytest.mark.parametrize("tex", [r"\frac", "{", r"\begin{array}", "x_1_2", "{" * 500, "x" * 3_000])
def test_a_formula_that_cannot_be_drawn_is_readable(tex: str) -> None:
    assert mathml(tex, display=False) == f'<code class="maths-source">{tex}</code>'


def test_wide_things_scroll_by_themselves_and_can_be_reached_by_keyboard() -> None:
    for wide in ("|a|\n|-|\n|b|", "```\nx\n```", "$$\nx\n$$"):
        assert ' tabindex="0">' in to_html(wide)


def test_text_too_long_to_parse_is_still_all_there() -> None:
    text = "**a** " * (MAX_CHARS // 6 + 100)
    assert Page(to_html(text)).text.count("a") == text.count("a")


def test_a_long_text_is_drawn_as_far_as_it_goes_and_parted_between_paragraphs() -> None:
    text = "some **bold** words\n\n" * (MAX_CHARS // 15)
    drawn = to_html(text)
    assert drawn.startswith('<p dir="auto">some <strong>bold</strong> words</p>')
    assert drawn.endswith("some **bold** words</p>\n")
    assert drawn.count("bold") == text.count("bold")


@pytest.mark.parametrize("table", [40, 400])
def test_a_table_that_people_write_is_drawn_as_one(table: int) -> None:
    text = "|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n" + "|1|2|3|4|5|6|\n" * table
    assert to_html(text).count("<tr>") == table + 1


@pytest.mark.parametrize("sign", ["> ", "- "])
def test_text_nested_too_deep_is_still_all_there(sign: str) -> None:
    assert "the point" in Page(to_html(sign * 300 + "the point")).text


def test_every_kind_of_line_end_is_one() -> None:
    assert to_html("a\r\nb\rc\nd") == to_html("a\nb\nc\nd")
