"""The call itself: one request, its answer, its end.

The SDK would by itself ask four more times where a server is busy, and go on asking where an answer
is long; here each call is one request. Source: google-genai 3.6.1 (2026-11-29).
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from chat.core.calling import ModelRequest
from chat.providers.gemini_interactions.answers import bodies
from chat.providers.gemini_interactions.faults import SDK_FAULTS, translated
from chat.providers.gemini_interactions.reply import Reply
from chat.providers.gemini_interactions.settings import asked
from chat.providers.shared.google.client import GoogleCall
from chat.providers.shared.google.provider import GoogleProvider
from chat.providers.shared.replies.reading import Told


class GeminiInteractions(GoogleProvider[Mapping[str, Any]]):
    """A provider of models behind the Interactions API, those that are nowhere else among them."""

    actions = ("generateContent", "createInteraction")

    def _reply(self) -> Reply:
        return Reply(self._endpoint, self._links)

    async def _told(
        self, request: ModelRequest, call: GoogleCall
    ) -> AsyncGenerator[Told[Mapping[str, Any]], None]:
        create: Any = self._google.sdk.aio.interactions.with_streaming_response.create
        carried = self._google.carrier.load()
        call.begin()
        try:
            async with (
                create(**asked(request, self._endpoint, carried)) as answer,
                aclosing(bodies(answer.http_response, self._endpoint)) as told,
            ):
                async for body in told:
                    yield body
        except SDK_FAULTS as error:
            raise translated(error, self._endpoint) from error
        finally:
            for response in call.responses:
                await response.aclose()
