"""Whether the server lives, and whether it can be given work: for balancers and service managers.

``/healthz`` answers as long as the process does. ``/readyz`` names in one word each what is in the
way; the log has the cause. Both are open to everybody, so neither says more, and a look is shared
by all who ask within a second.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Response

from chat.core.errors import Damaged
from chat.web.api.answers import Health, Ready, answer
from chat.web.connections import Occasional
from chat.web.drain import RETRY_AFTER_S, Drain
from chat.web.routes import LazyRoute

log = logging.getLogger(__name__)

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
"""What answers without a login. The last has a key of its own."""

LOOK_S = 1.0
"""For so long a look holds."""

PATIENCE_S = 5.0
"""A store that has not answered by then is in the way."""

DRAINING, MIGRATIONS = "draining", "migrations"

Check = Callable[[], None]
"""Raises what is wrong with a store; ``Damaged`` where its form is not ours."""


class Readiness:
    """Looks whether work can be taken."""

    def __init__(
        self,
        drain: Drain,
        checks: Mapping[str, Check],
        *,
        patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask these stores, each called by the word that stands for it.

        Args:
            drain: whether this process is about to end.
            checks: run in threads.
            patience_s: how long a store may take to answer.
            clock: gives seconds.
        """
        self._drain = drain
        self._checks = checks
        self._patience_s = patience_s
        self._clock = clock
        self._running: dict[str, asyncio.Task[str]] = {}
        self._look: asyncio.Task[tuple[str, ...]] | None = None
        self._looked_at_s = 0.0
        self._troubles = {
            name: Occasional(f"Not ready: {name} does not answer in time.") for name in checks
        }

    async def reasons(self) -> tuple[str, ...]:
        """What is in the way; empty: nothing is."""
        fresh = self._clock() - self._looked_at_s < LOOK_S
        if self._look is None or (self._look.done() and not fresh):
            self._looked_at_s = self._clock()
            self._look = asyncio.create_task(self._stores(), name="readiness")
        stores = await asyncio.shield(self._look)
        return ((DRAINING,) if self._drain.begun else ()) + stores

    async def _stores(self) -> tuple[str, ...]:
        for name, check in self._checks.items():
            # One that hangs in its thread is not asked a second time beside it.
            if name not in self._running:
                self._running[name] = asyncio.create_task(self._asked(name, check))
        if self._running:
            await asyncio.wait(self._running.values(), timeout=self._patience_s)
        found = []
        for name, task in list(self._running.items()):
            if task.done():
                del self._running[name]
                found.append(task.result())
            else:
                self._troubles[name].say()
                found.append(name)
        return tuple(filter(None, found))

    async def _asked(self, name: str, check: Check) -> str:
        try:
            await asyncio.to_thread(check)
        except Damaged as error:
            log.warning("not ready: %s", error)
            return MIGRATIONS
        except Exception as error:  # whatever it is, others must not be sent here
            log.warning("not ready: %s", error, exc_info=error)
            return name
        return ""

    def router(self) -> APIRouter:
        """``/healthz`` and ``/readyz``."""
        health = APIRouter(route_class=LazyRoute)

        @health.get("/healthz", response_model=Health)
        async def lives() -> Response:
            return answer(Health())

        @health.get("/readyz", response_model=Ready)
        async def ready() -> Response:
            reasons = await self.reasons()
            if not reasons:
                return answer(Ready())
            told = answer(
                Ready(status="not ready", reasons=list(reasons)),
                {"Retry-After": str(RETRY_AFTER_S)},
            )
            told.status_code = 503
            return told

        return health
