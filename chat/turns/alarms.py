"""Any number of moments to wake up at, on one timer of the event loop.

What waits for a user waits for minutes, and there may be many of it: a task for each would hold
memory, and a look at each from time to time would cost work.
"""

import asyncio
import heapq
from collections.abc import Callable
from typing import Protocol

FORGOTTEN = 100
"""So many more moments than are to come may lie in the order before it is made anew."""


class Timer(Protocol):
    """What a scheduler gives for a call that is to come."""

    def cancel(self) -> None:
        """Do not call."""


class Scheduler(Protocol):
    """A clock that calls back, such as an event loop."""

    def time(self) -> float:
        """Seconds, from some moment on; never less than before."""
        ...

    def call_at(self, when: float, callback: Callable[[], object], /) -> Timer:
        """Call once that moment has come."""
        ...


class Alarms:
    """Calls that are to come, by name."""

    def __init__(self, scheduler: Scheduler | None = None) -> None:
        """Go by this clock; by the event loop that runs when the first one is set, unless given."""
        self._scheduler = scheduler
        self._due: dict[str, tuple[float, Callable[[], object]]] = {}
        self._order: list[tuple[float, str]] = []
        """Every moment with its name, the first one first; also some that were forgotten."""
        self._timer: Timer | None = None
        self._next = float("inf")

    def set(self, name: str, after_s: float, ring: Callable[[], object]) -> None:
        """Call ``ring`` after so many seconds, in place of what was set under that name."""
        when = self._clock.time() + after_s
        self._due[name] = (when, ring)
        heapq.heappush(self._order, (when, name))
        self._wind()

    def forget(self, name: str) -> bool:
        """Do not call; whether there was anything to call."""
        there = self._due.pop(name, None) is not None
        if there:
            self._wind()
        return there

    def close(self) -> None:
        """Call nothing any more."""
        self._due.clear()
        self._order.clear()
        self._wind()

    @property
    def _clock(self) -> Scheduler:
        if self._scheduler is None:
            self._scheduler = asyncio.get_running_loop()
        return self._scheduler

    def _wind(self) -> None:
        """Have the one timer stand at the first moment."""
        if len(self._order) > 2 * len(self._due) + FORGOTTEN:
            self._order = [(when, name) for name, (when, _) in self._due.items()]
            heapq.heapify(self._order)
        while self._order and not self._holds(self._order[0]):
            heapq.heappop(self._order)
        first = self._order[0][0] if self._order else float("inf")
        if first == self._next and self._timer is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._next = first
        if self._due:
            self._timer = self._clock.call_at(first, self._ring)

    def _holds(self, entry: tuple[float, str]) -> bool:
        """Whether an entry of the order is still to come."""
        when, name = entry
        return name in self._due and self._due[name][0] == when

    def _ring(self) -> None:
        self._timer = None
        now = self._clock.time()
        while self._order and self._order[0][0] <= now:
            entry = heapq.heappop(self._order)
            if self._holds(entry):
                _, ring = self._due.pop(entry[1])
                ring()
        self._wind()
