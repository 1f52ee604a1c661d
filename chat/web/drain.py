"""The end of a process in good order: what runs is finished, and nothing new is begun.

Whoever begins work, or tells people of it, is told once; those whose work may last are waited for,
as long as the host has patience. What is not finished then is saved as it is when the application
is closed. See ``chat.web.serve``.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger("easel")

RETRY_AFTER_S = 5
"""When to ask again who is sent away: about as long as a new process takes to start."""


class Drain:
    """Of one process. Begins once."""

    def __init__(self, patience_s: float = 0.0) -> None:
        """Wait so long at most."""
        self.patience_s = patience_s
        self._begun = False
        self._told: list[Callable[[], None]] = []
        self._awaited: list[Callable[[], Awaitable[None]]] = []
        self._leaving: list[Callable[[], None]] = []
        self._working = 0
        self._idle = asyncio.Event()

    @property
    def begun(self) -> bool:
        """Whether nothing new is to be begun."""
        return self._begun

    def add(
        self,
        tell: Callable[[], None] | None = None,
        ended: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Have ``tell`` called when it begins, and wait for ``ended``, in the order of adding."""
        if tell is not None:
            self._told.append(tell)
        if ended is not None:
            self._awaited.append(ended)

    def on_leaving(self, let_go: Callable[[], None]) -> None:
        """Have ``let_go`` called before connections are closed: it ends requests that only wait."""
        self._leaving.append(let_go)

    def leave(self) -> None:
        """Connections are about to be closed."""
        for let_go in self._leaving:
            let_go()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Wait for what is done within this block, too."""
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self._idle.set()

    async def run(self) -> None:
        """Begin nothing new; return when what ran is finished, or the patience is over."""
        if self._begun:
            return
        self._begun = True
        for tell in self._told:
            tell()
        log.info("Easel takes nothing new and finishes what runs, within %g s.", self.patience_s)
        try:
            async with asyncio.timeout(self.patience_s):
                while self._working:
                    self._idle.clear()
                    await self._idle.wait()
                for ended in self._awaited:
                    await ended()
        except TimeoutError:
            log.warning("What still runs after %g s is saved as it is.", self.patience_s)
        else:
            log.info("Everything that ran is finished.")
