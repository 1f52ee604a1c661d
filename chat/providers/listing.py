"""What every door does alike when it asks an endpoint what it serves. Knows no wire and no SDK.

A listing costs nothing and is asked while somebody waits for a page, so it has a short limit of
its own beside those of a call.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from chat.core.errors import BadReply, Unavailable
from chat.core.models import Endpoint

LISTING_S = 15.0
"""How long one request for a list may take, whatever a call may."""

T = TypeVar("T")


async def in_time(asked: Awaitable[T], endpoint: Endpoint) -> T:
    """The answer, if it comes within the limit; else the connection is closed.

    Raises:
        Unavailable: it did not come.
    """
    try:
        async with asyncio.timeout(min(LISTING_S, endpoint.timeouts.total_s)):
            return await asked
    except TimeoutError as error:
        raise Unavailable(
            f"{endpoint.title} took too long to list its models. Try again in a moment."
        ) from error


def no_list(endpoint: Endpoint) -> BadReply:
    """The error for an answer that lists no models because it is something else."""
    return BadReply(
        f"{endpoint.title} answered something that is not a list of models. Check its address."
    )
