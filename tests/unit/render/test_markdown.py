"""What models write comes out as what they meant."""

import pytest

from chat.render.footnotes import linked
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


def test_the_ticks_of_a_task_list_show_what_is_done() -> None:
    html = to_html("- [ ] open\n- [x] done\n- [X] done too\n- [y] no task")
    assert html.count("checked") == 2
    assert html.count("<input") == html.count('class="task"') == 3
    assert "[y] no task" in html


def test_a_footnote_is_raised_in_the_text_and_stands_where_it_was_written() -> None:
    html = to_html("A claim.[^1] More[^smith].\n\n[^1]: First *note*.\n[^smith]: Second.\n\nEnd.")
    for label in ("1", "smith"):
        sign = f'data-note="{label}" aria-label="Note {label}" type="button">{label}</button>'
        assert f'<sup class="footnote-ref"><button {sign}</sup>' in html
        assert html.count(f'data-noted="{label}"') == 1
    assert '1</button></sup><div>\n<p dir="auto">First <em>note</em>.</p>' in html
    words = Page(html).text
    assert words.index("First note") < words.index("Second.") < words.index("End.")
    assert "[^" not in words


def test_on_a_page_without_scripts_a_footnote_is_a_link_within_its_message() -> None:
    html = linked(to_html("A.[^1] B.[^1]\n\n[^1]: Source."), "m7")
    assert "<button" not in html
    assert html.count('href="#note-m7-1"') == 2
    assert html.count('id="sign-m7-1"') == 1
    assert html.count('id="note-m7-1" href="#sign-m7-1"') == 1
    written = '`<button data-note="1" aria-label="a" type="button">x</button>`'
    assert linked(to_html(written), "m7") == to_html(written)


@pytest.mark.parametrize(
    "text", ["match [^abc] or /[^0-9]+/", "`[^1]`", r"\[^1]", "[^]", "[^a b]", "[^1", "x[^1234]"]
)
def test_what_only_looks_like_a_footnote_stays_as_it_was_written(text: str) -> None:
    html = to_html(text)
    assert "footnote" not in html
    assert Page(html).text.strip() == text.strip("`").removeprefix("\\")


@pytest.mark.parametrize("end", ["", ".", ")."])
def test_the_address_of_a_source_is_a_link(end: str) -> None:
    for note in ("[^1]: https://a.example/b_c_d", "[^1]: Smith, 2020. https://a.example/b_c_d"):
        assert Page(to_html(note + end)).links == ["https://a.example/b_c_d"]


def test_a_footnote_without_words_or_with_markup_for_a_label_does_no_harm() -> None:
    assert Page(to_html("[^1]:\n")).complaints == []
    assert Page(to_html("[^<script>]: x\n\n[^&amp;]: y")).complaints == []


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


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("**「テスト」**です", "「テスト」"),
        ("これは**「重要」**です", "「重要」"),
        ("这是**“引用”**的文字", "“引用”"),
        ("그는 **(참고)**를 보았다", "(참고)"),
        ("이것은**중요**합니다", "중요"),
    ],
)
def test_emphasis_is_read_beside_letters_that_have_no_spaces(text: str, bold: str) -> None:
    assert f"<strong>{bold}</strong>" in to_html(text)


@pytest.mark.parametrize("text", ["a * b * c", "2**3**4", "**(a)**b", "* 項目", "＊印"])
def test_stars_of_other_texts_mean_what_they_did(text: str) -> None:
    from markdown_it import MarkdownIt

    plain = MarkdownIt("commonmark").render(text).replace("<p>", "").replace("</p>", "").strip()
    assert ("<strong>" in to_html(text)) == ("<strong>" in plain)
