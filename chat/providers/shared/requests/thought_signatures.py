"""Thought signatures, as far as both wires that lead to Gemini have them in common.

Models of the third generation refuse a turn of their own whose first words, first tool call or
pictures come back without the signature that they were sent with. For what has none, because
somebody else wrote it, or it was cut short or altered, Google names a value that is accepted in
its place.
Source: https://ai.google.dev/gemini-api/docs/thought-signatures (2026-11-21).
"""

import base64
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import TypeAlias

from chat.core.calling import ModelRequest
from chat.core.errors import Rejected
from chat.core.events import ProviderEvent

BYPASS = b"skip_thought_signature_validator"
"""Accepted in place of a signature."""

BYPASS_BASE64 = base64.b64encode(BYPASS).decode("ascii")

_EDITION = re.compile(r"-(?:preview|latest|exp|\d{2,})(?:-.*)?$")
_REFUSAL = re.compile(r"thought[_ ]?signature", re.IGNORECASE)
_REFUSAL_CHARS = 20_000
"""How much of a refusal is looked through."""


def family(model: str) -> str:
    """A model's name without ``-preview``, ``-latest`` or a date: who signs for one another."""
    return _EDITION.sub("", model)


Asked: TypeAlias = Callable[[ModelRequest], AsyncGenerator[ProviderEvent, None]]
"""One call."""


class Signing:
    """Which models of an endpoint were found to want signatures, beside those whose cards say so.

    A card may be silent on it: a row written by hand, a name that a proxy gave to its model. Such
    a model is asked plainly, and once it refuses a history for want of a signature it is asked
    again, with them; from then on it is always asked so.
    """

    def __init__(self) -> None:
        """Nothing was found yet."""
        self._found: set[str] = set()

    async def asked(self, request: ModelRequest, ask: Asked) -> AsyncGenerator[ProviderEvent, None]:
        """What the model says, asked at most twice.

        Raises:
            ChatError: as ``ask`` does.
        """
        name = request.card.wire_name
        signs = request.card.signatures or name in self._found
        began = False
        try:
            async with aclosing(ask(_signing(request) if signs else request)) as events:
                async for event in events:
                    began = True
                    yield event
        except Rejected as refusal:
            if signs or began or not _misses_signature(refusal):
                raise
        else:
            return
        self._found.add(name)
        async with aclosing(ask(_signing(request))) as events:
            async for event in events:
                yield event


def _signing(request: ModelRequest) -> ModelRequest:
    """The request to a model that wants signatures."""
    if request.card.signatures:
        return request
    return replace(request, card=replace(request.card, signatures=True))


def _misses_signature(refusal: Rejected) -> bool:
    """Whether it is for want of a signature; no code says so on either wire.

    The sentence for the user quotes one line; what the SDK raised has them all.
    """
    said = f"{refusal} {refusal.__cause__}"[:_REFUSAL_CHARS]
    return _REFUSAL.search(said) is not None
