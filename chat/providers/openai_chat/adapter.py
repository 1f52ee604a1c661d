"""The call itself: what is asked of chat completions.

The SDK's ``stream`` helper is not used: it merges list items by index, and where every picture
has index 0 two pictures become one broken address. Source: openai 3.52.0 (2026-11-21).
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

import httpx2

from chat.core.calling import Listed, ModelRequest
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.openai_chat.echoes import is_googles
from chat.providers.openai_chat.history import messages
from chat.providers.openai_chat.reply import Reply
from chat.providers.openai_chat.settings import drawing, tool, tool_choice
from chat.providers.shared.openai.listing import listed_models
from chat.providers.shared.openai.provider import OpenAIProvider
from chat.providers.shared.requests.carried import Carried
from chat.providers.shared.requests.masks import refuse_mask
from chat.providers.shared.requests.thought_signatures import Signing


class OpenAIChat(OpenAIProvider):
    """A provider of models behind chat completions."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the provider. Raises as ``OpenAIProvider``."""
        super().__init__(endpoint)
        self._signing = Signing()
        self._googles = is_googles(self._client.base_url.host)

    def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield what comes.

        Raises:
            CapabilityError: a mask, for which this wire has no place.
        """
        if request.speech is not None:
            return self._written(request, request.speech)
        return self._signing.asked(request, self._heard)

    def _heard(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        async def ask() -> httpx2.Response:
            carried = self._carrier.load()
            body = self._asked(request, carried)
            return await self._posted("/chat/completions", body, streams=streams)

        tools = [tool.name for tool in request.tools]
        reply, streams = Reply(self._endpoint.title, self._links, tools), request.card.stream
        return self._said(ask, reply, streams=streams)

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists; a proxy's Gemini that draws by the proxy's native route."""
        return await listed_models(self._client, self._endpoint, natives=True)

    def _asked(self, request: ModelRequest, carried: Carried) -> dict[str, Any]:
        refuse_mask(request)
        asked: dict[str, Any] = {
            "model": request.card.wire_name,
            "messages": messages(request, carried, googles=self._googles),
            **drawing(request),
        }
        if request.tools:
            asked["tools"] = [tool(spec) for spec in request.tools]
        if request.must_call:
            asked["tool_choice"] = tool_choice(request.must_call)
        if request.card.stream:
            asked |= {"stream": True, "stream_options": {"include_usage": True}}
        return asked
