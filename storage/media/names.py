"""The names that picture bytes are kept under. Knows their form and what they promise."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence

from chat.core.parts import File, Image, Json, Part, ToolResult, UnknownPart

NAME = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,16})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def checked(name: str) -> str:
    """The name itself. Raises: ValueError where it has another form."""
    if not NAME.fullmatch(name):
        raise ValueError("not the name of a stored picture")
    return name


def check_bytes(name: str, data: bytes) -> None:
    """Make sure that a plain sha256 names these bytes; a derived copy names its original.

    Raises: ValueError.
    """
    if "." not in checked(name) and hashlib.sha256(data).hexdigest() != name:
        raise ValueError("the bytes are not those that the name promises")


def original_of(name: str) -> str:
    """The sha256 of the picture that a name belongs to."""
    return checked(name).partition(".")[0]


def named_media(parts: Sequence[Part]) -> list[str]:
    """The sha256 of every picture among parts, in order: drafts and tool results included.

    What a newer Easel stored names its pictures, too: they are not to be collected meanwhile.
    """
    named: list[str] = []
    for part in parts:
        if isinstance(part, Image | File):
            named.append(part.media.sha256)
            named.extend(_named_in(part.media.extra))
        elif isinstance(part, ToolResult):
            named.extend(named_media(part.content))
        elif isinstance(part, UnknownPart):
            named.extend(_named_in(part.stored))
            continue
        named.extend(_named_in(part.extra))
    return named


def _named_in(stored: Json) -> Iterator[str]:
    """Every ``sha256`` anywhere in what this Easel does not know."""
    waiting = [] if stored is None else [stored]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            sha256 = value.get("sha256")
            if isinstance(sha256, str) and _SHA256.fullmatch(sha256):
                yield sha256
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
