"""How much of the time somebody who always has more to do may take.

One thread at a time runs Python. A thread that asks a database gives its turn away at every row,
and gets it back when the one that took it lets go, 5 ms later: behind somebody who reads a flood,
each row of a list takes as long. So whoever reads what others send stands still now and then, for
as long as it has worked; meanwhile they get through, and nothing waits for them.
"""

import time
from collections.abc import Callable

SLICE_S = 0.004
"""Of work, before anybody looks at the clock of the processor."""

CREDIT_S = 0.02
"""Of work that may be done at once after a rest: what comes as people read is never held."""

MOST_S = 0.1
"""The longest pause."""


class FairShare:
    """Keeps one thread from working more than half of the time, together with all that it runs."""

    def __init__(
        self,
        clock: Callable[[], float] = time.perf_counter,
        processor: Callable[[], float] = time.thread_time,
    ) -> None:
        """Begin now, in the thread that is measured.

        Args:
            clock: seconds.
            processor: seconds that the thread has worked.
        """
        self._clock, self._processor = clock, processor
        self._at_s, self._worked_s = clock(), processor()
        self._credit_s = CREDIT_S

    def owed_s(self) -> float:
        """For how long to stand still now; mostly not at all."""
        at_s = self._clock()
        passed_s = at_s - self._at_s
        if passed_s < SLICE_S:
            return 0.0
        worked_s = self._processor()
        rested_s = passed_s - 2 * (worked_s - self._worked_s)
        self._credit_s = max(-MOST_S, min(CREDIT_S, self._credit_s + rested_s))
        self._at_s, self._worked_s = at_s, worked_s
        return max(0.0, -self._credit_s)
