"""What servers and their tools are called: by models, and by people."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from chat.core.text import clean_name
from chat.mcp.settings import ServerSettings

MAX_CHARACTERS = 64
"""Source: the OpenAI and Bedrock APIs, names of functions (2026-11); Gemini takes more."""

_FOREIGN = re.compile(r"[^a-zA-Z0-9_-]")
_HASH_CHARACTERS = 8
_TITLE_CHARACTERS = 100


def wire_name(server: str, tool: str) -> str:
    """The name that models call it by: ``server__tool``, in what every provider takes.

    One that had to be changed or shortened ends in a hash of the whole, so that it is the same
    each time, and none is another's.
    """
    whole = f"{server}__{tool}"
    plain = _FOREIGN.sub("_", whole)
    if plain == whole and len(whole) <= MAX_CHARACTERS:
        return whole
    mark = sha256(f"{server}\0{tool}".encode("utf-8", "surrogatepass")).hexdigest()
    kept = plain[: MAX_CHARACTERS - _HASH_CHARACTERS - 1]
    return f"{kept}_{mark[:_HASH_CHARACTERS]}"


def shown_name(server: str, tool: str) -> str:
    """The name that people read: ``server.tool``, of characters that can be seen."""
    seen = clean_name(tool[: 2 * _TITLE_CHARACTERS])
    cut = seen if len(seen) <= _TITLE_CHARACTERS else f"{seen[:_TITLE_CHARACTERS]}…"
    return f"{server}.{cut}"


def told_apart(
    servers: Sequence[ServerSettings], sources: Iterable[str]
) -> tuple[ServerSettings, ...]:
    """The servers, with the id beside each title that another has, too, or tools of the house.

    ``sources`` are where tools of the house come from: what people read beside them.
    """
    taken = Counter(map(_alike, [*dict.fromkeys(sources), *(each.title for each in servers)]))
    return tuple(
        replace(each, title=f"{each.title} (server {each.id})")
        if taken[_alike(each.title)] > 1
        else each
        for each in servers
    )


def _alike(title: str) -> str:
    """What is left of a title without what the eye passes over."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
