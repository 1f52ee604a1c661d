"""What comes in from an endpoint, before an SDK reads it: unpacked, counted, and its events usual.

An SDK reads a body to its end, unpacks what is packed, and keeps several copies; a server need not
have an end. So every response of every door, success and error alike, goes through one hook of the
HTTP client. The bounds are of unpacked bytes, counted as they come.
"""

import asyncio
import ctypes
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass

import httpx2

from chat.core import bounds
from chat.core.errors import BadReply
from chat.core.liveness import alive
from chat.providers.event_stream import EventStream, Marks, TooLong, looks_like_events, without_lead
from chat.providers.set_aside import Picture, SetAside


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an endpoint may send, unpacked; ``chat.core.bounds`` has the reasons."""

    whole_bytes: int = bounds.MAX_WHOLE_BYTES
    stream_bytes: int = bounds.MAX_STREAM_BYTES
    event_bytes: int = bounds.MAX_EVENT_BYTES
    idle_bytes: int = bounds.MAX_IDLE_BYTES
    events: int = bounds.MAX_EVENTS
    error_bytes: int = bounds.MAX_ERROR_BYTES
    marks: int = bounds.MAX_MARKS


BOUNDS: ContextVar[Bounds] = ContextVar("bounds")
"""Other bounds than the usual ones, for what is asked in this context."""

USUAL = Bounds()

TURN_BYTES = 1 << 20
"""Others get their turn after so much was unpacked: few bytes may hold many."""

PIECE_EVENTS = 64
"""Others get their turn after so many lines: an SDK reads all that one piece holds in one go."""

LARGE_BYTES = 16_000_000
GIVE_BACK_S = 1.0
"""After an answer of so many bytes the process gives back what it freed, once its reader is done:
the C library keeps the pages of many small pieces, which would stay with the process for good."""

DRAIN_S = 0.1
DRAIN_BYTES = 1 << 16
"""How long, and how much, to wait for the end of the body after the end of the reply: a
connection whose body is over can be used again."""

_EXTENSION = "easel_event_stream"
_PICTURES = "easel_pictures"
_NO_EVENTS = ("html", "image/", "audio/", "video/")


def incoming(title: str) -> Callable[[httpx2.Response], Awaitable[None]]:
    """A client's hook for responses of the endpoint with this title."""

    async def received(response: httpx2.Response) -> None:
        body = _Body(response, title, BOUNDS.get(USUAL))
        response.stream = body
        # Held as long as the response is: by whoever reads the answer.
        response.extensions[_PICTURES] = body.pictures
        for name in ("content-encoding", "content-length"):
            response.headers.pop(name, None)
        if not response.is_success:
            return
        mime = response.headers.get("content-type", "").lower()
        if "event-stream" in mime:
            events = True
        else:
            events = not any(kind in mime for kind in _NO_EVENTS) and await body.is_stream()
        if events:
            # Servers call it all sorts of things, and readers go by what it is called.
            response.headers["content-type"] = "text/event-stream"
            response.extensions[_EXTENSION] = body.read_as_events()

    return received


def is_stream(response: httpx2.Response) -> bool:
    """Whether it is a stream of events, whatever was asked for."""
    return _EXTENSION in response.extensions


def said_done(response: httpx2.Response) -> bool:
    """Whether a stream that was read said that nothing more would come."""
    stream = response.extensions.get(_EXTENSION)
    return isinstance(stream, EventStream) and stream.said_done


class _Body(httpx2.AsyncByteStream):
    """A body unpacked and counted; a stream of events also in its usual spelling."""

    def __init__(self, response: httpx2.Response, title: str, bounds: Bounds) -> None:
        headers = dict(response.headers)
        if headers.get("content-encoding", "").strip().lower() == "x-gzip":
            headers["content-encoding"] = "gzip"  # the same by an older name
        self._packed = httpx2.Response(
            response.status_code, headers=headers, stream=response.stream, request=response.request
        )
        self._title = title
        self._bounds = bounds
        self._is_error = not response.is_success
        self._events: EventStream | None = None
        self._alive = alive.get()
        self._bytes = 0
        self._begun: list[bytes] = []
        """Pieces that were looked at already."""
        self._pieces = self._unpacked()
        self._reading: AsyncGenerator[bytes, None] | None = None
        self._aside = SetAside()

    def read_as_events(self) -> EventStream:
        """Make it a stream of events."""
        limits = self._bounds
        self._events = EventStream(limits.event_bytes, limits.idle_bytes, limits.marks)
        return self._events

    @property
    def pictures(self) -> list[Picture]:
        """Those that were taken out."""
        return self._aside.pictures

    async def is_stream(self) -> bool:
        """Whether it begins like events; waits for its first bytes."""
        start = b""
        async for piece in self._pieces:
            self._begun.append(piece)
            start = without_lead(start + piece)
            found = looks_like_events(start)
            if found is not None:
                return found
        return False

    def __aiter__(self) -> AsyncIterator[bytes]:
        if self._is_error:
            self._reading = self._read()
        else:
            read = self._read() if self._events is None else self._usual(self._events)
            self._reading = self._lightened(read)
        return self._reading

    async def _lightened(self, pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        """Large pictures are taken out."""
        async with aclosing(pieces):
            async for piece in pieces:
                if lighter := self._aside.feed(piece):
                    yield lighter
        if rest := self._aside.end():
            yield rest

    async def _read(self) -> AsyncGenerator[bytes, None]:
        for piece in self._begun:
            yield piece
        async for piece in self._pieces:
            yield piece

    async def _usual(self, events: EventStream) -> AsyncGenerator[bytes, None]:
        left = self._bounds.events
        try:
            async with aclosing(self._read()) as pieces:
                async for piece in pieces:
                    for part in _parts(piece):
                        if usual := events.feed(part):
                            left -= usual.count(b"\n\n")
                            if left < 0:
                                raise self._too_long()
                            yield usual
                        if events.said_done:
                            await self._drain()
                            return
                        if part is not piece:
                            await asyncio.sleep(0)
            if rest := events.end():
                yield rest
        except TooLong as error:
            raise self._too_long() from error

    async def _unpacked(self) -> AsyncGenerator[bytes, None]:
        limits, marks, unpacked = self._bounds, Marks(self._bounds.marks), 0
        async with aclosing(self._packed.aiter_bytes()) as pieces:
            async for piece in pieces:
                self._alive()
                self._bytes += len(piece)
                if self._is_error and self._bytes > limits.error_bytes:
                    yield piece[: limits.error_bytes - self._bytes]
                    return
                most = limits.whole_bytes if self._events is None else limits.stream_bytes
                if self._bytes > most or (self._events is None and not marks.allow(piece)):
                    raise self._too_long()
                yield piece
                unpacked += len(piece)
                if unpacked >= TURN_BYTES:
                    unpacked = 0
                    await asyncio.sleep(0)

    async def _drain(self) -> None:
        """Read what follows the end of the reply, for the sake of the connection."""
        drained = 0
        try:
            async with asyncio.timeout(DRAIN_S):
                async for piece in self._pieces:
                    drained += len(piece)
                    if drained > DRAIN_BYTES:
                        return
        except (TimeoutError, httpx2.HTTPError):
            return  # a reply that is complete stays so

    def _too_long(self) -> BadReply:
        return BadReply(
            f"{self._title} sent more than an answer may hold. What had arrived is kept."
        )

    async def aclose(self) -> None:
        """Close the connection, and what reads from it: an SDK that is stopped leaves it open."""
        try:
            for reading in (self._reading, self._pieces):
                # One that is being read is closed by who reads it.
                if reading is not None and not getattr(reading, "ag_running", False):
                    await reading.aclose()
        finally:
            if self._bytes > LARGE_BYTES:
                self._bytes = 0
                asyncio.get_running_loop().call_later(GIVE_BACK_S, _give_back)
            await self._packed.aclose()


def _give_back() -> None:
    """Give freed memory back to the system, where the C library offers it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _parts(piece: bytes) -> list[bytes]:
    """A piece in parts of few lines each."""
    lines = piece.count(b"\n") + piece.count(b"\r")
    if lines <= PIECE_EVENTS * 2:
        return [piece]
    size = max(1, len(piece) * PIECE_EVENTS // lines)
    return [piece[at : at + size] for at in range(0, len(piece), size)]
