"""What a search compares, and the passage it shows. Knows text only: every store searches alike."""

from itertools import accumulate

from chat.core.messages import Conversation

MOST_WORDS = 32
LONGEST_WORD = 200
BEFORE_MATCH, AFTER_MATCH = 40, 120
"""Characters of an excerpt on either side of where the match begins."""


def searchable(text: str) -> str:
    """Text as a search compares it: one case, and only characters that every database takes."""
    clean = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    return clean.casefold()


def query_words(query: str) -> list[str]:
    """The words that must all be found, each once.

    Databases bound the size of a statement, so a query counts as its first 32 words, and a
    word as its first 200 characters.
    """
    words = (word[:LONGEST_WORD] for word in searchable(query).split())
    return list(dict.fromkeys(words))[:MOST_WORDS]


def missing_from_title(conversation: Conversation, words: list[str]) -> list[str]:
    """Those of the words that the title does not hold."""
    title = searchable(conversation.title)
    return [word for word in words if word not in title]


def excerpt(text: str, word: str) -> str:
    """One line of the text around the first match of a word; empty if there is none."""
    at = _place(text, word)
    if at < 0:
        return ""
    start, stop = max(0, at - BEFORE_MATCH), at + AFTER_MATCH
    passage = " ".join(text[start:stop].split())
    return ("…" if start else "") + passage + ("…" if stop < len(text) else "")


def _place(text: str, word: str) -> int:
    """Where in the text a match begins; -1 where there is none."""
    folded = searchable(text)
    found = folded.find(word)
    if found < 0 or len(folded) == len(text):
        return found
    # One letter may fold into two, so the match is led back to the letter it began in.
    ends = accumulate(len(searchable(letter)) for letter in text)
    return next(index for index, end in enumerate(ends) if end > found)
