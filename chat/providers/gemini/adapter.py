"""The call itself: one request, its chunks, its end."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from google.genai import types

from chat.core.calling import ModelRequest
from chat.providers.gemini.history import contents
from chat.providers.gemini.reply import Reply, size_of
from chat.providers.gemini.settings import STAND_IN, config
from chat.providers.shared.google.client import GoogleCall
from chat.providers.shared.google.faults import SDK_FAULTS, translated
from chat.providers.shared.google.provider import GoogleProvider
from chat.providers.shared.replies.reading import Told


class Gemini(GoogleProvider[types.GenerateContentResponse]):
    """A provider of Gemini models."""

    actions = ("generateContent",)

    def _reply(self) -> Reply:
        return Reply(self._endpoint.title, self._links)

    async def _told(
        self, request: ModelRequest, call: GoogleCall
    ) -> AsyncGenerator[Told[types.GenerateContentResponse], None]:
        carried = self._google.carrier.load()
        settings = config(request, self._endpoint, contents(request, carried))
        call.begin()
        try:
            stream: Any = await self._google.sdk.aio.models.generate_content_stream(
                model=request.card.wire_name,
                contents=STAND_IN,
                config=settings,
            )
            async with aclosing(stream) as chunks:
                async for chunk in chunks:
                    yield chunk, size_of(chunk)
            if call.said_done:
                yield None
        except SDK_FAULTS as error:
            raise translated(error, self._endpoint) from error
        finally:
            for response in call.responses:
                await response.aclose()
