"""A provider whose model is the offline painter of ``chat.sketch``.

Streams the painter's answer at a pace that can be read along. Painting happens in threads; a call
keeps no state after it ends.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator, Sequence

from chat.core.calling import Listed, ModelRequest
from chat.core.errors import ConfigError
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.messages import Finish, Usage
from chat.core.models import Endpoint, Modality
from chat.core.parts import Echo, ToolCall
from chat.sketch import KIND, Piece, Shown, answer

_WORDS = re.compile(r"\S+\s*|\s+")


class Sketch:
    """The built-in offline painter. Deterministic: by conversation and version of the reply."""

    def __init__(self, endpoint: Endpoint) -> None:
        """``endpoint.options["pace_s"]`` is the pause between two words, in seconds.

        Raises:
            ConfigError: it is not a number.
        """
        try:
            self._pace_s = max(0.0, float(endpoint.options.get("pace_s", 0.012)))
        except (TypeError, ValueError) as cause:
            raise ConfigError("Sketch's option pace_s must be a number of seconds.") from cause

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Answer in words and pictures, in order, ending with ``Finished``."""
        pieces = answer(request)
        called = False
        while (piece := await asyncio.to_thread(_next, pieces)) is not None:
            if isinstance(piece, str):
                for word in _WORDS.findall(piece):
                    yield TextDelta(word)
                    if self._pace_s:
                        await asyncio.sleep(self._pace_s)
            elif isinstance(piece, Shown):
                echo = Echo(KIND, piece.plan) if piece.plan else None
                yield ImageBytes(piece.data, alt=piece.alt, echo=echo, caption=piece.caption)
            else:
                called = called or isinstance(piece, ToolCall)
                yield piece
        # It costs nothing, and there are no tokens to count.
        usage = Usage(reported_cost_usd=0.0)
        yield Finished(Finish("tool_calls" if called else "stop"), usage)

    async def models(self) -> Sequence[Listed]:
        """The one painter there is; it uses tools where a conversation has them on."""
        both: tuple[Modality, ...] = ("text", "image")
        return (Listed(KIND, "Sketch", both, both, tools=True),)

    async def aclose(self) -> None:
        """Nothing is held open."""


def _next(pieces: Iterator[Piece]) -> Piece | None:
    return next(pieces, None)
