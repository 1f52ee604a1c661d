"""What every provider over the SDK of OpenAI does alike: its client, its list of models, one call.

An adapter says how to ask, and a reply reads what comes.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any

import httpx2

from chat.core.calling import Listed, ModelRequest, Speech
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.shared.http.exchange import Exchange
from chat.providers.shared.openai.answers import Bodies, answers
from chat.providers.shared.openai.client import limits, open_client
from chat.providers.shared.openai.listing import listed_models
from chat.providers.shared.openai.transcription import written_down
from chat.providers.shared.replies.picture_links import LinksOfReply, PictureLinks
from chat.providers.shared.replies.reading import Reply, events_of
from chat.providers.shared.requests.carried import Carrier


class OpenAIProvider:
    """A client for an endpoint, and what can be done with it on every wire."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the endpoint.

        Raises:
            ConfigError: the endpoint needs a usable key or an address and has none, or a site of
                its option ``picture_sites`` is not a web address.
        """
        self._endpoint = endpoint
        self._carrier = Carrier()
        self._client = open_client(endpoint, self._carrier)
        self._links = PictureLinks(endpoint, str(self._client.base_url))

    async def _posted(self, path: str, body: dict[str, Any], *, streams: bool) -> httpx2.Response:
        """Send a body as it is.

        The SDK's own methods compare each of its parts with their types, which for a long
        conversation costs more than sending its pictures. Source: openai 3.57.0 (2026-11-30).
        """
        timeout = limits(self._endpoint.timeouts, whole=not streams)
        post: Any = self._client.post  # its types foresee no stream of what is asked for as it is
        response: httpx2.Response = await post(
            path, body=body, options={"timeout": timeout}, cast_to=httpx2.Response, stream=streams
        )
        return response

    def _said(
        self, ask: Callable[[], Awaitable[httpx2.Response]], reply: Reply[Bodies], *, streams: bool
    ) -> AsyncGenerator[ProviderEvent, None]:
        """One call and what comes of it, in order, ending with ``Finished``."""
        exchange = Exchange(self._endpoint)
        told = answers(ask, self._endpoint, exchange, streams=streams)
        return exchange.settled(events_of(told, reply, LinksOfReply(self._links)))

    def _written(
        self, request: ModelRequest, speech: Speech
    ) -> AsyncGenerator[ProviderEvent, None]:
        """Have speech written down, on whichever wire the server is talked with."""
        create: Any = self._client.audio.transcriptions.with_raw_response.create

        async def ask() -> httpx2.Response:
            answered = await create(
                file=("speech.wav", speech.data, "audio/wav"),
                model=request.card.wire_name,
                response_format="json",
                timeout=limits(self._endpoint.timeouts, whole=True),
            )
            response: httpx2.Response = answered.http_response
            return response

        exchange = Exchange(self._endpoint)
        told = answers(ask, self._endpoint, exchange, streams=False)
        return exchange.settled(written_down(told, self._endpoint.title))

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists."""
        return await listed_models(self._client, self._endpoint)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()
