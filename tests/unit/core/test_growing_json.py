"""Arguments that are half there are read as far as they go, and never as something else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.growing_json import GrowingJson, begun_object

PLAIN = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=6)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
OBJECTS = st.dictionaries(st.text(max_size=4), VALUES, max_size=4)


@pytest.mark.parametrize(
    ("text", "shown", "whole"),
    [
        ("", None, None),
        ("no", None, None),
        ('["a"', None, None),
        ("{", {}, {}),
        ('{"to": "ada@exa', {"to": "ada@exa"}, {}),
        ('{"to": "ada@example.com"', {"to": "ada@example.com"}, {"to": "ada@example.com"}),
        ('{"n": 411111111111', {"n": 411111111111}, {}),
        ('{"n": 41, ', {"n": 41}, {"n": 41}),
        ('{"l": ["a", "b', {"l": ["a", "b"]}, {"l": ["a"]}),
        ('{"k": {"a": 1, "b', {"k": {"a": 1}}, {"k": {"a": 1}}),
        ('{"t": "12', {"t": "12"}, {}),
        ('{"t": "half \\u00', {"t": "half "}, {}),
        ('{"t": "\\ud83d\\ude00', {"t": "😀"}, {}),
        ('{"t": "\ud83d', {"t": "\ufffd"}, {}),
        ('{"t": "\\ud83d and on', None, None),
        ('{"a": ' + "[" * 5_000, None, None),
    ],
)
def test_what_is_begun(text: str, shown: object, whole: object) -> None:
    assert begun_object(text) == shown
    assert begun_object(text, whole_values=True) == whole


@given(OBJECTS, st.data())
def test_whole_values_of_a_beginning_are_values_of_the_whole(
    value: dict[str, object], data: st.DataObject
) -> None:
    text = json.dumps(value)
    cut = data.draw(st.integers(0, len(text)))
    begun = begun_object(text[:cut], whole_values=True) or {}
    for key, held in begun.items():
        assert _is_beginning(held, value[key])


def _is_beginning(part: object, whole: object) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(_is_beginning(held, whole[key]) for key, held in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return all(_is_beginning(*pair) for pair in zip(part, whole, strict=False))
    return part == whole


@given(OBJECTS, st.data())
def test_pieces_of_an_object_that_grows_by_its_end_say_the_object(
    value: dict[str, object], data: st.DataObject
) -> None:
    text, told, shown = json.dumps(value), GrowingJson(), ""
    for cut in [*sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8))), len(text)]:
        piece, anew = told.grown_to(begun_object(text[:cut]) or {})
        shown = piece if anew else shown + piece
    assert begun_object(shown) == begun_object(text)
