"""A reply reads the same while it streams, after it streamed, and after a reload."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.render.markdown import to_html
from chat.render.streaming import StreamingMarkdown, Update
from tests.unit.render.allowed import Page
from tests.unit.render.attacks import ATTACKED
from tests.unit.render.documents import BLOCKS, DOCUMENTS


def streamed(pieces: list[str], *, watched: bool = True) -> str:
    stream = StreamingMarkdown()
    closed: list[str] = []
    for piece in pieces:
        stream.append(piece)
        if watched:
            closed += stream.take().closed
    return "".join((*closed, *stream.finish().closed))


@pytest.mark.deep
@pytest.mark.parametrize("size", [1, 7, 25])
@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_in_equal_pieces_a_document_comes_out_whole(document: str, size: int) -> None:
    pieces = [document[start : start + size] for start in range(0, len(document), size)]
    assert streamed(pieces) == to_html(document)


@given(st.lists(st.sampled_from(BLOCKS), max_size=8), st.data())
def test_in_any_pieces_any_document_comes_out_whole(blocks: list[str], data: st.DataObject) -> None:
    document = "".join(blocks)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(document)), max_size=20)))
    edges = [0, *cuts, len(document)]
    pieces = [document[a:b] for a, b in pairwise(edges)]
    assert streamed(pieces) == to_html(document)


@given(st.text(st.sampled_from("a1 \n\t`~*_#->|=$[]()\\.:+&<\r"), max_size=80))
def test_sign_by_sign_even_nonsense_comes_out_whole(text: str) -> None:
    if "]:" not in text:
        assert streamed(list(text)) == to_html(text)


def test_what_was_closed_is_never_sent_again() -> None:
    stream = StreamingMarkdown()
    stream.append("first\n\nsecond")
    assert stream.take() == Update(('<p dir="auto">first</p>\n',), '<p dir="auto">second</p>\n')
    assert stream.take().closed == ()


def test_code_appears_line_by_line_and_gets_its_colours_at_the_end() -> None:
    stream = StreamingMarkdown()
    stream.append("```python\nif x < 1:\n    pa")
    assert "if x &lt; 1:\n    pa</code>" in stream.take().open
    stream.append("ss\n``")
    assert "pass\n</code>" in stream.take().open
    stream.append("`\n")
    update = stream.take()
    assert '<span class="k">pass</span>' in "".join(update.closed)
    assert update.open == ""


def test_a_list_that_begins_does_not_flash_as_a_heading() -> None:
    stream = StreamingMarkdown()
    stream.append("Colours:\n-")
    assert stream.take().open == '<p dir="auto">Colours:</p>\n'


def test_an_address_given_early_serves_links_further_down() -> None:
    document = "[a]: https://a.example\n\nsee [a]\n\nand [a]\n"
    assert streamed(list(document)) == to_html(document)


def test_the_words_at_the_end_of_a_long_list_are_on_the_page_at_once() -> None:
    stream = StreamingMarkdown()
    for number in range(400):
        stream.append(f"- item number {number}\n")
        assert f"item number {number}" in stream.take().open


@pytest.mark.parametrize("document", ATTACKED)
def test_a_half_arrived_attack_is_no_attack_either(document: str) -> None:
    stream = StreamingMarkdown()
    for sign in document:
        stream.append(sign)
        update = stream.take()
        assert Page("".join(update.closed)).complaints == []
        assert Page(update.open).complaints == []
