"""The call itself: one request, its chunks, its end."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from google.genai import types

from chat.core.calling import Listed, ModelRequest
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.exchange import Exchange
from chat.providers.gemini.history import contents
from chat.providers.gemini.reply import Reply
from chat.providers.gemini.settings import STAND_IN, config
from chat.providers.google_client import GoogleCall, open_client
from chat.providers.google_faults import SDK_FAULTS, translated
from chat.providers.google_listing import listed_models
from chat.providers.masks import refuse_mask
from chat.providers.picture_links import PictureLinks
from chat.providers.thought_signatures import Signing


class Gemini:
    """A door to Gemini models."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the door.

        Raises:
            ConfigError: the endpoint has no key, or lacks what its mode needs, or a site of its
                option ``picture_sites`` is not a web address.
        """
        self._endpoint = endpoint
        limits = endpoint.timeouts
        # Between two reads; how long a whole call may take is for the turn to say.
        read_s = max(limits.first_event_s, limits.idle_s)
        self._google = open_client(endpoint, read_s)
        self._signing = Signing()
        self._links = PictureLinks(endpoint, endpoint.base_url)

    def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield what comes.

        Raises:
            CapabilityError: a mask, for which this wire has no place.
        """
        return self._signing.asked(request, self._asked)

    def _asked(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        exchange = Exchange(self._endpoint)
        return exchange.settled(self._said(request, exchange))

    async def _said(
        self, request: ModelRequest, exchange: Exchange
    ) -> AsyncGenerator[ProviderEvent, None]:
        refuse_mask(request)
        reply = Reply(request.card, self._endpoint.title, self._links)
        call, links = GoogleCall(exchange), self._links.of_one_reply()
        async with aclosing(self._chunks(request, call)) as chunks:
            async for chunk in chunks:
                async with aclosing(links.opened(reply.read(chunk), reply)) as events:
                    async for event in events:
                        yield event
        last = links.opened(reply.ended(said_done=call.said_done), reply)
        async with aclosing(last) as events:
            async for event in events:
                yield event

    async def _chunks(
        self, request: ModelRequest, call: GoogleCall
    ) -> AsyncGenerator[types.GenerateContentResponse, None]:
        settings = config(request, self._endpoint, contents(request))
        call.begin()
        try:
            stream: Any = await self._google.sdk.aio.models.generate_content_stream(
                model=request.card.wire_name,
                contents=STAND_IN,
                config=settings,
            )
            async with aclosing(stream) as chunks:
                async for chunk in chunks:
                    yield chunk
        except SDK_FAULTS as error:
            raise translated(error, self._endpoint) from error
        finally:
            for response in call.responses:
                await response.aclose()

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists for this wire."""
        return await listed_models(self._google, self._endpoint, ("generateContent",), "gemini")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._google.aclose()
