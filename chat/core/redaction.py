"""Takes keys out of text that is going to be shown or logged. Knows how keys look, not whose."""

import re
from collections.abc import Iterable

HIDDEN = "…"
SHORTEST_KEY = 6
"""What is shorter is a word that a local server takes for a key, and would be cut out of others."""

_KEY = re.compile(
    r"\b(?:[sprk]k[-_]|AIza|ya29\.)[\w*-]{6,}"  # keys by their usual first letters
    r"|\bBearer\s+\S+"
)


def without_keys(text: str, known: Iterable[str] = ()) -> str:
    """The text with every known key, and whatever looks like one, taken out."""
    # The longest first: a shorter one may be part of it.
    for key in sorted(known, key=len, reverse=True):
        if len(key) >= SHORTEST_KEY:
            text = text.replace(key, HIDDEN)
    return _KEY.sub(HIDDEN, text)
