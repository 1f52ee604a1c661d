"""Takes keys out of text that is going to be shown, logged or sent to a collector.

A server may echo what it was sent, and need not do so word for word: a key comes back as it is, in
capitals, in hexadecimal digits, in base64, alone or as a part of something longer; or any of its
letters escaped for an address, JSON, HTML or a program.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.entities import codepoint2name

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
    return _KEY.sub(HIDDEN, without_known_keys(text, known))


def without_known_keys(text: str, known: Iterable[str]) -> str:
    """The text with every known key in any of its forms taken out."""
    keys = tuple(sorted(key for key in known if len(key) >= SHORTEST_KEY))
    return _pattern(keys).sub(HIDDEN, text) if keys else text


@lru_cache(maxsize=256)
def _pattern(keys: tuple[str, ...]) -> re.Pattern[str]:
    forms = {form for key in keys for form in _forms(key)}
    # The longest first: a shorter one may be part of it.
    return re.compile("|".join(sorted(forms, key=len, reverse=True)))


def _forms(key: str) -> Iterator[str]:
    """Patterns of a key in letters, in digits, and in base64."""
    letters, data = "".join(map(_spellings, key)), key.encode("utf-8", "replace")
    if len(key) < SHORT_KEY:
        yield rf"(?<!\w){letters}(?!\w)"
    else:
        yield rf"(?i:{letters})"
        yield rf"(?i:{'[ :]?'.join(f'{byte:02x}' for byte in data)})"
    once = list(_within_base64(data))
    twice = [more for packed in once for more in _within_base64(packed.encode("ascii"))]
    for packed in (*once, *twice):
        if len(packed) >= _LEAST_BASE64_CHARS:
            plain, url_safe = re.escape(packed), re.escape(packed.translate(_URL_SAFE))
            yield rf"[\w+/-]{{0,2}}(?:{plain}|{url_safe})[\w+/-]{{0,2}}={{0,2}}"


def _spellings(letter: str) -> str:
    """A pattern of one letter as it is, and in every way to escape it."""
    data, units = letter.encode("utf-8", "replace"), letter.encode("utf-16-be", "replace")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    code = ord(letter)
    spellings = [
        re.escape(letter),
        "".join(rf"%(?:25){{0,2}}(?i:{byte:02x})" for byte in data),
        "".join(rf"\\u(?i:{pair.hex()})" for pair in pairs),
        "".join(rf"\\x(?i:{byte:02x})" for byte in data),
        rf"&\#(?:{code}|[xX]0{{0,4}}(?i:{code:x}));",
    ]
    if name := codepoint2name.get(code):
        spellings.append(f"&{name};")
    if not letter.isalnum():
        spellings.append(rf"\\{re.escape(letter)}")
    if letter == " ":
        spellings.append(r"\+")
    return f"(?:{'|'.join(spellings)})"


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
