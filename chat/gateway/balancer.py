"""Which of several deployments is asked next, and which are left in peace for a while.

A load balancer with a circuit breaker. One serves the whole process: what one turn learns of a
deployment, all others know.
"""

import asyncio
import copy
import random
import time
from bisect import insort
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from chat.core.errors import ProviderError
from chat.core.models import Deployment

FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 60.0
"""After a fault without word of when to come back: the first pause, then twice as long each time,
up to this."""

LONGEST_STATED_PAUSE_S = 3600.0
"""Whatever a provider says, it is passed over for others no longer than this."""

LONGEST_REFUSAL_S = 60.0
"""For so long at most nobody asks at all because of what a provider said: its quota may have
been raised since."""

QUEUE_S = 8.0
SPACING_S = 1.0
"""Who waits for a provider's pause to end waits so long at most, and one goes each second."""

_LATE_S = 0.01
"""Timers may go off a trifle early; a provider's word is kept to the letter."""

JITTER = 0.2
"""Pauses are up to this much longer, so that not everybody is back in the same moment."""


@dataclass(slots=True)
class _State:
    running: int = 0
    started: int = 0
    faults: int = 0
    """In a row; those of calls that ran together count as one."""
    fault: ProviderError | None = None
    """The last one, while it is paused."""
    paused_until: float = 0.0
    """Until then others are asked first."""
    told_until: float = 0.0
    """Until then nobody asks: the provider has said so."""
    queue: list[float] = field(default_factory=list)
    """When each of those who wait will go, in order."""

    def next_turn(self) -> float:
        """The first moment in which one more may go; who stopped waiting has left a gap."""
        turn = self.told_until
        for taken in self.queue:
            if turn + SPACING_S <= taken:
                break
            turn = max(turn, taken + SPACING_S)
        return turn


class LoadBalancer:
    """The calls that run, and the pauses."""

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take the time from ``now`` (seconds, monotonic), wait with ``sleep``.

        ``chance`` gives a number from 0 to 1.
        """
        self._now = now
        self._sleep = sleep
        self._chance = chance
        self._states: dict[tuple[str, str], _State] = defaultdict(_State)

    def _of(self, deployment: Deployment) -> _State:
        return self._states[deployment.endpoint, deployment.wire_name]

    def fault(self, deployment: Deployment) -> ProviderError | None:
        """Why a deployment is paused; ``None`` where it is not."""
        state = self._of(deployment)
        return copy.copy(state.fault) if self._now() < state.paused_until else None

    def best(self, deployments: Sequence[Deployment]) -> int:
        """The place in the list of the one to ask: awake, and least busy for its weight.

        Between equals the one that was asked least. Where all are paused: the one whose pause
        ends first.
        """

        def burden(place: int) -> tuple[float, float, float, int]:
            deployment = deployments[place]
            state, weight = self._of(deployment), max(deployment.weight, 1)
            pause_s = max(0.0, state.paused_until - self._now())
            return pause_s, state.running / weight, state.started / weight, place

        return min(range(len(deployments)), key=burden)

    @contextmanager
    def calling(self, deployment: Deployment) -> Iterator[None]:
        """Count a call for as long as the context lasts."""
        state = self._of(deployment)
        state.running += 1
        state.started += 1
        try:
            yield
        finally:
            state.running -= 1

    def failed(self, deployment: Deployment, fault: ProviderError) -> None:
        """Pause a deployment that could not serve, for as long as it said or longer each time."""
        state, moment = self._of(deployment), self._now()
        if moment >= state.paused_until:
            state.faults += 1
        longer = 1 + JITTER * self._chance()
        pause_s = fault.retry_after_s
        if pause_s is None:
            pause_s = min(FIRST_PAUSE_S * 2 ** (state.faults - 1), LONGEST_PAUSE_S)
        else:
            pause_s = min(pause_s, LONGEST_STATED_PAUSE_S)
            refusal_s = min(pause_s, LONGEST_REFUSAL_S)
            state.told_until = max(state.told_until, moment + refusal_s * longer)
        state.paused_until = max(state.paused_until, moment + pause_s * longer)
        # Without its trace, which would keep the whole request alive.
        state.fault = copy.copy(fault)

    def answered(self, deployment: Deployment) -> None:
        """End the pause of a deployment that serves, unless it asked for one itself."""
        state = self._of(deployment)
        state.faults = 0
        state.paused_until = state.told_until

    def forget(self, endpoint_id: str) -> None:
        """End every pause at an endpoint: its key or its address is another now."""
        for (at, _), state in self._states.items():
            if at == endpoint_id:
                state.faults, state.fault = 0, None
                state.paused_until = state.told_until = 0.0

    def pauses(self) -> list[tuple[str, str, float]]:
        """The deployments that are paused: which, why, and for how many seconds more."""
        moment = self._now()
        return [
            (f"{endpoint}/{name}", str(state.fault or ""), state.paused_until - moment)
            for (endpoint, name), state in sorted(self._states.items())
            if state.paused_until > moment
        ]

    async def admitted(self, deployment: Deployment) -> bool:
        """Wait until a deployment may be asked; false where that would take too long.

        Those who wait are let go one by one. Who comes back to another pause does not wait again.
        """
        state, moment = self._of(deployment), self._now()
        if moment >= state.told_until:
            return True
        turn = state.next_turn()
        if turn - moment > QUEUE_S:
            return False
        insort(state.queue, turn)
        try:
            await self._sleep(turn - moment + _LATE_S)
        finally:
            state.queue.remove(turn)
        return self._now() >= state.told_until

    def wait_s(self, deployment: Deployment) -> float:
        """How long the pause that the provider asked for still lasts."""
        return max(0.0, self._of(deployment).told_until - self._now())
