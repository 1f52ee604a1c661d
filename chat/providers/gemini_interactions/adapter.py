"""The call itself: one request, its answer, its end.

The SDK would by itself ask four more times where a server is busy, and go on asking where an answer
is long; here each call is one request. Source: google-genai 3.6.1 (2026-11-29).
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from chat.core.calling import Listed, ModelRequest
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.exchange import Exchange
from chat.providers.gemini_interactions.answers import bodies
from chat.providers.gemini_interactions.faults import SDK_FAULTS, translated
from chat.providers.gemini_interactions.reply import Reply
from chat.providers.gemini_interactions.settings import asked
from chat.providers.google_client import GoogleCall, open_client
from chat.providers.google_listing import listed_models
from chat.providers.masks import refuse_mask
from chat.providers.picture_links import PictureLinks
from chat.providers.thought_signatures import Signing

ACTIONS = ("generateContent", "createInteraction")
"""How a list calls what can be asked here: its models are those of both, and some of this alone."""


class GeminiInteractions:
    """A door to models behind the Interactions API."""

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
        return exchange.settled(self._said(request, GoogleCall(exchange)))

    async def _said(
        self, request: ModelRequest, call: GoogleCall
    ) -> AsyncGenerator[ProviderEvent, None]:
        refuse_mask(request)
        reply, links = Reply(self._endpoint, self._links), self._links.of_one_reply()
        async with aclosing(self._bodies(request, call)) as told:
            async for body in told:
                async with aclosing(links.opened(reply.read(body), reply)) as events:
                    async for event in events:
                        yield event
        last = links.opened(reply.ended(said_done=call.said_done), reply)
        async with aclosing(last) as events:
            async for event in events:
                yield event

    async def _bodies(
        self, request: ModelRequest, call: GoogleCall
    ) -> AsyncGenerator[Mapping[str, Any], None]:
        create: Any = self._google.sdk.aio.interactions.with_streaming_response.create
        call.begin()
        try:
            async with (
                create(**asked(request, self._endpoint)) as answer,
                aclosing(bodies(answer.http_response, self._endpoint)) as told,
            ):
                async for body in told:
                    yield body
        except SDK_FAULTS as error:
            raise translated(error, self._endpoint) from error
        finally:
            for response in call.responses:
                await response.aclose()

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists for this wire."""
        return await listed_models(self._google, self._endpoint, ACTIONS, "gemini")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._google.aclose()
