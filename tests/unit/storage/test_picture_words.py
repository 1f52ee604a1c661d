"""A search in the list of words misses no picture that a search in the texts would find."""

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.text_search import PIECE, pieces, searchable, tokens

LETTERS = st.text("ab1_-%’é\u0301 \n红狐🦊\u2028ß", max_size=40)
LONG = st.builds(lambda a, n, b: a + "x" * n + b, LETTERS, st.integers(0, 400), LETTERS)
TEXTS = st.one_of(LETTERS, LONG)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, start=st.integers(0, 400), length=st.integers(1, 200))
def test_each_piece_of_a_part_of_a_word_stands_in_a_token(
    text: str, start: int, length: int
) -> None:
    folded = searchable(text)
    listed = tokens(folded)
    for word in folded[start : start + length].split():
        assert all(any(piece in token for token in listed) for piece in pieces(word))
        if len(pieces(word)) == 1:
            assert word in folded


@given(text=TEXTS)
def test_a_token_is_short_and_stands_in_the_text(text: str) -> None:
    folded = searchable(text)
    assert all(len(token) <= 2 * PIECE and token in folded for token in tokens(folded))
