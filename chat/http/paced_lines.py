"""Connections that are read at the pace of ``chat.core.read_pace`` while small pieces come.

The first pieces of an answer, and whatever is large, are read as soon as they come. A line rests
below TLS, where one reading takes in all that came: above it, each would bring one record, however
many wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeAlias

import httpcore2
import httpx2

from chat.core.read_pace import READ_PACE, shown_every_s

SMALL_BYTES = 4_096
"""Of a reading that brought a few words, and not a part of a picture."""

Rest: TypeAlias = Callable[[float], Awaitable[None]]
"""Lets so many seconds pass."""

AT_ONCE = 8
"""So many small readings of an answer are not waited for: short ones are whole by then."""


class PacedTransport(httpx2.AsyncHTTPTransport):
    """The SDKs' transport, but for how often it reads."""

    def __init__(self, *, rest: Rest = asyncio.sleep, **options: Any) -> None:
        """With the options of the transport itself, which has none for this."""
        super().__init__(**options)
        pool: Any = self._pool
        pool._network_backend = _PacedBackend(pool._network_backend, rest)


class _PacedBackend(httpcore2.AsyncNetworkBackend):
    def __init__(self, backend: httpcore2.AsyncNetworkBackend, rest: Rest) -> None:
        self._backend = backend
        self._rest = rest

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        connect = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        stream: Any = await connect
        # What it reads itself, and what TLS, or TLS through a proxy's, is later laid over.
        stream._stream = PacedLine(stream._stream, self._rest)
        return stream  # type: ignore[no-any-return]

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class PacedLine:
    """One connection, as a stream of anyio's, with the bytes as they go over the network."""

    def __init__(self, line: Any, rest: Rest = asyncio.sleep) -> None:
        """Read from this stream of anyio's."""
        self._line = line
        self._rest = rest
        self._small = 0
        """How many small readings there were since something was sent, or large came."""

    async def receive(self, max_bytes: int = 65_536) -> bytes:
        """What has come, at most so many bytes, once it is time to look."""
        if self._small >= AT_ONCE:
            await self._rest(max(READ_PACE.turn_s(), shown_every_s.get()))
        data: bytes = await self._line.receive(max_bytes)
        self._small = self._small + 1 if len(data) < SMALL_BYTES else 0
        return data

    async def send(self, item: bytes) -> None:
        """Send; an answer follows."""
        self._small = 0
        await self._line.send(item)

    def __getattr__(self, name: str) -> Any:
        """All else is the line's own: what is known of it, and how it ends."""
        return getattr(self._line, name)
