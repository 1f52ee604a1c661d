"""Open providers, one for each endpoint, kept for as long as the endpoint is as it was.

An SDK's client holds a connection pool; making one per turn would leak sockets and cost a
handshake each time. Importing an SDK takes a second, so they are opened in a thread.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from chat.core.calling import Provider
from chat.core.errors import AuthFailed
from chat.core.messages import now
from chat.core.models import Endpoint

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Opened:
    """A provider, and how many are asking it."""

    endpoint: Endpoint
    provider: Provider
    users: int = 0
    retired: bool = False
    """Its endpoint has changed or gone: it is closed when nobody asks it any more."""


_Key: TypeAlias = tuple[str, str, str]


def _key(endpoint: Endpoint) -> _Key:
    """What a server knows an endpoint by: another key or address begins anew."""
    return endpoint.id, endpoint.base_url, endpoint.api_key


class ProviderPool:
    """Opens each endpoint once."""

    def __init__(self, open_provider: Callable[[Endpoint], Provider]) -> None:
        """Open with this function."""
        self._open_provider = open_provider
        self._open: dict[str, list[_Opened]] = {}
        self._opening = asyncio.Lock()
        self._refused: dict[_Key, datetime] = {}

    async def opened(self, endpoint: Endpoint) -> Provider:
        """The provider of an endpoint; who asks while it is being opened gets the same one.

        Raises:
            ConfigError: its kind is unknown or its key missing.
        """
        return (await self._of(endpoint)).provider

    @asynccontextmanager
    async def using(self, endpoint: Endpoint) -> AsyncIterator[Provider]:
        """The provider of an endpoint, which stays open at least as long as the context.

        Raises:
            ConfigError: its kind is unknown or its key missing.
        """
        opened = await self._of(endpoint)
        opened.users += 1
        try:
            yield opened.provider
            self._refused.pop(_key(endpoint), None)
        except AuthFailed:
            if endpoint.api_key:
                self._refused[_key(endpoint)] = now()
            raise
        finally:
            opened.users -= 1
            if opened.retired and not opened.users:
                await self._close(opened)

    def refused_at(self, endpoint: Endpoint) -> datetime | None:
        """When its key was refused last, by whatever was asked with it; ``None``: it works."""
        return self._refused.get(_key(endpoint))

    async def retire(self, endpoints: Iterable[Endpoint]) -> None:
        """Keep open what belongs to these endpoints as they are, and close the rest after use."""
        current = {endpoint.id: endpoint for endpoint in endpoints}
        kept = set(map(_key, current.values()))
        self._refused = {key: at for key, at in self._refused.items() if key in kept}
        for endpoint_id, several in list(self._open.items()):
            for opened in several:
                opened.retired = current.get(endpoint_id) != opened.endpoint
            for opened in [each for each in several if each.retired and not each.users]:
                await self._close(opened)

    async def close(self) -> None:
        """Close every provider."""
        async with self._opening:
            while self._open:
                _, several = self._open.popitem()
                for opened in several:
                    await opened.provider.aclose()

    async def _of(self, endpoint: Endpoint) -> _Opened:
        found = self._found(endpoint)
        if found is None:
            async with self._opening:
                found = self._found(endpoint)
                if found is None:
                    provider = await asyncio.to_thread(self._open_provider, endpoint)
                    found = _Opened(endpoint, provider)
                    self._open.setdefault(endpoint.id, []).append(found)
        return found

    def _found(self, endpoint: Endpoint) -> _Opened | None:
        several = self._open.get(endpoint.id, ())
        return next((each for each in several if each.endpoint == endpoint), None)

    async def _close(self, opened: _Opened) -> None:
        several = self._open.get(opened.endpoint.id, [])
        if opened not in several:
            return
        several.remove(opened)
        if not several:
            del self._open[opened.endpoint.id]
        try:
            await opened.provider.aclose()
        except Exception:  # it is not needed any more, and nobody waits for it
            log.exception("%s could not be closed", opened.endpoint.id)
