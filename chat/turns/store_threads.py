"""Threads for a store that may hang, as a network folder does when its server is away.

They are apart from the threads that the conversations use, nobody waits for them at the end of
the program, and whoever waits for one of them gives up in time.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from chat.core.errors import StorageError

T = TypeVar("T")

THREADS = 8
SILENT = "The store of pictures does not answer: please try again."


class StoreThreads:
    """Runs calls of a store, each for as long as its caller is patient."""

    def __init__(self, most: int = THREADS) -> None:
        """Start at most so many threads, each when it is needed."""
        self._most = most
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._started = 0
        self._idle = 0

    async def call(self, patience_s: float, work: Callable[[], T]) -> T:
        """What ``work`` returns or raises.

        Raises:
            StorageError: it took too long. What has begun goes on, and nobody hears of its end.
        """
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = work()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        self._submit(run)
        try:
            async with asyncio.timeout(patience_s):
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            raise StorageError(SILENT) from error

    def close(self) -> None:
        """Let the idle threads end; those that hang end with the program. Safe to call twice."""
        with self._lock:
            for _ in range(self._started):
                self._waiting.put(None)

    def _submit(self, run: Callable[[], None]) -> None:
        with self._lock:
            if self._idle:
                self._idle -= 1
            elif self._started < self._most:
                self._started += 1
                name = f"store-{self._started}"
                threading.Thread(target=self._serve, name=name, daemon=True).start()
            self._waiting.put(run)

    def _serve(self) -> None:
        while (run := self._waiting.get()) is not None:
            run()
            with self._lock:
                self._idle += 1
