"""What takes a while is passed on for as long as the one who asked for it may be here.

A live connection is closed when its session is over. A request whose body was still arriving is
refused where its session ended meanwhile, and else goes on as of who its asker is by then.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.core.people import Person
from chat.web.owner import PERSON
from chat.web.sessions import Look, Sessions

OVER = "You are not signed in any more. Load the page again."
LOOK_AGAIN_S = 60.0
"""A live connection asks so often whether its session still holds."""


async def passed_on(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, over: Callable[[], Awaitable[None]]
) -> None:
    """Serve a live connection until it ends, or until ``over`` returns: then it is closed."""
    is_over = False
    # One for all of it: begun anew with each message, it would never look again at one who sends.
    waiting = asyncio.ensure_future(over())

    async def receiving() -> Message:
        nonlocal is_over
        getting = asyncio.ensure_future(receive())
        try:
            await asyncio.wait({getting, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                is_over = True
                await send({"type": "websocket.close", "code": 1008})
                return {"type": "websocket.disconnect", "code": 1008}
            return getting.result()
        finally:
            getting.cancel()

    async def sending(message: Message) -> None:
        if not is_over:
            await send(message)

    try:
        await app(scope, receiving, sending)
    finally:
        waiting.cancel()


async def with_body(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, sessions: Sessions, look: Look
) -> None:
    """Serve a request of somebody, who is looked at again when its body is all there.

    A body may take minutes, and its sender be shut out or made less meanwhile. Whoever reads it
    meets an ``HTTPException`` with status 401 in place of its end where the session is over.
    """
    inside = {**scope, PERSON: look[1]}
    complete = scope["method"] in {"GET", "HEAD", "OPTIONS"}

    async def receiving() -> Message:
        nonlocal complete
        message = await receive()
        if complete or message["type"] != "http.request" or message.get("more_body", False):
            return message
        complete = True
        inside[PERSON] = await _person_now(sessions, look)
        return message

    await app(inside, receiving, send)


async def _person_now(sessions: Sessions, look: Look) -> Person:
    found = await sessions.again(look)
    if found is None:
        raise HTTPException(401, OVER)
    return found[1]


async def until_over(
    ended: asyncio.Event, holds: Callable[[], Awaitable[bool]], look_again_s: float
) -> None:
    """Return when a session is over: ended here, elsewhere, or by its time."""
    while True:
        try:
            async with asyncio.timeout(look_again_s):
                await ended.wait()
        except TimeoutError:
            if await holds():
                continue
        return


def varying(send: Send) -> Send:
    """Have a browser's cache keep apart what it got for different cookies."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), (b"vary", b"Cookie")]
            message = {**message, "headers": headers}
        await send(message)

    return sending
