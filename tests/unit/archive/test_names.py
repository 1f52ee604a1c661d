"""A name of a file that some system refuses, or reads as a path, would lose the export."""

import re

import pytest

from chat.archive.names import MAX_BYTES, distinct, picture_name, safe_name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("A fox: by the sea / at night?", "A fox by the sea at night"),
        ("CON", "CON file"),
        ("nul", "nul file"),
        ("LPT¹", "LPT¹ file"),
        ("../../etc/passwd", "etc passwd"),
        (".hidden. ", "hidden"),
        ("\u202egnp.exe", "gnp exe"),
        ("a\0b\nc", "a b c"),
        ("-rf --no-preserve", "rf --no-preserve"),
        ("שלום עולם", "שלום עולם"),
        ("हिन्दी", "हिन्दी"),
        ("🦊🦊", "otherwise"),
        ("\ud800", "otherwise"),
        ("", "otherwise"),
    ],
)
def test_words_become_a_name_that_every_system_takes(words: str, name: str) -> None:
    assert safe_name(words, "otherwise") == name


def test_a_long_name_is_cut_between_letters() -> None:
    for letter in "x", "日", "𠀀":
        name = safe_name(letter * 500, "otherwise")
        assert set(name) == {letter}
        assert len(name.encode()) <= MAX_BYTES


def test_names_that_differ_in_capitals_only_are_told_apart() -> None:
    made = distinct(["A", "a", "A 2", "a"])
    assert len({name.casefold() for name in made}) == 4


def test_a_picture_is_called_by_its_place_and_its_first_words() -> None:
    assert picture_name(3, 20, "Lighthouse, by the SEA") == "03-lighthouse-by-the-sea"
    assert picture_name(3, 200, "🦊") == "003-picture"
    assert re.fullmatch(r"01(-word){8}", picture_name(1, 1, "word " * 30))
