"""The call itself: what is asked of chat completions.

The SDK's ``stream`` helper is not used: it merges list items by index, and where every picture
has index 0 two pictures become one broken address. Source: openai 3.52.0 (2026-11-21).
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

from chat.core.calling import Listed, ModelRequest
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.encoded import EncodedPictures
from chat.providers.masks import refuse_mask
from chat.providers.openai_chat.echoes import is_googles
from chat.providers.openai_chat.history import messages
from chat.providers.openai_chat.reply import Reply
from chat.providers.openai_chat.settings import extra_body, tool
from chat.providers.openai_client import limits
from chat.providers.openai_door import OpenAIDoor
from chat.providers.openai_listing import listed_models
from chat.providers.thought_signatures import Signing


class OpenAIChat(OpenAIDoor):
    """A door to models behind chat completions."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the door. Raises as ``OpenAIDoor``."""
        super().__init__(endpoint)
        self._encoded = EncodedPictures()
        self._signing = Signing()
        self._googles = is_googles(self._client.base_url.host)

    def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield what comes.

        Raises:
            CapabilityError: a mask, for which this wire has no place.
        """
        return self._signing.asked(request, self._heard)

    def _heard(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        create: Any = self._client.chat.completions.with_raw_response.create
        reply, streams = Reply(self._endpoint.title, self._links), request.card.stream
        return self._said(lambda: create(**self._asked(request)), reply, streams=streams)

    def _messages(self, request: ModelRequest) -> list[dict[str, Any]]:
        return messages(request, self._encoded, googles=self._googles)

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists; a proxy's Gemini that draws by the proxy's native route."""
        return await listed_models(self._client, self._endpoint, natives=True)

    def _asked(self, request: ModelRequest) -> dict[str, Any]:
        refuse_mask(request)
        asked: dict[str, Any] = {
            "model": request.card.wire_name,
            # On the wire as they are: the SDK compares each of its parameters with its types, part
            # by part, which for a long conversation costs more than sending its pictures.
            "messages": [],
            "extra_body": {"messages": self._messages(request), **extra_body(request)},
            "timeout": limits(self._endpoint.timeouts, whole=not request.card.stream),
        }
        if request.tools:
            asked["tools"] = [tool(spec) for spec in request.tools]
        if request.card.stream:
            asked |= {"stream": True, "stream_options": {"include_usage": True}}
        return asked
