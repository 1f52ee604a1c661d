"""Connections that are read at the pace of ``chat.core.read_pace`` while small pieces come.

The first pieces of an answer, and whatever is large, are read as soon as they come.
"""

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2

from chat.core.read_pace import READ_PACE, shown_every_s

SMALL_BYTES = 4_096
"""Of a reading that brought a few words, and not a part of a picture."""

AT_ONCE = 8
"""So many small readings of an answer are not waited for: short ones are whole by then."""


class PacedTransport(httpx2.AsyncHTTPTransport):
    """The SDKs' transport, but for how often it reads."""

    def __init__(self, **options: Any) -> None:
        """With the options of the transport itself, which has none for this."""
        super().__init__(**options)
        pool: Any = self._pool
        pool._network_backend = _PacedBackend(pool._network_backend)


class _PacedBackend(httpcore2.AsyncNetworkBackend):
    def __init__(self, backend: httpcore2.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        connect = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return PacedLine(await connect)

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class PacedLine(httpcore2.AsyncNetworkStream):
    """One connection."""

    def __init__(self, line: httpcore2.AsyncNetworkStream) -> None:
        """Read from this one."""
        self._line = line
        self._small = 0
        """How many small readings there were since something was sent, or large came."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """What has come, at most so many bytes, once it is time to look."""
        if self._small >= AT_ONCE:
            await asyncio.sleep(max(READ_PACE.turn_s(), shown_every_s.get()))
        data = await self._line.read(max_bytes, timeout)
        self._small = self._small + 1 if len(data) < SMALL_BYTES else 0
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send; an answer follows."""
        self._small = 0
        await self._line.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close it."""
        await self._line.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        """The same line, encrypted from here on."""
        return PacedLine(await self._line.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """What is known of the connection."""
        return self._line.get_extra_info(info)
