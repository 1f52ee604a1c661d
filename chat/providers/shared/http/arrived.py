"""A body in pieces as the network brings them, where its server wrote many small ones.

A server that streams writes a chunk for each word, and a client hands over each by itself, though
one read of the socket brought a hundred. All that looks at a body would do so a hundred times.
"""

import asyncio
from collections.abc import AsyncGenerator

import httpx2

MOST_BYTES = 1 << 16
"""Of one piece, as much as one read brings: what is packed may hold a thousand times as much."""


class Arrived(httpx2.AsyncByteStream):
    """A stream whose every piece is all that has come since the last one."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        """Read from this stream, once somebody reads from here."""
        self._stream = stream
        self._come: list[bytes] = []
        self._come_bytes = 0
        self._news = asyncio.Event()
        self._taken = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        self._reading = reading = asyncio.create_task(self._read())
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                if self._come:
                    piece = b"".join(self._come) if len(self._come) > 1 else self._come[0]
                    self._come.clear()
                    self._come_bytes = 0
                    self._taken.set()
                    yield piece
                if reading.cancelled():
                    raise httpx2.StreamClosed
                if reading.done() and not self._come:
                    reading.result()  # raises what stopped it
                    return
        finally:
            await self._stop()

    async def _read(self) -> None:
        """Read without waiting for who takes it, up to a bound."""
        pieces = self._stream.__aiter__()
        try:
            async for piece in pieces:
                self._come.append(piece)
                self._come_bytes += len(piece)
                self._news.set()
                if self._come_bytes >= MOST_BYTES:
                    self._taken.clear()
                    await self._taken.wait()
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()
            self._news.set()

    async def _stop(self) -> None:
        reading, self._reading = self._reading, None
        if reading is None:
            return
        if not reading.done():
            reading.cancel()
            await asyncio.wait([reading])
        if not reading.cancelled():
            reading.exception()  # nobody asks any more; unasked, it would be logged

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stop()
        await self._stream.aclose()
