"""A request body under guard: counted as it arrives, and never waited for without end.

Stands outside every parser, so that a form field without a file name or a huge JSON body is
stopped before anything holds it.
"""

import asyncio
from time import monotonic

from starlette.types import Message, Receive, Scope

from chat.web.policy import Policy, Refusal

TOO_LARGE = Refusal(413, "The request is larger than Easel takes.")
TOO_SLOW = Refusal(408, "The request stopped arriving.")

GONE: Message = {"type": "http.disconnect"}


def declared_bytes(scope: Scope) -> int | None:
    """What Content-Length promises: None without one, as in a chunked body.

    The server below has already refused a length that is not a plain number.
    """
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)
    return None


def has_body(scope: Scope) -> bool:
    """Whether any bytes may follow the headers."""
    chunked = any(name == b"transfer-encoding" for name, _ in scope["headers"])
    return chunked or bool(declared_bytes(scope))


class GuardedBody:
    """A ``receive`` that ends the request when its body is too large or too slow.

    Afterwards ``refusal`` says why; the application only sees that the client has gone.
    """

    def __init__(self, receive: Receive, cap_bytes: int, policy: Policy) -> None:
        """Start the clock for the whole body."""
        self._receive = receive
        self._left_bytes = cap_bytes
        self._idle_s = policy.body_idle_s
        self._deadline_s = monotonic() + policy.body_total_s
        self.complete = False
        """Whether all of it has come."""
        self.refusal: Refusal | None = None

    async def receive(self) -> Message:
        """The next part of the body, or a disconnect in its place."""
        if self.refusal is not None:
            return GONE
        if self.complete:
            return await self._receive()
        wait_s = min(self._idle_s, self._deadline_s - monotonic())
        try:
            async with asyncio.timeout(wait_s):
                message = await self._receive()
        except TimeoutError:
            return self._refuse(TOO_SLOW)
        self._left_bytes -= len(message.get("body", b""))
        if self._left_bytes < 0:
            return self._refuse(TOO_LARGE)
        self.complete = not message.get("more_body", False)
        return message

    def _refuse(self, why: Refusal) -> Message:
        self.refusal = why
        return GONE


async def drain(receive: Receive, patience_s: float) -> None:
    """Read and forget what is still coming, for a while.

    A client that is still sending when the connection closes sees a reset and not the answer.
    """
    try:
        async with asyncio.timeout(patience_s):
            more = True
            while more:
                more = (await receive()).get("more_body", False)
    except TimeoutError:
        return
