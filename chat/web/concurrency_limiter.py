"""How many may be inside at once, and how many may wait before the rest are sent away."""

import asyncio
from types import TracebackType


class Busy(Exception):
    """There is no room now; the same request may succeed a little later."""


class ConcurrencyLimiter:
    """An asynchronous context for a few at a time.

    Raises:
        Busy: on entering, where too many wait already or the wait took too long.
    """

    def __init__(self, inside: int, waiting: int, patience_s: float) -> None:
        """Let this many in, and this many wait for at most that long."""
        self._room = asyncio.Semaphore(inside)
        self._may_wait = waiting
        self._waiting = 0
        self._patience_s = patience_s

    async def __aenter__(self) -> None:
        """Go in, or wait to."""
        if self._room.locked() and self._waiting >= self._may_wait:
            raise Busy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience_s):
                await self._room.acquire()
        except TimeoutError as error:
            raise Busy from error
        finally:
            self._waiting -= 1

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Make room for the next."""
        self._room.release()
