"""How the HTTP API answers, and the answers that every part of it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import Response

from chat.core.strict_json import strict_json
from chat.web.api.words import in_words

PRIVATE = {"Cache-Control": "private, no-store"}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The answer to whatever is refused or fails: one sentence for the user."""

    error: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """It is done, and there is nothing to tell."""

    done: Literal[True] = True


@dataclass(frozen=True, kw_only=True)
class Health:
    """The server answers."""

    status: Literal["ok"] = "ok"


@dataclass(frozen=True, kw_only=True)
class Ready:
    """Whether the server can be given work."""

    status: Literal["ready", "not ready"] = "ready"
    reasons: list[str] = field(default_factory=list)
    """What is in the way, a word each: draining, database, migrations, pictures."""


def answer(value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of this API as JSON, without a pass of validation over what we made ourselves.

    Words of Easel leave in the language of who asked.
    """
    return Response(
        strict_json(in_words(value)).encode("utf-8", "replace"),
        media_type="application/json",
        headers=dict(headers or {}),
    )
