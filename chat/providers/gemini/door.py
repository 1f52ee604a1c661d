"""The call itself: one request, its chunks, its end. Knows no message parts and no keys."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from contextvars import ContextVar

import httpx2
from google.genai import types

from chat.core.calling import Listed, ModelRequest
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.gemini.history import contents
from chat.providers.gemini.reply import Reply
from chat.providers.gemini.settings import config
from chat.providers.google_client import open_client
from chat.providers.google_faults import SDK_FAULTS, translated
from chat.providers.google_listing import listed_models

_responses: ContextVar[list[httpx2.Response]] = ContextVar("responses")
"""The HTTP responses of the call that is being made in this context."""


class Gemini:
    """A door to Gemini models."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the door.

        Raises:
            ConfigError: the endpoint has no key, or lacks what its mode needs.
        """
        self._endpoint = endpoint
        limits = endpoint.timeouts
        # Between two reads; how long a whole call may take is for the turn to say.
        read_s = max(limits.first_event_s, limits.idle_s)
        self._google = open_client(endpoint, read_s, (_remember,))

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield what comes."""
        said = contents(request)
        settings = config(request, self._endpoint)
        reply = Reply(request.card, self._endpoint.title)
        async with aclosing(self._chunks(request.card.wire_name, said, settings)) as chunks:
            async for chunk in chunks:
                for event in reply.read(chunk):
                    yield event
        yield reply.finished()

    async def _chunks(
        self, model: str, said: list[types.Content], settings: types.GenerateContentConfig
    ) -> AsyncGenerator[types.GenerateContentResponse, None]:
        responses: list[httpx2.Response] = []
        _responses.set(responses)
        try:
            stream = await self._google.sdk.aio.models.generate_content_stream(
                model=model,
                contents=said,
                config=settings,
            )
            async for chunk in stream:
                yield chunk
        except SDK_FAULTS as error:
            raise translated(error, self._endpoint) from error
        finally:
            # The SDK's nested generators do not pass a close on to the one that reads.
            for response in responses:
                await response.aclose()

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists for this wire."""
        return await listed_models(self._google, self._endpoint, "generateContent", "gemini")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._google.aclose()


async def _remember(response: httpx2.Response) -> None:
    remembered = _responses.get(None)
    if remembered is not None:  # a list of models is read at once, and not remembered
        remembered.append(response)
