"""A name for each request, by which its lines in the log are found.

A proxy that is believed (``chat.web.forwarded``) gives its own in ``X-Request-ID``; else one is
made. Error answers carry it, and all that programs get, as the SDKs of OpenAI's API look for it.
"""

import re
import secrets
import time
from collections.abc import Callable
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.logs import REQUEST_ID
from chat.web.error_body import is_api
from chat.web.forwarded import REQUEST_ID_HEADER

_SOUND = re.compile(rb"[A-Za-z0-9._-]{8,64}")
STARTS = {"http.response.start", "websocket.http.response.start"}

Observe: TypeAlias = Callable[[str, int, float], None]
"""Told the method, the status and the seconds from the request to the end of its answer."""


class RequestIds:
    """Plain ASGI: the first layer that sees a request at its place below the root."""

    def __init__(self, app: ASGIApp, observe: Observe | None = None) -> None:
        """Pass on to ``app``; ``observe`` is told of every answer over HTTP, polls left out."""
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request under its name."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        name = _given(scope) or secrets.token_hex(8)
        began_s, status = time.monotonic(), 0

        async def naming(message: Message) -> None:
            nonlocal status
            if message["type"] in STARTS:
                status = message["status"]
                if status >= 400 or is_api(scope["path"]):
                    headers = [*message.get("headers", ()), (REQUEST_ID_HEADER, name.encode())]
                    message = {**message, "headers": headers}
            await send(message)

        known = REQUEST_ID.set(name)
        try:
            await self._app(scope, receive, naming)
        finally:
            REQUEST_ID.reset(known)
            if self._observe is not None and status and scope["type"] == "http":
                self._tell(self._observe, scope, status, time.monotonic() - began_s)

    @staticmethod
    def _tell(observe: Observe, scope: Scope, status: int, seconds: float) -> None:
        if not scope["path"].startswith("/live/"):
            observe(scope["method"], status, seconds)


def _given(scope: Scope) -> str:
    """What the proxy calls it; empty: it has no name, or none that may stand in a log."""
    found = [value for name, value in scope["headers"] if name == REQUEST_ID_HEADER]
    if len(found) == 1 and _SOUND.fullmatch(found[0]):
        return str(found[0].decode("ascii"))
    return ""
