"""Stands before the MCP server: reads a call, bounds it, and tells when its client leaves.

The SDK parses a call in one go, on the event loop; of the protocol's older versions it lets a tool
run on when nobody waits for it any more.
"""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.providers.shared.http.set_aside import SetAside
from chat.web.api_door import key_of
from chat.web.arrivals import TooSlow
from chat.web.concurrency_limiter import Busy
from chat.web.openai_api.errors import InvalidRequest, answered
from chat.web.openai_api.whole_body import TOO_MANY_PARTS, parts_of, whole_body

MAX_PARTS = 500_000
"""The longest prompt may be all commas."""

LEFT = "easel.left"
"""Where a call finds a ``receive`` that says when its client has gone."""

GONE: Message = {"type": "http.disconnect"}


class McpAttendance:
    """Wraps the MCP server. Plain ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a call; there are no streams to open and no sessions to delete."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
            return
        call = _Call(receive, key_of(scope))
        try:
            await call.read()
        except ClientDisconnect:
            return
        except (Busy, InvalidRequest, TooSlow) as error:
            await answered(error)(scope, receive, send)
            return
        try:
            await self._app({**scope, LEFT: call.left}, call.receive, send)
        finally:
            call.over()


class _Call:
    """One request: its body, then its end."""

    def __init__(self, receive: Receive, key: str) -> None:
        self._receive = receive
        self._key = key
        self._taken_out = SetAside()
        self._body: bytes | None = None
        """Until the server has it."""
        self._gone = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    async def read(self) -> None:
        """Take in the body, with something small in the place of each large picture.

        Raises:
            Busy: too many others arrive, or too many of the same key.
            ClientDisconnect: the client left before it was whole.
            InvalidRequest: it has more parts than a call needs.
            TooSlow: it was sent away for another.
        """
        self._body = await whole_body(self._pieces(), self._taken_out, self._key)
        if parts_of(self._body) > MAX_PARTS:
            raise InvalidRequest(TOO_MANY_PARTS)
        self._watching = asyncio.ensure_future(self._watch())

    async def _pieces(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self._receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            yield message.get("body", b"")
            more = message.get("more_body", False)

    async def receive(self) -> Message:
        """The body, then the end of the client."""
        if self._body is None:
            return await self.left()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def left(self) -> Message:
        """Return once the client has gone."""
        await self._gone.wait()
        return GONE

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone.set()

    def over(self) -> None:
        """The call was answered."""
        if self._watching is not None:
            self._watching.cancel()
