"""Bodies that arrive side by side, of which the slowest makes room where there is none.

A body takes memory for as long as it takes to arrive, so there may be so many at a time. Whoever
sends a byte now and then would keep all others out; so the slowest goes when another comes.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chat.web.concurrency_limiter import Busy


class TooSlow(Exception):
    """It was sent away for another."""


class Arrival:
    """A body that arrives."""

    def __init__(self, began_at_s: float) -> None:
        self.began_at_s = began_at_s
        self.bytes = 0
        self.whole = False
        self._sent_away = asyncio.Event()

    def send_away(self) -> None:
        """Wait for no more of it."""
        self._sent_away.set()

    async def body(self, pieces: AsyncIterator[bytes]) -> bytes:
        """All of it.

        Raises:
            TooSlow: it was sent away before it was whole.
        """
        reading = asyncio.ensure_future(self._read(pieces))
        leaving = asyncio.ensure_future(self._sent_away.wait())
        try:
            await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                raise TooSlow
            return reading.result()
        finally:
            leaving.cancel()
            if not reading.done():
                reading.cancel()
                await asyncio.wait({reading})

    async def _read(self, pieces: AsyncIterator[bytes]) -> bytes:
        data = bytearray()
        async for piece in pieces:
            data += piece
            self.bytes = len(data)
        self.whole = True
        return bytes(data)


class Arrivals:
    """All that arrive now."""

    def __init__(
        self, most: int, slow_after_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Hold at most so many; one may be sent away once it has taken this long, in seconds."""
        self._most = most
        self._slow_after_s = slow_after_s
        self._clock = clock
        self._arriving: set[Arrival] = set()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Arrival]:
        """Room for one more.

        Raises:
            Busy: there is none, and nobody is slow.
        """
        if len(self._arriving) >= self._most:
            self._make_room()
        arrival = Arrival(self._clock())
        self._arriving.add(arrival)
        try:
            yield arrival
        finally:
            self._arriving.discard(arrival)

    def _make_room(self) -> None:
        at_s = self._clock()
        slow = [
            each
            for each in self._arriving
            if not each.whole and at_s - each.began_at_s >= self._slow_after_s
        ]
        if not slow:
            raise Busy
        slowest = min(slow, key=lambda each: each.bytes / max(1e-3, at_s - each.began_at_s))
        self._arriving.discard(slowest)
        slowest.send_away()
