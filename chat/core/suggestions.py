"""The word that somebody meant."""

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], alike: float = 0.6) -> str:
    """A question after a sentence on a word that is not known; empty where none is like it.

    ``alike`` is how much of them must be the same, from 0 to 1.
    """
    like = difflib.get_close_matches(word, list(known), n=1, cutoff=alike)
    return f" Did you mean “{like[0]}”?" if like else ""
