"""The call itself: one prompt, one answer.

The SDK has announced that it will give up Imagen with its next major version, not before
2027-01-01; Gemini's image models replace it. Source: google-genai 3.4.0 (2026-11-21).
"""

import warnings
from collections.abc import AsyncGenerator, Sequence

from google.genai import errors, types

from chat.core.calling import Listed, ModelRequest
from chat.core.errors import CapabilityError
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.providers.imagen.prompt import Prompt, config, prompt
from chat.providers.imagen.reply import events
from chat.providers.shared.google.client import GoogleCall, is_enterprise, open_client
from chat.providers.shared.google.faults import SDK_FAULTS, translated
from chat.providers.shared.google.listing import listed_models
from chat.providers.shared.http.exchange import Exchange
from chat.providers.shared.replies.endings import broke_off


class Imagen:
    """A provider of Imagen models."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the provider.

        Raises:
            ConfigError: the endpoint has no key, or lacks what its mode needs.
        """
        self._endpoint = endpoint
        # The answer comes in one piece, so one silence may last as long as the call.
        self._google = open_client(endpoint, endpoint.timeouts.total_s)

    def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield the pictures.

        Raises:
            CapabilityError: a plain key, a picture to edit, or no words.
        """
        exchange = Exchange(self._endpoint)
        return exchange.settled(self._said(request, exchange))

    async def _said(
        self, request: ModelRequest, exchange: Exchange
    ) -> AsyncGenerator[ProviderEvent, None]:
        if not is_enterprise(self._endpoint):
            raise CapabilityError(
                f"A plain key does not open {request.card.title}: Google serves Imagen on Google "
                "Cloud alone. Choose a Gemini image model instead, such as Gemini Nano Banana "
                "2.1, which draws with a plain key."
            )
        asked = prompt(request)
        made = GoogleCall(exchange)  # holds the responses, and they their pictures
        answer = await self._answer(request, asked, made)
        for event in events(answer, self._endpoint, asked):
            yield event

    async def _answer(
        self, request: ModelRequest, asked: Prompt, made: GoogleCall
    ) -> types.GenerateImagesResponse:
        made.begin()
        settings = config(request, asked, self._endpoint)
        models = self._google.sdk.aio.models
        try:
            with warnings.catch_warnings():
                # The SDK warns where the call is made, before anything is awaited.
                warnings.filterwarnings(
                    "ignore", "The generate_images method", errors.ExperimentalWarning
                )
                call = models.generate_images(
                    model=request.card.wire_name, prompt=asked.words, config=settings
                )
            answer: types.GenerateImagesResponse = await call
        except SDK_FAULTS as error:
            raise translated(error, self._endpoint) from error
        if not all(response.content for response in made.responses):
            # The SDK takes no answer for an empty one, which would be a refusal.
            raise broke_off(self._endpoint.title)
        return answer

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists for this wire."""
        return await listed_models(self._google, self._endpoint, ("predict",), "imagen")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._google.aclose()
