"""That this process lives, told to the others over its store, and what it finds of them.

Where only one process may use the store there is nothing to do, and nothing runs.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable

from chat.core.errors import StorageError
from chat.core.replicas import BEAT_S, LEASE_S, Replicas, ReplicasSeen

log = logging.getLogger(__name__)

LOOK_S = 30.0
"""Between looks for what was left by processes of whom nothing is known any more."""

HUNG_S = 60.0
"""A process whose event loop has done nothing for so long is as good as dead, and says no more."""

CLOSING_S = 3.0
"""How long a store that does not answer may hold up the end."""


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
        # Of its own: an event loop that is busy for a while, or a store that keeps every other
        # thread waiting, must not make us look dead.
        self._thread: threading.Thread | None = None
        self._over = threading.Event()
        self._taking: asyncio.Task[None] | None = None
        self._unbroken_since: float | None = None
        """Since when every beat was in time."""
        self._beaten = 0.0
        self._heard = 0.0
        """When the event loop heard of a beat last."""
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
            loop = asyncio.get_running_loop()
            self._thread = threading.Thread(
                target=self._live, args=(loop,), name="presence", daemon=True
            )
            self._thread.start()

    async def beat(self) -> None:
        """Say it, and look for the others. Raises ``StorageError``."""
        began = self._ticks()
        seen = await asyncio.to_thread(self._replicas.beat)
        if self._is_due(began, self._ticks(), seen):
            await self._take_over()

    async def close(self) -> None:
        """Say that this process ends; to be called once everything is saved."""
        if self._thread is None:
            return
        self._over.set()
        await asyncio.to_thread(self._thread.join, CLOSING_S)
        if self._taking is not None:
            await asyncio.wait([self._taking], timeout=CLOSING_S)
        if self._unbroken_since is None or self._thread.is_alive():
            return  # the store does not answer: the lease will have run out
        try:
            await asyncio.to_thread(self._replicas.leave)
        except StorageError as error:
            log.warning("the others could not be told that this process ends: %s", error)

    def _live(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say it again and again; a thread."""
        due = self._beaten + BEAT_S
        while not self._over.wait(max(0.0, due - self._ticks())):
            began = self._ticks()
            due = began + BEAT_S
            if began - self._heard > HUNG_S:
                continue
            seen: ReplicasSeen | Exception
            try:
                seen = self._replicas.beat()
            except Exception as error:
                seen = error
            try:
                loop.call_soon_threadsafe(self._beat_done, began, self._ticks(), seen)
            except RuntimeError:
                return  # the loop is closed

    def _beat_done(self, began: float, ended: float, seen: ReplicasSeen | Exception) -> None:
        self._heard = self._ticks()
        if isinstance(seen, Exception):
            if self._unbroken_since is not None:  # once for all of a time without
                log.warning("the others could not be told that this process lives: %s", seen)
            self._unbroken_since = None
        elif self._is_due(began, ended, seen) and self._taking is None and not self._over.is_set():
            self._taking = asyncio.create_task(self._look(), name="take-over")

    async def _look(self) -> None:
        try:
            await self._take_over()
        except StorageError as error:
            log.warning("what a dead process left could not be looked for: %s", error)
            self._looked = None
        except Exception:
            log.exception("taking over from a dead process met a bug")
        finally:
            self._taking = None

    def _is_due(self, began: float, ended: float, seen: ReplicasSeen) -> bool:
        """Take in a beat; whether to look for what was left."""
        # While the store did not answer nobody could say anything, the others as little as this
        # one: for a whole lease after it, nobody is judged.
        if self._unbroken_since is None or ended - self._beaten > LEASE_S:
            self._unbroken_since = began
        self._beaten = began
        self._heard = max(self._heard, ended)
        others = tuple(seen.living)
        if others != self.others:
            self.others = others
            self.changed()
        due = seen.lapsed or self._looked is None or began - self._looked > LOOK_S
        if not due or began - self._unbroken_since < LEASE_S:
            return False
        self._looked = began
        return True
