"""A live connection is passed on for as long as the one who opened it may be here."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
