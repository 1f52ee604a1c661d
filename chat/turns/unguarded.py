"""The guardrails of an Easel that has none configured."""

from collections.abc import AsyncGenerator

from chat.core.calling import ModelRequest
from chat.core.events import ProviderEvent


class Unguarded:
    """Lets everything pass, untouched."""

    async def admit(self, request: ModelRequest) -> ModelRequest:
        """The request itself."""
        return request

    def screen(
        self, request: ModelRequest, events: AsyncGenerator[ProviderEvent, None]
    ) -> AsyncGenerator[ProviderEvent, None]:
        """The events themselves."""
        del request
        return events

    async def aclose(self) -> None:
        """There is nothing to let go of."""
