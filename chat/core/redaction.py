"""Takes keys out of text that is going to be shown, logged or sent to a collector.

A server may echo what it was sent, and need not do so word for word: a key comes back as it is,
escaped for a URL, or in base64, alone or as a part of something longer.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

HIDDEN = "…"

SHORT_KEY = 6
"""What is shorter is hidden where it stands alone, for it may well be a part of other words."""

SHORTEST_KEY = 3
"""What is shorter is no secret."""

_LEAST_BASE64_CHARS = 5
"""Of a key within base64 that is looked for: fewer letters may stand there by chance."""

_KEY = re.compile(
    r"\b(?:[sprk]k[-_]|AIza|ya29\.)[\w*-]{6,}"  # keys by their usual first letters
    r"|\bBearer\s+\S+"
)


def without_keys(text: str, known: Iterable[str] = ()) -> str:
    """The text with every known key in any of its forms, and whatever looks like one, taken out."""
    keys = tuple(sorted(key for key in known if len(key) >= SHORTEST_KEY))
    if keys:
        text = _pattern(keys).sub(HIDDEN, text)
    return _KEY.sub(HIDDEN, text)


@lru_cache(maxsize=256)
def _pattern(keys: tuple[str, ...]) -> re.Pattern[str]:
    forms = {form for key in keys for form in _forms(key)}
    # The longest first: a shorter one may be part of it.
    return re.compile("|".join(sorted(forms, key=len, reverse=True)))


def _forms(key: str) -> Iterator[str]:
    """Patterns of a key as it is, escaped, and in base64."""
    if len(key) < SHORT_KEY:
        yield rf"(?<!\w){re.escape(key)}(?!\w)"
    else:
        yield re.escape(key)
    for escaped in {quote(key, safe=""), quote(key), quote_plus(key)} - {key}:
        yield rf"(?i:{re.escape(escaped)})"
    for packed in _within_base64(key.encode("utf-8", "replace")):
        if len(packed) >= _LEAST_BASE64_CHARS:
            plain, url_safe = re.escape(packed), re.escape(packed.translate(_URL_SAFE))
            yield rf"[\w+/-]{{0,2}}(?:{plain}|{url_safe})[\w+/-]{{0,2}}={{0,2}}"


_URL_SAFE = str.maketrans("+/", "-_")


def _within_base64(key: bytes) -> Iterator[str]:
    """The letters that stand for a key wherever it begins in a text that is packed in base64.

    Three bytes are four letters, so there are three ways; the letters at the ends depend on what
    stands around it, and are left out.
    """
    for before in range(3):
        packed = b64encode(b"\0" * before + key).decode("ascii").rstrip("=")
        whole = (before + len(key)) * 8 // 6
        yield packed[-(-before * 8 // 6) : whole]
