"""Why a connection to a server is over."""

import asyncio

MAX_MESSAGE_BYTES = 32 * 2**20
"""Of one message: a picture of 20 MB in base64, and words beside it."""
MAX_MESSAGES_PER_S = 1_000
"""Progress comes a few times a second; who sends a thousand is out of order."""
MAX_BAD_LINES = 50
"""A banner on the standard output is forgiven."""


class Ending:
    """Set once, by whoever sees first that a connection cannot go on."""

    def __init__(self) -> None:
        self.happened = asyncio.Event()
        self.connected = False
        """Whether the server was reached and greeted us."""
        self.reason = ""
        """The end of a sentence after the server's title, such as “has ended”."""
        self.lasting = False
        """The same will happen again, so that it is not tried at once."""

    def because(self, reason: str, *, lasting: bool = False) -> None:
        """Say why it is over. The first word counts."""
        if not self.happened.is_set():
            self.reason, self.lasting = reason, lasting
            self.happened.set()


class Pace:
    """Counts what comes in within a second."""

    def __init__(self, most_per_s: int = MAX_MESSAGES_PER_S) -> None:
        """Allow so many."""
        self._most = most_per_s
        self._since_s = 0.0
        self._count = 0

    def too_fast(self, count: int, now_s: float) -> bool:
        """Whether these are more than allowed. ``now_s`` is the clock of the loop."""
        if now_s - self._since_s >= 1.0:
            self._since_s, self._count = now_s, 0
        self._count += count
        return self._count > self._most
