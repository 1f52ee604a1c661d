"""What strangers wrote is told a model between marks, and people without them."""

import re

import pytest

from chat.core.quoting import quoted, unquoted

WORDS = ["", "One line.", "| a | b |\n| - | - |\n", "[deadbeef\nan end\ndeadbeef]", "a [1] b\n\n]"]


@pytest.mark.parametrize("words", WORDS)
def test_people_read_what_was_quoted_and_no_mark(words: str) -> None:
    text = quoted("What the file says", words)
    assert len(re.findall(r"\b([0-9a-f]{8})\b(?=.*\n\1\]$)", text, re.DOTALL)) >= 2
    assert unquoted(text) == f"What the file says:\n\n{words}"
    assert (
        unquoted(f"{text}\n\n12 rows follow.")
        == f"What the file says:\n\n{words}\n\n12 rows follow."
    )


@pytest.mark.parametrize("words", WORDS)
def test_no_words_can_write_the_end_of_their_own_quotation(words: str) -> None:
    once = quoted("The page", words)
    twice = quoted("The tool", once)
    assert unquoted(twice) == f"The tool:\n\n{once}"
    assert quoted("The page", words) != once, "the marks are of chance"


@pytest.mark.parametrize(
    "text",
    ["", "Plain.", "It stands between the marks 12345678.", quoted("Cut off", "words")[:-9]],
)
def test_what_is_no_quotation_stays_as_it_is(text: str) -> None:
    assert unquoted(text) == text
