"""Easel itself, as a process, with one model more: it plays the orders of the bench.

Everything else is ``app.py`` as it is shipped: the stores, the turns, the page, the server.
"""

import sys
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import app
from chat.core.calling import Listed, ModelRequest
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.messages import Finish
from chat.core.models import Endpoint
from chat.core.parts import plain_text
from chat.core.provider_spec import ProviderSpec
from chat.providers.registry import KINDS
from tests.bench.orders import picture_asked, words_asked

MODEL = "bench"
MODELS = Path(__file__).with_name("models.toml")
ENVIRONMENT = {
    "EASEL_MODELS": str(MODELS),
    "EASEL_TOKEN": "off",  # the bench alone knows the port
    "BENCH_KEY": "none",
    "PORT": "0",
}


class Orderly:
    """A provider that does what the last message orders."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Answer at the ordered pace."""
        message = plain_text(request.messages[-1].parts)
        picture = picture_asked(message)
        if picture is not None:
            yield ImageBytes(picture)
        async for piece in words_asked(message):
            yield TextDelta(piece)
        yield Finished(Finish("stop"))

    async def models(self) -> Sequence[Listed]:
        """The one there is."""
        return (Listed(self.endpoint.id),)

    async def aclose(self) -> None:
        """Nothing is open."""


SPEC = ProviderSpec("bench", "tests.bench.studio:Orderly", "The bench's.", "", "")

if __name__ == "__main__":
    KINDS[SPEC.kind] = "tests.bench.studio:SPEC"
    sys.exit(app.main())
