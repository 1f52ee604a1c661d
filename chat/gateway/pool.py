"""Open providers, one per endpoint, kept for the life of the program.

An SDK's client holds a connection pool; making one per turn would leak sockets and cost a
handshake each time. Importing an SDK takes a second, so they are opened in a thread.
"""

import asyncio
from collections.abc import Callable

from chat.core.calling import Provider
from chat.core.models import Endpoint


class ProviderPool:
    """Opens each endpoint once."""

    def __init__(self, open_provider: Callable[[Endpoint], Provider]) -> None:
        """Open with this function."""
        self._open_provider = open_provider
        self._open: dict[str, Provider] = {}
        self._opening = asyncio.Lock()

    async def opened(self, endpoint: Endpoint) -> Provider:
        """The provider of an endpoint; who asks while it is being opened gets the same one.

        Raises:
            ConfigError: its kind is unknown or its key missing.
        """
        if endpoint.id not in self._open:
            async with self._opening:
                if endpoint.id not in self._open:
                    provider = await asyncio.to_thread(self._open_provider, endpoint)
                    self._open[endpoint.id] = provider
        return self._open[endpoint.id]

    async def close(self) -> None:
        """Close every provider."""
        async with self._opening:
            while self._open:
                _, provider = self._open.popitem()
                await provider.aclose()
