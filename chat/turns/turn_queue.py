"""The queue of the turns that are begun: so many of an owner run at once, the others wait."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Callable

Told = Callable[[int], None]
"""Takes a place in the queue, 1 for the next; 0: it is reached."""


class Place:
    """Of one turn, from its beginning to its end."""

    def __init__(self, queue: "TurnQueue", owner: str, most: int, told: Told) -> None:
        self.owner = owner
        self.most = most
        """How many of its owner may run for this one to start."""
        self.told = told
        self.number = 0
        """As last told; 0: it has not had to wait, or waits no longer."""
        self.runs = asyncio.Event()
        self.ended = False
        self._queue = queue

    async def reached(self) -> None:
        """Return when the turn may run."""
        await self.runs.wait()

    def leave(self) -> None:
        """The turn has ended, or waits no longer."""
        self._queue.left(self)


class TurnQueue:
    """First come, first served; owners do not wait for each other."""

    def __init__(self, others: Callable[[str], int]) -> None:
        """``others`` is how many replies are written for an owner that are no turns."""
        self._others = others
        self._running: Counter[str] = Counter()
        self._waiting: defaultdict[str, deque[Place]] = defaultdict(deque)

    def join(self, owner: str, most: int, told: Told) -> Place:
        """Stand at the end of the owner's queue; where nobody waits and there is room, at once run.

        Args:
            owner: whose turn it is.
            most: how many of the owner's may run at once.
            told: is given the place, if the turn has to wait, and each one after it.
        """
        place = Place(self, owner, most, told)
        self._waiting[owner].append(place)
        self.move_up(owner)
        return place

    def left(self, place: Place) -> None:
        """Let those behind move up. Safe to call twice."""
        if place.ended:
            return
        place.ended = True
        if place.runs.is_set():
            self._running[place.owner] -= 1
        else:
            self._waiting[place.owner].remove(place)
        self.move_up(place.owner)

    def move_up(self, owner: str) -> None:
        """Start whom there is room for, and tell the others where they stand."""
        waiting = self._waiting[owner]
        while waiting and self._running[owner] + self._others(owner) < waiting[0].most:
            place = waiting.popleft()
            self._running[owner] += 1
            if place.number:
                place.number = 0
                place.told(0)
            place.runs.set()
        for number, place in enumerate(waiting, 1):
            if place.number != number:
                place.number = number
                place.told(number)
        if not waiting:
            del self._waiting[owner]
        if not self._running[owner]:
            del self._running[owner]
