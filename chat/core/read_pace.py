"""How soon a line is read again on which a model speaks in small pieces.

To take a piece from the network, through the SDK and to its page costs the same whether it has one
word or ten. What lies in the system's buffer is read at once when its time has come; so lines that
are read less often cost less, and nobody sees it: a page is drawn no more often, either.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar

DRAWN_S = 0.06
"""How long a line rests whose words are drawn on pages: they are shown sixteen times a second."""

GAP_S = 0.001
"""Between two readings, of all lines together: a hundred that speak at once are read ten times a
second each, and in turn, so that no moment has more to do than another."""

LONGEST_S = 0.25

shown_every_s: ContextVar[float] = ContextVar("shown_every_s", default=0.0)
"""How often who asks takes in what is said, where that is known: no line is read more often."""


class ReadPace:
    """One for all the lines of a process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with none. The clock counts seconds."""
        self._clock = clock
        self._next_s = 0.0

    def turn_s(self) -> float:
        """Take the next turn; in how many seconds it comes."""
        now_s = self._clock()
        at_s = max(now_s, self._next_s)
        if at_s - now_s < LONGEST_S:
            self._next_s = at_s + GAP_S
        return min(at_s - now_s, LONGEST_S)


READ_PACE = ReadPace()
"""That of this process."""
