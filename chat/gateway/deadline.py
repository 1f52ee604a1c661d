"""How long a call may keep us waiting: for its first event, between two, and altogether.

Connecting has its own limit, which the providers keep.
"""

import asyncio
from contextlib import AsyncExitStack
from types import TracebackType

from chat.core.errors import Unavailable
from chat.core.liveness import alive
from chat.core.models import Endpoint

RENEW_S = 1.0
"""The limit of silence is moved this often; a timer for each word costs more than the word."""


class Deadline:
    """An asynchronous context around one call; inside it, :meth:`heard` tells of each event.

    Whoever reads bytes of the line tells of them through ``chat.core.liveness``.

    Raises ``Unavailable`` on leaving if a limit has run out, saying which.
    """

    def __init__(self, endpoint: Endpoint, *, streams: bool) -> None:
        """Keep the limits of this endpoint.

        Args:
            endpoint: where the call goes.
            streams: false for a whole-message answer, which is one long silence before its
                first event.
        """
        limits = endpoint.timeouts
        self._title = endpoint.title
        self._limits = limits
        self._first_event_s = limits.first_event_s if streams else limits.total_s
        self._idle_s = limits.idle_s
        self._total = asyncio.timeout(limits.total_s)
        self._silence = asyncio.timeout(self._first_event_s)
        self._stack = AsyncExitStack()
        self._loop = asyncio.get_running_loop()
        self._renew_at = self._renew_line_at = 0.0
        self._over = False

    @property
    def begun(self) -> bool:
        """Whether anything has been heard."""
        return self._renew_at > 0

    def heard(self) -> None:
        """Something came: the silence begins anew."""
        moment = self._loop.time()
        if moment >= self._renew_at:
            self._silence.reschedule(moment + self._idle_s)
            self._renew_at = moment + min(RENEW_S, self._idle_s / 4)

    def alive(self) -> None:
        """The line lives, though nothing of an answer need have come."""
        moment = self._loop.time()
        if moment >= self._renew_line_at and not (self._over or self._silence.expired()):
            silence_s = self._idle_s if self.begun else self._first_event_s
            self._silence.reschedule(moment + silence_s)
            self._renew_line_at = moment + min(RENEW_S, silence_s / 4)

    async def __aenter__(self) -> "Deadline":
        alive.set(self.alive)
        await self._stack.enter_async_context(self._total)
        await self._stack.enter_async_context(self._silence)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over = True
        try:
            await self._stack.__aexit__(kind, error, trace)
        except TimeoutError as timeout:
            if self._sentence():
                raise Unavailable(self._sentence()) from timeout
            raise
        if isinstance(error, Exception) and self._sentence():
            # The provider's own limit went off in the same moment, and knows less to say.
            raise Unavailable(self._sentence()) from error

    def _sentence(self) -> str:
        if self._silence.expired():
            if self.begun:
                return (
                    f"{self._title} sent nothing for {self._idle_s:g} seconds. "
                    "What had arrived is kept; try again."
                )
            return (
                f"{self._title} did not answer within {self._first_event_s:g} seconds. Try again."
            )
        if self._total.expired():
            return (
                f"{self._title} was not done after {self._limits.total_s:g} seconds. "
                "What had arrived is kept; try again."
            )
        return ""
