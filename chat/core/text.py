"""Text as it came from outside, made sound."""

import re
from unicodedata import category

_MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}(?=\s)|(?:>[ \t]*)+|[*+-](?=\s))[ \t]*"  # of a heading, a quotation, a list
    r"|\*{2,}|`+"
    r"|(?<![^\s(\[{\"'“])[*_]+(?=[^\s*_])|(?<=[^\s*_])[*_]+(?![^\s)\]}\"'”.,;:!?…])",
    re.MULTILINE,
)
"""Marks of Markdown where they are marks: those within a word, or alone, are words."""


def clean_text(text: str) -> str:
    """The text without NUL, with a sign for each lone surrogate; the same object if it is sound."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


_DIRECTIONS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""What turns the writing of all that follows around, beyond the name itself."""


def clean_name(name: str) -> str:
    """A name on one line, of what can be seen; empty where nothing can."""
    line = " ".join(clean_text(name).translate(_DIRECTIONS).split())
    line = "".join(letter for letter in line if category(letter) != "Cc").strip()
    return line if any(category(letter)[0] not in "CZ" for letter in line) else ""


def unmarked(text: str) -> str:
    """Words without the marks of Markdown, each after one space."""
    return " ".join(_MARKS.sub("", text).split())
