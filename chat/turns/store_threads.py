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
ANSWER_S = 0.4
SLOW_S = 60.0
"""How long a store is waited for that answers, and is only slow: its disk has much to do."""

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

    async def call(
        self, patience_s: float, work: Callable[[], T], asked: Callable[[], object] | None = None
    ) -> T:
        """What ``work`` returns or raises.

        Args:
            patience_s: how long to wait, in seconds.
            work: what is to be done.
            asked: a small question, put to the store when the patience is over. One that answers it
                is slow and not away: the work is waited for longer.

        Raises:
            StorageError: it took too long. What has begun goes on, and nobody hears of its end.
        """
        done = self._begun(work)
        try:
            if await _is_over(done, patience_s):
                return await done
            if asked is not None and await self._answers(asked) and await _is_over(done, SLOW_S):
                return await done
        finally:
            done.cancel()
        raise StorageError(SILENT)

    async def _answers(self, asked: Callable[[], object]) -> bool:
        answer = self._begun(asked)
        try:
            return await _is_over(answer, ANSWER_S) and answer.exception() is None
        finally:
            answer.cancel()

    def _begun(self, work: Callable[[], T]) -> "asyncio.Future[T]":
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
        return asyncio.wrap_future(future)

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


async def _is_over(future: "asyncio.Future[T]", within_s: float) -> bool:
    """Whether it has ended by then; an end that is an error is one."""
    done, _ = await asyncio.wait({future}, timeout=within_s)
    return bool(done)
