"""How soon the next frame of a growing reply is drawn.

Fifteen frames a second read as a flow, and cost little while the loop has nothing else to do. What
everybody shares is the thread of the loop: the more of it is taken, by replies or by anything else,
the longer each reply rests.
"""

import time
from collections.abc import Callable

from chat.core.read_pace import DRAWN_S

FRAME_S = DRAWN_S - 0.005
"""The rest while the loop is idle: with the drawing, sixteen frames a second. It is over when the
line of a model is read again, so that what comes is drawn as it comes."""

SHARE = 20
"""A frame rests this many times as long as it took to draw ..."""

LONGEST_REST_S = 1.0
"""... but never longer than this."""

IDLE = 0.5
"""Of the thread: whoever takes less makes no frame wait."""

SPAN_S = 0.25
"""Over which it is said how busy the thread is."""


class FramePace:
    """One for all the replies that a loop draws; asked in the thread of that loop."""

    def __init__(
        self,
        clock: Callable[[], float] = time.perf_counter,
        processor: Callable[[], float] = time.thread_time,
    ) -> None:
        """Begin now.

        Args:
            clock: seconds.
            processor: seconds that this thread has worked.
        """
        self._clock, self._processor = clock, processor
        self._at_s, self._worked_s = clock(), processor()
        self._busy = 0.0

    def rest_s(self, took_s: float) -> float:
        """How long to rest after a frame that took so long to draw."""
        at_s = self._clock()
        if at_s - self._at_s >= SPAN_S:
            worked_s = self._processor()
            self._busy = min(1.0, (worked_s - self._worked_s) / (at_s - self._at_s))
            self._at_s, self._worked_s = at_s, worked_s
        left = 1.0 - max(self._busy, IDLE)
        shared_s = FRAME_S * (1.0 - IDLE) / left if left > 0 else LONGEST_REST_S
        return min(max(shared_s, took_s * SHARE), LONGEST_REST_S)
