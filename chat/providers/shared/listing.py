"""What every provider does alike when it asks an endpoint what it serves.

A listing costs nothing and is asked while somebody waits for a page, so it has a short limit of
its own beside those of a call, and one for its bytes: an SDK reads a body to its end, and a server
need not have one. The bytes are counted below the SDK, in the HTTP client that it was given.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import replace
from typing import TypeVar

import httpx2

from chat.core.errors import BadReply, Unavailable
from chat.core.models import Endpoint
from chat.http.unpacking import unpacked
from chat.providers.shared.http.incoming import BOUNDS, USUAL
from chat.providers.shared.replies.refusals import is_page, turned_away, web_page

LISTING_S = 15.0
"""How long a list may take, all its pages together, whatever a call may."""

MAX_LIST_BYTES = 10_000_000
"""Of a list, all its pages together, unpacked. A proxy with 2,500 models sends less."""

MAX_LISTED = 20_000
"""Models of a list that are looked at; a menu has room for less."""

T = TypeVar("T")


class _Allowance:
    """How many more bytes a list may have."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._left_bytes = MAX_LIST_BYTES

    def spend(self, count: int) -> None:
        """Raises ``BadReply`` once it is used up."""
        self._left_bytes -= count
        if self._left_bytes < 0:
            raise BadReply(
                f"{self.endpoint.title} sent more than {MAX_LIST_BYTES // 1_000_000} MB where a "
                "list of models was expected. Check its address."
            )


_allowance: ContextVar[_Allowance] = ContextVar("allowance")


async def in_time(asked: Awaitable[T], endpoint: Endpoint) -> T:
    """The list, if it comes within its limits; else the connection is closed.

    Raises:
        Unavailable: it did not come in time.
        BadReply: it is too long; the clients must have ``bounded`` among their hooks.
    """
    counting = _allowance.set(_Allowance(endpoint))
    bounding = BOUNDS.set(replace(USUAL, whole_bytes=MAX_LIST_BYTES + 1, marks=MAX_LIST_BYTES))
    try:
        async with asyncio.timeout(min(LISTING_S, endpoint.timeouts.total_s)):
            return await asked
    except TimeoutError as error:
        raise Unavailable(
            f"{endpoint.title} took too long to list its models. Try again in a moment."
        ) from error
    finally:
        _allowance.reset(counting)
        BOUNDS.reset(bounding)


async def bounded(response: httpx2.Response) -> None:
    """A client's hook for responses: counts the body of a list while it is read.

    Raises:
        WrongAddress: it is a web page.
    """
    allowance = _allowance.get(None)
    if allowance is not None:
        if response.is_success and is_page(response.headers):
            raise web_page(allowance.endpoint)
        if response.status_code == 403 and is_page(response.headers):
            raise turned_away(allowance.endpoint)
        response.stream = _Counted(response, allowance)
        response.headers.pop("content-encoding", None)


class _Counted(httpx2.AsyncByteStream):
    """A body unpacked, because few bytes may hold many, and counted."""

    def __init__(self, response: httpx2.Response, allowance: _Allowance) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        self._response = unpacked(response, response.stream)
        self._allowance = allowance

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces()

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._response.aiter_bytes()) as pieces:
            async for piece in pieces:
                self._allowance.spend(len(piece))
                yield piece

    async def aclose(self) -> None:
        """Close the connection."""
        await self._response.aclose()


def no_list(endpoint: Endpoint) -> BadReply:
    """The error for an answer that lists no models because it is something else."""
    return BadReply(
        f"{endpoint.title} answered something that is not a list of models. Check its address."
    )
