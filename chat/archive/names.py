"""Names of files that every system takes, and that still tell what is in them."""

import unicodedata
from collections.abc import Sequence

from chat.core.extensions import EXTENSIONS
from chat.core.file_kinds import ending_of, own_name

MAX_CHARACTERS = 60
MAX_BYTES = 120
"""Of a name in UTF-8: most systems take 255, and endings and numbers are added."""

WORDS = 8
HASH_CHARACTERS = 8

SIGNS = ".,;()[]{}+&'@!=#~$%"
"""Of the name that a user gave a file: every system takes them in its midst."""

_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"
}
"""Devices of Windows, whatever ending they are given."""


def safe_name(words: str, otherwise: str, signs: str = "") -> str:
    """Words as the name of a file, without an ending.

    Letters of every script stay; whatever a system may read as a path, a device, a hidden file or
    an instruction goes. So do signs, but for those that are named.
    """
    kept = "".join(
        letter if _is_plain(letter) or letter in signs else " "
        for letter in unicodedata.normalize("NFC", words)
    )
    name = " ".join(kept.split())[:MAX_CHARACTERS].strip(" -_.")
    while len(name.encode()) > MAX_BYTES:
        name = name[:-1].rstrip(" -_.")
    if not any(letter.isalnum() for letter in name):
        return otherwise
    return f"{name} file" if name.lower() in _RESERVED else name


def picture_name(number: int, of: int, words: str) -> str:
    """``03-lighthouse-by-the-sea``, from the words that describe a picture; without an ending."""
    telling = safe_name(" ".join(words.split()[:WORDS]), "picture")
    slug = "-".join(telling.lower().split())
    digits = max(2, len(str(of)))
    return f"{number:0{digits}}-{slug}"


def download_name(words: str, sha256: str, mime: str) -> str:
    """``lighthouse-by-the-sea-1a2b3c4d.png``: one picture alone, by words that describe it.

    A piece of the hash keeps two pictures of the same words apart.
    """
    telling = safe_name(" ".join(words.split()[:WORDS]), "easel")
    slug = "-".join(telling.lower().split())
    return f"{slug}-{sha256[:HASH_CHARACTERS]}.{EXTENSIONS.get(mime, 'bin')}"


def file_name(name: str, sha256: str, mime: str) -> str:
    """``Sales 2026.csv``: a file by its own name, safe, and with an ending that its bytes have."""
    name = own_name(name.strip(), mime) if name.strip() else f"{sha256[:HASH_CHARACTERS]}."
    stem, dot, _ = name.rpartition(".")
    if not dot:  # a text such as Makefile
        return safe_name(name, "file", SIGNS)
    ending = ending_of(name) or EXTENSIONS.get(mime, "bin")
    return f"{safe_name(stem, sha256[:HASH_CHARACTERS], SIGNS)}.{ending}"


def distinct(names: Sequence[str]) -> list[str]:
    """The same names, numbered where a system that heeds no case would take two for one."""
    seen: set[str] = set()
    made: list[str] = []
    for name in names:
        number, free = 1, name
        while free.casefold() in seen:
            number += 1
            free = f"{name} {number}"
        seen.add(free.casefold())
        made.append(free)
    return made


def _is_plain(letter: str) -> bool:
    return letter in "-_" or unicodedata.category(letter)[0] in "LMN"
