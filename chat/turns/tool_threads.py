"""Threads for tools that compute: a bounded number at work, and none that is waited for for ever.

A thread cannot be ended from outside. One that works on although nobody waits for it any more gives
its place to another, so that it holds up nobody; of those there may be only so many, of one tool
and in all, and then no more are begun. The threads are daemons: none of them holds up the end of
the program.
"""

import asyncio
import itertools
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

from chat.core.errors import ToolFailed
from chat.core.tools import Result

AT_WORK = 4
MAX_LEFT_OF_ONE = 2
"""Threads of one tool that work on although nobody waits."""
MAX_LEFT = 8
"""Of all tools."""

ENDING = "Easel is about to end."

_numbers = itertools.count(1)


class ToolThreads:
    """Where the blocking work of tools is done."""

    def __init__(self) -> None:
        """Begin with none."""
        self._free = AT_WORK
        self._queue: dict[asyncio.Future[None], None] = {}
        """Who waits for a place, the first one first."""
        self._left: Counter[str] = Counter()
        self._closed = False

    def close(self) -> None:
        """Begin no more work; what runs is not waited for. Safe to call twice."""
        self._closed = True
        for turn in self._queue:
            turn.set_exception(ToolFailed(ENDING))
        self._queue.clear()

    async def run(
        self, tool: str, work: Callable[[], Result], queueing: AbstractContextManager[None]
    ) -> Result:
        """Run blocking work of a tool, once there is a place; what it returns or raises.

        Args:
            tool: the name of the tool.
            work: runs in a thread.
            queueing: is open while it waits for a place.

        Raises:
            ToolFailed: too much earlier work of the tool goes on for nobody.
        """
        self._refuse(tool)
        with queueing:
            await self._place()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()

        def told(result: Result | None, error: BaseException | None) -> None:
            if done.cancelled():
                self._left[tool] -= 1
            elif error is None:
                done.set_result(result)  # type: ignore[arg-type]
            else:
                done.set_exception(error)

        def at_work() -> None:
            result: Result | None = None
            failure: BaseException | None = None
            try:
                result = work()
            except Exception as error:
                failure = error
            except BaseException as error:  # SystemExit of a tool must not end the program
                failure = RuntimeError(f"{type(error).__name__} in a tool")
                failure.__cause__ = error
            with suppress(RuntimeError):  # the program ended before it
                loop.call_soon_threadsafe(told, result, failure)

        name = f"tool-{next(_numbers)}"
        try:
            threading.Thread(target=at_work, name=name, daemon=True).start()
            return await done
        except asyncio.CancelledError:
            if done.cancelled():  # else it has ended at the same moment
                self._left[tool] += 1
            raise
        finally:
            self._leave()

    def _refuse(self, tool: str) -> None:
        if self._closed:
            raise ToolFailed(ENDING)
        if self._left[tool] >= MAX_LEFT_OF_ONE or self._left.total() >= MAX_LEFT:
            raise ToolFailed(
                "Earlier calls still work although nobody waits for them any more. "
                "Until they end, no more are begun."
            )

    async def _place(self) -> None:
        """Have one of the places."""
        if self._free and not self._queue:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue[turn] = None
        try:
            await turn
        except asyncio.CancelledError:
            if turn in self._queue:
                del self._queue[turn]
            elif not turn.cancelled():  # the place came at the same moment
                self._leave()
            raise

    def _leave(self) -> None:
        """Give a place back, to the first who waits."""
        while self._queue:
            turn = next(iter(self._queue))
            del self._queue[turn]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
