"""A database server that is away for a moment, as while it starts anew, ends no turn."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from chat.core.errors import Away

T = TypeVar("T")

PATIENCE_S = 10.0
"""A server that crashed has recovered by then, or somebody has to look after it."""
REST_S = 0.25


async def while_away(work: Callable[[], T], leave: asyncio.Event | None = None) -> T:
    """What ``work`` returns, in a thread; else as ``until_back``."""
    return await until_back(lambda: asyncio.to_thread(work), leave)


async def until_back(work: Callable[[], Awaitable[T]], leave: asyncio.Event | None = None) -> T:
    """What ``work`` gives; tried again for a while where its store is away.

    Args:
        work: what is to be done. Twice must be as good as once: a server may have done it, and
            have been away when it was to say so.
        leave: once it is set, nobody wants to wait any more.

    Raises:
        Away: it is still away.
    """
    loop = asyncio.get_running_loop()
    until_s = loop.time() + PATIENCE_S
    leave = leave or asyncio.Event()
    while True:
        try:
            return await work()
        except Away:
            if leave.is_set() or loop.time() >= until_s:
                raise
        try:
            async with asyncio.timeout(REST_S):
                await leave.wait()
        except TimeoutError:
            pass  # time to try again
