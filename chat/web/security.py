"""The outermost layer: what gets in, how much of it, and what every answer carries.

Plain ASGI, so that streams and WebSockets pass through unbuffered. It knows addresses, sizes and
times; who is logged in and what belongs to whom is decided further in.
"""

import logging

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.web.bodies import TOO_LARGE, GuardedBody, declared_bytes, drain, has_body
from chat.web.error_body import error_body, is_api
from chat.web.headers import dressed, standing_headers
from chat.web.hosts import refusal, without_strange_hosts
from chat.web.plain_page import plain_page
from chat.web.policy import Policy, Refusal

log = logging.getLogger(__name__)

DRAIN_S = 2.0
FAILURE = 400
MAX_TOLD = 50
"""Refusals that are written to the log since the start: strangers may make up any number."""
POLICY_VIOLATION = 1008  # Source: RFC 6455, 7.4.1
STARTS = {"http.response.start", "websocket.http.response.start"}


class SecurityMiddleware:
    """Wraps the whole application; ``uvicorn`` serves this and nothing below it."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._policy = policy
        self._standing = standing_headers(policy)
        self._told: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in or refuse it; dress whatever answer it gets."""

        async def dressing(message: Message) -> None:
            if message["type"] in STARTS:
                headers = dressed(message.get("headers", []), self._standing)
                message = {**message, "headers": headers}
            await send(message)

        if scope["type"] == "http":
            await self._http(scope, receive, dressing)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, dressing)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Refusal | None:
        """Why it is not let in; the log is told each cause once, of as many as fit its patience."""
        why = refusal(scope, self._policy)
        if why and why.log and why.log not in self._told and len(self._told) < MAX_TOLD:
            self._told.add(why.log)
            log.warning("%s", why.log)
        return why

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = without_strange_hosts(scope, self._policy)
        cap_bytes = self._policy.body_cap_bytes(scope["path"])
        why = self._refusal(scope)
        if why is not None:
            await _answer(scope, send, why, reader=_reads_html(scope))
        elif (declared_bytes(scope) or 0) > cap_bytes:
            await _answer(scope, send, TOO_LARGE, receive)
        elif has_body(scope):
            await self._with_body(scope, receive, send, cap_bytes)
        else:
            await self._app(scope, receive, send)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send, cap_bytes: int) -> None:
        body = GuardedBody(receive, cap_bytes, self._policy)
        started = refused = failed = False

        async def reading() -> Message:
            nonlocal refused
            message = await body.receive()
            if body.refusal is not None and not started and not refused:
                refused = True
                unread = receive if body.refusal is TOO_LARGE else None
                await _answer(scope, send, body.refusal, unread)
            return message

        async def answering(message: Message) -> None:
            nonlocal started, failed
            if refused:
                return
            started = True
            if message["type"] == "http.response.start":
                failed = message["status"] >= FAILURE
            elif failed and not message.get("more_body", False) and not body.complete:
                # A route that reads no further, such as where the disk is full.
                await send({**message, "more_body": True})
                await drain(receive, DRAIN_S)
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        try:
            await self._app(scope, reading, answering)
        except ClientDisconnect:
            # What a route raises that reads on after our refusal; a client's own leaving is not
            # ours to hide.
            if not refused:
                raise

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        why = self._refusal(scope)
        if why is not None:
            await _deny(scope, send, why)
            return
        shaken = False

        async def shaking(message: Message) -> None:
            nonlocal shaken
            if message["type"] == "websocket.close" and not shaken:
                await _deny(scope, send, Refusal(403, "There is no live connection here."))
                return
            shaken = True
            await send(message)

        await self._app(scope, receive, shaking)


def _reads_html(scope: Scope) -> bool:
    """Whether a person asks, by opening an address or sending a form."""
    accepts = (value for name, value in scope["headers"] if name == b"accept")
    return not is_api(scope["path"]) and any(b"text/html" in value for value in accepts)


async def _answer(
    scope: Scope, send: Send, why: Refusal, unread: Receive | None = None, *, reader: bool = False
) -> None:
    """Refuse an HTTP request; the connection closes, for its body may not have been read."""
    body, headers = _page(why) if reader else _told(scope, why)
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": why.status, "headers": headers})
    if unread is not None:
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await drain(unread, DRAIN_S)
        body = b""
    await send({"type": "http.response.body", "body": body})


async def _deny(scope: Scope, send: Send, why: Refusal) -> None:
    """Refuse a WebSocket handshake, with a sentence where the server can carry one."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return
    body, headers = _told(scope, why)
    await send({"type": "websocket.http.response.start", "status": why.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})


def _page(why: Refusal) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    more = f"For who runs it: {why.log}" if why.log else ""
    body = plain_page(why.sentence, more)
    length = str(len(body)).encode("ascii")
    return body, [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", length)]


def _told(scope: Scope, why: Refusal) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    body = error_body(scope["path"], why.status, why.sentence)
    length = str(len(body)).encode("ascii")
    return body, [(b"content-type", b"application/json"), (b"content-length", length)]
