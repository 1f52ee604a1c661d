"""The call itself: one request, its chunks, its end. Knows no message parts.

The SDK's ``stream`` helper is not used: it merges list items by index, and where every picture
has index 0 two pictures become one broken address. Source: openai 3.52.0 (2026-11-21).
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from chat.core.calling import Listed, ModelRequest
from chat.core.errors import Blocked
from chat.core.events import Finished, ProviderEvent
from chat.core.messages import Finish
from chat.core.models import Endpoint
from chat.providers.encoded import EncodedPictures
from chat.providers.openai_answers import answers
from chat.providers.openai_chat.history import messages
from chat.providers.openai_chat.reply import Reply
from chat.providers.openai_chat.settings import extra_body, tool
from chat.providers.openai_client import limits, open_client
from chat.providers.openai_listing import listed_models


class OpenAIChat:
    """A door to models behind chat completions."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the door.

        Raises:
            ConfigError: the endpoint needs a key or an address and has none.
        """
        self._endpoint = endpoint
        self._encoded = EncodedPictures()
        self._client = open_client(endpoint)

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield what comes."""
        reply = Reply(self._endpoint.title)
        asked = self._asked(request)
        create: Any = self._client.chat.completions.create
        try:
            async with aclosing(answers(lambda: create(**asked), self._endpoint)) as bodies:
                async for body in bodies:
                    for event in reply.read(body):
                        yield event
        except Blocked as refusal:
            yield Finished(Finish("blocked", refusal.reason, str(refusal)))
            return
        for event in reply.ended():
            yield event

    def _asked(self, request: ModelRequest) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "model": request.card.wire_name,
            "messages": messages(request, self._encoded),
            "extra_body": extra_body(request),
            "timeout": limits(self._endpoint.timeouts, whole=not request.card.stream),
        }
        if request.tools:
            asked["tools"] = [tool(spec) for spec in request.tools]
        if request.card.stream:
            asked |= {"stream": True, "stream_options": {"include_usage": True}}
        return asked

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists."""
        return await listed_models(self._client, self._endpoint)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()
