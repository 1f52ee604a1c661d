"""What a search compares, and the passage it shows. Knows text only: every store searches alike."""

import re
from itertools import accumulate

from chat.core.messages import Conversation

MOST_WORDS = 32
MOST_READ = 2_000
"""Characters behind a match that are read as Markdown: an excerpt shows far fewer."""
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


_TOKEN = re.compile(
    # Scripts from the ideographs on write no spaces, or few: there each letter is a token.
    r"[\u2e80-\U0010ffff]|[^\W\u2e80-\U0010ffff]+|[^\w\s\u2e80-\U0010ffff]"
)
PIECE = 64
"""Characters of the longest piece of a word that is looked for in one go."""


def tokens(text: str) -> set[str]:
    """What a list of words has of a searchable text: runs of letters and digits, and signs.

    A run that is longer than two pieces comes in parts, of which each piece of it is in one.
    """
    found: set[str] = set()
    for token in _TOKEN.findall(text):
        if len(token) <= 2 * PIECE:
            found.add(token)
        else:
            starts = range(0, len(token) - PIECE, PIECE)
            found.update(token[at : at + 2 * PIECE] for at in starts)
    return found


def pieces(word: str) -> list[str]:
    """A word of a query as it is looked for in such a list: each piece stands within a token.

    Only of a word that is a single piece is it certain that a text with it holds the word.
    """
    return [
        token[at : at + PIECE]
        for token in _TOKEN.findall(word)
        for at in range(0, len(token), PIECE)
    ]


def anywhere(word: str) -> str:
    """A pattern of LIKE that finds the word wherever it stands, taken letter by letter."""
    for special in "/%_":
        word = word.replace(special, f"/{special}")
    return f"%{word}%"


def missing_from_title(conversation: Conversation, words: list[str]) -> list[str]:
    """Those of the words that the title does not hold."""
    title = searchable(conversation.title)
    return [word for word in words if word not in title]


_MARKUP = (
    (re.compile(r"```[^\n`]*"), ""),  # fences, with the name of their language
    (re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)"), r"\1"),  # links and pictures
    (re.compile(r"^[ \t:|-]{3,}$", re.MULTILINE), ""),  # rulers, and the lines of tables
    (re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"\*\*|~~|`|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)"), ""),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])"), ""),
    (re.compile(r"(?<=\s)\|(?=\s)|^\||\|$", re.MULTILINE), ""),
)
"""What of Markdown is no word; each looks at a line once, however long it is."""


def without_markup(text: str) -> str:
    """The words of Markdown without its signs, as far as a line of a list needs it."""
    for signs, words in _MARKUP:
        text = signs.sub(words, text)
    return text


def excerpt(text: str, word: str) -> str:
    """One line of the text around the first match of a word; empty if there is none.

    Markup is left out, unless the match is in it.
    """
    read = without_markup(text[: _place(text, word) + MOST_READ])
    if _place(read, word) >= 0:
        text = read
    at = _place(text, word)
    if at < 0:
        return ""
    start, stop = max(0, at - BEFORE_MATCH), at + AFTER_MATCH
    stop = max(stop, at + len(word))
    passage = " ".join(text[start:stop].split())
    if stop < len(text.rstrip()):
        passage = passage.rstrip(".,;: ") + "…"
    return ("…" if start else "") + passage


def _place(text: str, word: str) -> int:
    """Where in the text a match begins; -1 where there is none."""
    folded = searchable(text)
    found = folded.find(word)
    if found < 0 or len(folded) == len(text):
        return found
    # One letter may fold into two, so the match is led back to the letter it began in.
    ends = accumulate(len(searchable(letter)) for letter in text)
    return next(index for index, end in enumerate(ends) if end > found)
