"""That this process lives, told to the others over its store, and what it finds of them.

Where only one process may use the store there is nothing to do, and nothing runs.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from chat.core.errors import StorageError
from chat.core.replicas import BEAT_S, LEASE_S, Replicas

log = logging.getLogger(__name__)

LOOK_S = 30.0
"""Between looks for what was left by processes of whom nothing is known any more."""


class Presence:
    """Beats, and has taken over what processes left that live no more."""

    def __init__(
        self,
        replicas: Replicas,
        take_over: Callable[[], Awaitable[object]],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Have ``take_over`` called when it is time to look; ``ticks`` gives seconds."""
        self._replicas = replicas
        self._take_over = take_over
        self._ticks = ticks
        self._task: asyncio.Task[None] | None = None
        # Of its own: a store that keeps every other thread waiting must not make us look dead.
        self._thread = ThreadPoolExecutor(1, "presence")
        self._unbroken_since: float | None = None
        """Since when every beat was in time."""
        self._beaten = 0.0
        self._looked: float | None = None
        self.others: tuple[str, ...] = ()
        """The ids of the others that live, as last seen."""
        self.changed: Callable[[], object] = lambda: None
        """Is called when there are others than before."""

    async def start(self) -> None:
        """Say it once, before anything is written, and go on.

        Raises:
            StorageError: it could not be said.
        """
        if self._replicas.shared:
            await self.beat()
            self._task = asyncio.create_task(self._live(), name="presence")

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(max(0.0, self._beaten + BEAT_S - self._ticks()))
            try:
                await self.beat()
            except StorageError as error:
                if self._unbroken_since is not None:  # once for all of a time without
                    log.warning("the others could not be told that this process lives: %s", error)
                self._unbroken_since, self._beaten = None, self._ticks()

    async def beat(self) -> None:
        """Say it, and look for the others. Raises ``StorageError``."""
        began = self._ticks()
        loop = asyncio.get_running_loop()
        seen = await loop.run_in_executor(self._thread, self._replicas.beat)
        # While the store did not answer nobody could say anything, the others as little as this
        # one: for a whole lease after it, nobody is judged.
        if self._unbroken_since is None or self._ticks() - self._beaten > LEASE_S:
            self._unbroken_since = began
        self._beaten = began
        others = tuple(seen.living)
        if others != self.others:
            self.others = others
            self.changed()
        due = seen.lapsed or self._looked is None or began - self._looked > LOOK_S
        if due and began - self._unbroken_since >= LEASE_S:
            self._looked = began
            await self._take_over()

    async def close(self) -> None:
        """Say that this process ends; to be called once everything is saved."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._thread, self._replicas.leave)
            except StorageError as error:
                log.warning("the others could not be told that this process ends: %s", error)
        self._thread.shutdown()
