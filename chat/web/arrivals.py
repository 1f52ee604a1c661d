"""Bodies that arrive side by side, of which one makes room where there is none.

A body takes memory for as long as it takes to arrive, so there may be so many at a time. Whoever
sends many at once, or a byte now and then, would keep all others out. So when another comes, one of
those goes who have the most under way, or else the slowest.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from chat.web.concurrency_limiter import Busy


class TooSlow(Exception):
    """It was sent away for another."""


class Arrival:
    """A body that arrives."""

    def __init__(self, whose: str, began_at_s: float) -> None:
        self.whose = whose
        self.began_at_s = began_at_s
        self.bytes = 0
        self.whole = False
        self._sent_away = asyncio.Event()
        self._why: type[Exception] = TooSlow

    def send_away(self, why: type[Exception]) -> None:
        """Wait for no more of it, and raise this where it is waited for."""
        self._why = why
        self._sent_away.set()

    async def body(self, pieces: AsyncIterator[bytes]) -> bytes:
        """All of it.

        Raises:
            Busy: it was sent away because whoever sends it has more under way than another.
            TooSlow: it was sent away because it took too long.
        """
        reading = asyncio.ensure_future(self._read(pieces))
        leaving = asyncio.ensure_future(self._sent_away.wait())
        try:
            await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                raise self._why
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
    async def one(self, whose: str) -> AsyncIterator[Arrival]:
        """Room for one more of somebody's.

        Raises:
            Busy: there is none, and nobody has to make any.
        """
        if len(self._arriving) >= self._most:
            self._make_room(whose)
        arrival = Arrival(whose, self._clock())
        self._arriving.add(arrival)
        try:
            yield arrival
        finally:
            self._arriving.discard(arrival)

    def _make_room(self, whose: str) -> None:
        at_s = self._clock()
        held = Counter(each.whose for each in self._arriving)
        most = max(held.values())
        # Nobody gives way to one who has more.
        may_go = [
            each for each in self._arriving if not each.whole and held[each.whose] >= held[whose]
        ]
        if most > held[whose] + 1 and (greedy := [e for e in may_go if held[e.whose] == most]):
            self._send_away(greedy, at_s, Busy)
        elif slow := [each for each in may_go if at_s - each.began_at_s >= self._slow_after_s]:
            self._send_away(slow, at_s, TooSlow)
        else:
            raise Busy

    def _send_away(self, some: Sequence[Arrival], at_s: float, why: type[Exception]) -> None:
        """The slowest of them."""
        slowest = min(some, key=lambda each: each.bytes / max(1e-3, at_s - each.began_at_s))
        self._arriving.discard(slowest)
        slowest.send_away(why)
