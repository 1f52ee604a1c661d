"""What the environment gives an endpoint: its key, its address, its options.

A value is checked here, before anything is sent anywhere, and never repeated in a sentence.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

_QUOTES = "\"'`“”‘’"
_FILE = re.compile(r"\.json$", re.IGNORECASE)


def first(environ: Mapping[str, str], names: Sequence[str]) -> tuple[str, str]:
    """The first of these variables that holds anything, and what it holds; else nothing twice."""
    for name in names:
        if value := environ.get(name, "").strip():
            return name, value
    return "", ""


def wrong_with_key(key: str) -> str:
    """What is wrong with a key, to be said after its name; empty: nothing that can be seen.

    A key may also be the path of a JSON file, in which spaces and letters of all alphabets occur.
    """
    if key[:1] in _QUOTES or key[-1:] in _QUOTES:
        return "has quotes around it; take them away."
    if len(key.splitlines()) > 1:
        return "holds a line break; a key is one line."
    if _FILE.search(key):
        return ""
    if any(character.isspace() for character in key):
        return "holds a space; a key has none."
    if not (key.isascii() and key.isprintable()):
        return "holds a character that no key has; copy the key again."
    return ""


def wrong_with_address(address: str) -> str:
    """What is wrong with a web address, to be said after its name; empty: nothing."""
    if address[:1] in _QUOTES or address[-1:] in _QUOTES:
        return "has quotes around it; take them away."
    if any(character.isspace() or not character.isprintable() for character in address):
        return "holds a space or a line break; a web address has none."
    if not address.lower().startswith(("http://", "https://")):
        return "must begin with http:// or https://."
    try:
        place = urlsplit(address)
        usable = bool(place.hostname) and place.port != 0
    except ValueError:
        usable = False
    return "" if usable else "is not a web address."
