"""Recognises a refusal because a request holds too much: by its code, its status, its figures.

Few servers have a code for it. Google says ``INVALID_ARGUMENT`` to everything, OpenAI and Azure
say ``invalid_request_error`` to too many pictures, and proxies hide the refusal of another server
inside their own. So under a status that refuses the request as it stands, the sentence is read
too; one that does not say plainly of what there was too much stays a plain refusal.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from chat.core.errors import Measure
from chat.providers.shared.replies.excess_figures import figures
from chat.providers.shared.replies.excess_words import (
    ONE_PICTURE,
    READ_CHARS,
    is_of_a_field,
    too_much_in,
)

NESTED_CHARS = 20_000
"""A larger refusal inside another one is not unpacked."""

_CODES: dict[str, Measure] = {
    "string above max length": "tokens",  # OpenAI
    "max image count": "pictures",
}
"""Those that do not say by their words that something is too much."""
_CODE_CHARS = 80
_NO_LETTER = re.compile(r"[^A-Za-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")

_REFUSES = frozenset({None, 400, 413, 422, 500})
"""Statuses under which a sentence is read; ``None`` is an error in a stream. Relays say 500."""


@dataclass(frozen=True, slots=True)
class Excess:
    """What a request held too much of, as far as its refusal says."""

    over: Measure
    most: int | None = None
    held: int | None = None


def excess(status: int | None, codes: Iterable[object], said: object) -> Excess | None:
    """Why a request was too large; ``None`` where it was refused for something else.

    Args:
        status: the HTTP status; ``None`` for an error without one.
        codes: the fields of the error that are meant for programs.
        said: its sentence.
    """
    words = _CAMEL.sub(" ", said[:READ_CHARS]) if isinstance(said, str) else ""
    if is_of_a_field(words) and status != 413:
        return None
    by_code = next((m for m in map(_measure, codes) if m is not None), None)
    found = _sentence(words) if status in _REFUSES else None
    if by_code is not None and by_code != "bytes":
        return replace(found, over=by_code) if found else Excess(by_code, *figures(by_code, words))
    # A server that says 413 to all that is too much may say of what.
    return found or (Excess("bytes") if by_code is not None or status == 413 else None)


def _sentence(words: str) -> Excess | None:
    found = too_much_in(words)
    if found is None:
        return None
    measure, stated = found
    if measure == "pictures" and ONE_PICTURE.search(stated):
        return Excess(measure, 1)
    return Excess(measure, *figures(measure, stated))


def nested(error: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The refusals that a relay quotes inside its own, the outermost first.

    OpenRouter does so in a place of its own, a LiteLLM proxy behind words of its own.
    """
    metadata = error.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, Mapping) else None
    if isinstance(raw, str) and len(raw) <= NESTED_CHARS:
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError):  # a page, or half a sentence
            raw = {"message": raw}
    if isinstance(raw, Mapping):
        inner = raw.get("error", raw)
        if isinstance(inner, Mapping):
            yield inner
        elif isinstance(inner, str):
            yield {"message": inner}
    message = error.get("message")
    if isinstance(message, str) and (quoted := _quoted(message)):
        yield quoted


def _quoted(message: str) -> Mapping[str, object]:
    """The error that a sentence quotes as JSON; empty where it quotes none."""
    start = message.find('{"error"', 0, NESTED_CHARS)
    if start < 0:
        return {}
    try:
        body, _ = json.JSONDecoder().raw_decode(message[: start + NESTED_CHARS], start)
    except (ValueError, RecursionError):
        return {}
    inner = body.get("error") if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}


def _measure(code: object) -> Measure | None:
    if not isinstance(code, str):
        return None
    words = _NO_LETTER.sub(" ", _CAMEL.sub(" ", code[:_CODE_CHARS])).strip()
    if (known := _CODES.get(words.lower())) is not None:
        return known
    found = too_much_in(words)
    return found[0] if found else None
