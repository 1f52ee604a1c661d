"""Text that hides pictures is taken apart without losing a character, however it is cut."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chat.providers.openai_chat.inline import InlinePicture, InlinePictures, Piece

URL = "data:image/png;base64,iVBORw0KGgo="
WHOLE = [f"![fox]({URL})", f"![]( {URL} )", f'![b]({URL} "title")', URL]
BROKEN = ["![", "](", "data:", "data:image", "data:image/", "!!!", "![a]("]
TRICKY = st.sampled_from([*"![]()\n aä", *BROKEN, *WHOLE])
TEXT = st.lists(TRICKY, max_size=12).map("".join)


def read(pieces: list[str]) -> list[Piece]:
    """What comes of these deltas, neighbouring words joined."""
    reader = InlinePictures()
    out: list[Piece] = []
    for piece in [*(reader.feed(piece) for piece in pieces), reader.flush()]:
        for item in piece:
            if out and isinstance(item, str) and isinstance(out[-1], str):
                out[-1] += item
            else:
                out.append(item)
    return out


@given(TEXT, st.data())
def test_where_the_text_is_cut_makes_no_difference(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))
    bounds = [0, *cuts, len(text)]
    pieces = [text[a:b] for a, b in pairwise(bounds)]
    assert read(pieces) == read([text])


@given(
    st.lists(st.sampled_from(["!", "[x]", "(y)", "](", "data:text", "!\n[", "ok "]), max_size=20)
)
def test_text_without_pictures_is_passed_on_unchanged(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join(str(piece) for piece in read(pieces)) == text


def test_pictures_are_found_between_the_words() -> None:
    text = f'One ![a fox]({URL}) two ![]( {URL} "title") ![not]({"x" * 5}) end'
    assert read([text]) == [
        "One ",
        InlinePicture(URL, "a fox"),
        " two ",
        InlinePicture(URL),
        " ![not](xxxxx) end",
    ]


def test_a_bare_picture_ends_where_words_begin() -> None:
    assert read([f"\n{URL}\n\nHere it is."]) == [InlinePicture(URL), "\n\nHere it is."]


def test_an_alt_text_that_never_ends_does_not_hold_the_answer_back() -> None:
    reader = InlinePictures()
    assert reader.feed("![" + "a" * 400) == ["![" + "a" * 400]
