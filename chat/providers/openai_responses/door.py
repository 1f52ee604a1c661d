"""The call itself: one request, its events, its end. Knows no message parts.

The whole conversation goes out with every request and nothing is kept at the server
(``store=False``): the history lives here alone, and may be edited.

Behind a LiteLLM proxy this wire reaches OpenAI's models whole. Its bridge to Gemini gives the
picture and drops the words around it; Gemini is better asked over chat completions or its own
wire. Source: LiteLLM 1.106.2 (2026-11-21).
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
from chat.providers.openai_client import limits, open_client
from chat.providers.openai_listing import listed_models
from chat.providers.openai_responses.history import items
from chat.providers.openai_responses.reply import Reply
from chat.providers.openai_responses.settings import settings


class OpenAIResponses:
    """A door to models behind the Responses API."""

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
        reply = Reply(self._endpoint)
        asked = self._asked(request)
        create: Any = self._client.responses.create
        try:
            async with aclosing(answers(lambda: create(**asked), self._endpoint)) as bodies:
                async for body in bodies:
                    for event in reply.read(body):
                        yield event
        except Blocked as refusal:
            yield Finished(Finish("blocked", refusal.reason, str(refusal)))
            return
        yield reply.finished()

    def _asked(self, request: ModelRequest) -> dict[str, Any]:
        return {
            "model": request.card.wire_name,
            "input": items(request, self._encoded),
            "store": False,
            "stream": request.card.stream,
            "timeout": limits(self._endpoint.timeouts, whole=not request.card.stream),
            **settings(request, self._endpoint),
        }

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists."""
        return await listed_models(self._client, self._endpoint)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()
