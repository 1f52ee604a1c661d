"""An OpenAI-compatible moderation endpoint: what it flags. It makes nothing and keeps nothing."""

from typing import Any

import openai

from chat.core.errors import BadReply, MediaRejected
from chat.core.models import Endpoint
from chat.images.formats import sniff_made
from chat.providers.shared.openai.client import limits, open_client
from chat.providers.shared.openai.faults import SDK_FAULTS, translated
from chat.providers.shared.requests.carried import Carrier


class OpenAIModeration:
    """A provider that is asked for an opinion."""

    def __init__(self, endpoint: Endpoint, model: str) -> None:
        """Open it. Raises ``ConfigError`` where the endpoint lacks its key."""
        self._endpoint = endpoint
        self._model = model
        self._carrier = Carrier()
        self._client = open_client(endpoint, self._carrier)

    async def text(self, text: str) -> tuple[str, ...]:
        """The categories that a text is flagged for, such as ``violence/graphic``.

        Raises:
            ProviderError: it did not answer as it should.
        """
        return await self._flagged(text)

    async def picture(self, data: bytes) -> tuple[str, ...]:
        """The categories that a picture is flagged for; bytes that are no picture have none.

        Raises as ``text``.
        """
        carried = self._carrier.load()
        try:
            url = carried.url(sniff_made(data).mime, data)
        except MediaRejected:
            return ()  # nobody will see it: the intake refuses it too, and says why
        return await self._flagged([{"type": "image_url", "image_url": {"url": url}}])

    async def _flagged(self, content: Any) -> tuple[str, ...]:
        wait = limits(self._endpoint.timeouts, whole=False)
        try:
            answer = await self._client.moderations.create(
                input=content, model=self._model, timeout=wait
            )
        except SDK_FAULTS as error:
            raise translated(error, self._endpoint) from error
        return self._categories(answer)

    def _categories(self, answer: object) -> tuple[str, ...]:
        results = answer.results if isinstance(answer, openai.BaseModel) else None  # type: ignore[attr-defined]
        if not results:
            raise BadReply(f"{self._endpoint.title} answered something that is no opinion.")
        found: dict[str, None] = {}
        for result in results:
            named = result.categories.model_dump(by_alias=True) if result.categories else {}
            true = [name for name, holds in named.items() if holds is True]
            if result.flagged:
                # A server of its own mind may flag without a category that we know.
                found |= dict.fromkeys(true or ["flagged"])
        return tuple(found)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()
