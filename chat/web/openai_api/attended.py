"""Work for a client that may leave: it is given up as soon as nobody waits for it any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

Made = TypeVar("Made")


async def left(receive: Receive) -> None:
    """Return when the client has gone; its body has been read by then."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def attended(receive: Receive, work: Coroutine[Any, Any, Made]) -> Made:
    """What the work makes; cancelled where the client leaves before that.

    Raises:
        ClientDisconnect: it left.
        Exception: whatever the work raises.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        leaving.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
