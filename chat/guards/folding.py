"""A text as a check compares it: without the signs that look like others or like nothing.

Full-width letters, fixed blanks and the like become the plain ones, and signs that no reader
sees are left out, so that neither hides a word. What is found there is told by its place in the
text as it was written.
"""

import unicodedata
from functools import cached_property


class Folded:
    """A text and its plain form."""

    def __init__(self, text: str) -> None:
        """Fold this text; one in ASCII is plain already."""
        self._text = text

    @cached_property
    def _pairs(self) -> tuple[str, list[int]] | None:
        if self._text.isascii():
            return None
        plain: list[str] = []
        places: list[int] = []
        for place, sign in enumerate(self._text):
            for part in unicodedata.normalize("NFKC", sign):
                if unicodedata.category(part) != "Cf":
                    plain.append(part)
                    places.append(place)
        return "".join(plain), places

    @property
    def plain(self) -> str:
        """The plain form."""
        return self._text if self._pairs is None else self._pairs[0]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the plain form stands in the text; it is not empty."""
        if self._pairs is None:
            return start, end
        places = self._pairs[1]
        return places[start], places[end - 1] + 1
