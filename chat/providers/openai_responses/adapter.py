"""The call itself: one request, its events, its end.

The whole conversation goes out with every request and nothing is kept at the server
(``store=False``): the history lives here alone, and may be edited.

Behind a LiteLLM proxy this wire reaches OpenAI's models whole. Its bridge to Gemini gives the
picture and drops the words around it; Gemini is better asked over chat completions or its own
wire. Source: LiteLLM 1.106.2 (2026-11-21).
"""

from collections.abc import AsyncGenerator
from typing import Any

import httpx2

from chat.core.calling import ModelRequest
from chat.core.events import ProviderEvent
from chat.providers.openai_responses.history import items
from chat.providers.openai_responses.reply import Reply
from chat.providers.openai_responses.settings import settings
from chat.providers.shared.openai.provider import OpenAIProvider
from chat.providers.shared.requests.carried import Carried
from chat.providers.shared.requests.masks import mask_of


class OpenAIResponses(OpenAIProvider):
    """A provider of models behind the Responses API."""

    def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield what comes.

        Raises:
            CapabilityError: a mask that the model does not take or that does not fit.
        """
        if request.speech is not None:
            return self._written(request, request.speech)

        async def ask() -> httpx2.Response:
            carried = self._carrier.load()
            return await self._posted("/responses", self._asked(request, carried), streams=streams)

        reply, streams = Reply(self._endpoint, self._links), request.card.stream
        return self._said(ask, reply, streams=streams)

    def _asked(self, request: ModelRequest, carried: Carried) -> dict[str, Any]:
        return {
            "model": request.card.wire_name,
            "input": items(request, carried),
            "store": False,
            "stream": request.card.stream,
            **settings(request, self._endpoint, _mask_url(request, carried)),
        }


def _mask_url(request: ModelRequest, carried: Carried) -> str:
    mask = mask_of(request)
    return carried.url(mask.media.mime, request.media[mask.media.sha256]) if mask else ""
