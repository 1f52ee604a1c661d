"""The door of programs: what lies below ``/v1`` and ``/mcp`` is opened by a key, and by that alone.

Neither the page's cookie nor its pass phrase opens it, so that no page can make a browser use it;
a key opens nothing else. Without keys there is nothing behind the door.
"""

import asyncio
import logging
from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.core.errors import StorageError
from chat.core.personal_keys import Scope as KeyScope
from chat.web.connections import Occasional
from chat.web.drain import RETRY_AFTER_S, Drain
from chat.web.error_body import error_body, is_api
from chat.web.key_holders import Holder, KeyHolders

log = logging.getLogger(__name__)

KEY_HOLDER = "easel.key_holder"
"""Where a request that came in by this door says whose key it has."""


def holder_of(scope: Scope) -> Holder | None:
    """Whose key a request came with; ``None``: it did not come by this door."""
    found = scope.get(KEY_HOLDER)
    return found if isinstance(found, Holder) else None


def key_of(scope: Scope) -> str:
    """The name of the key that a request came with; empty: it did not come by this door."""
    holder = holder_of(scope)
    return holder.name if holder else ""


MAX_RUNNING = 12
"""Requests of one key side by side."""

MAX_LOGGED = 100

TOO_MANY = f"This key has {MAX_RUNNING} requests under way, as many as Easel takes at once."
ENDING, ENDING_CODE = "Easel is shutting down. Try again in a moment.", "shutting_down"
OFF = "The API of this Easel is switched off: whoever runs it sets EASEL_API_KEYS."
GOOD_FOR: dict[KeyScope, str] = {
    "chat": "to ask models",
    "images": "to make pictures",
    "read": "to list the models",
}
NO_KEY = "The API of this Easel wants a key, as Authorization: Bearer KEY."
WRONG_KEY = "This Easel does not know that key."


class ApiDoor:
    """Stands before every route. Plain ASGI."""

    def __init__(
        self, guarded: ASGIApp, routes: ASGIApp, keys: KeyHolders, drain: Drain | None = None
    ) -> None:
        """Tell requests apart.

        Args:
            guarded: the page and all that belongs to it, behind its own access.
            routes: every route; the API's are asked by whoever has one of the keys.
            keys: those that open it.
            drain: whether this process is about to end; it waits for what is asked here.
        """
        self._drain = drain or Drain()
        self._guarded = guarded
        self._routes = routes
        self._keys = keys
        self._strangers = Occasional("a request to the API came with a wrong key")
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the page's requests as they are, and a program's under the name of its key."""
        if scope["type"] not in {"http", "websocket"} or not is_api(scope["path"]):
            await self._guarded(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif self._drain.begun:
            await _refused(scope, send, 503, ENDING, ENDING_CODE)
        elif not self._keys:
            await _refused(scope, send, 404, OFF, "api_off")
        elif (given := _bearer(scope)) is None:
            await _refused(scope, send, 401, NO_KEY, "invalid_api_key")
        else:
            await self._with_key(given, scope, receive, send)

    async def _with_key(self, given: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes with a key that is good for it."""
        try:
            holder = await self._keys.of(given)
        except StorageError as error:
            log.warning("nobody can look whose key it is: %s", error, exc_info=error)
            await _refused(scope, send, 503, str(error), "storage")
            return
        if holder is None:
            self._strangers.say()
            await _refused(scope, send, 401, WRONG_KEY, "invalid_api_key")
        elif (due := _due(scope["path"])) and due not in holder.scopes:
            await _refused(scope, send, 403, not_good_for(due), "insufficient_scope")
        else:
            headers = [each for each in scope["headers"] if each[0] != b"cookie"]
            await self._counted(
                holder.name, {**scope, "headers": headers, KEY_HOLDER: holder}, receive, send
            )

    async def _counted(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request of a key that has not too many of them yet."""
        if self._running[name] >= MAX_RUNNING:
            await _refused(scope, send, 429, TOO_MANY, "rate_limit_exceeded")
            return
        log.info("%s %r by the key %s", scope["method"], scope["path"][:MAX_LOGGED], name)
        self._running[name] += 1
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            with self._drain.working():
                await self._routes(scope, receive, sending)
        except asyncio.CancelledError:
            # The server's alone: it ends, and takes requests with it that do not end by themselves.
            if started:
                raise
            await _refused(scope, send, 503, ENDING, ENDING_CODE)
        finally:
            self._running[name] -= 1


def _due(path: str) -> KeyScope | None:
    """What a key must be good for at an address; ``None``: there each thing looks itself."""
    if path.startswith("/v1/images/"):
        return "images"
    if path.startswith("/v1/models"):
        return "read"
    return "chat" if path.startswith("/v1/") else None


def not_good_for(due: KeyScope) -> str:
    """What a key is told that was not made for something."""
    return f"This key was not made {GOOD_FOR[due]}. Make another one on the page of your account."


def _bearer(scope: Scope) -> str | None:
    found = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(found) != 1:
        return None
    kind, _, given = found[0].decode("latin-1").partition(" ")
    return given.strip() or None if kind.lower() == "bearer" else None


async def _refused(scope: Scope, send: Send, status: int, sentence: str, code: str) -> None:
    body = error_body(scope["path"], status, sentence, code)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"connection", b"close"),  # its body is not read
    ]
    if status in (429, 503):
        headers.append((b"retry-after", str(RETRY_AFTER_S).encode("ascii")))
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
