"""What comes in from an endpoint, before an SDK reads it: unpacked, counted, and its events usual.

An SDK reads a body to its end, unpacks what is packed, and keeps several copies; a server need not
have an end. So every response, success and error alike, goes through one hook of the HTTP client.
The bounds are of unpacked bytes, counted as they come.
"""

import asyncio
import ctypes
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from chat.core import bounds
from chat.core.errors import BadReply
from chat.core.fairness import FairShare
from chat.core.liveness import alive
from chat.http.unpacking import unpacked
from chat.providers.shared.http.arrived import Arrived
from chat.providers.shared.http.event_stream import (
    EventStream,
    Marks,
    TooLong,
    looks_like_events,
    without_lead,
)
from chat.providers.shared.http.set_aside import Picture, SetAside


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an endpoint may send, unpacked; ``chat.core.bounds`` has the reasons."""

    whole_bytes: int = bounds.MAX_WHOLE_BYTES
    stream_bytes: int = bounds.MAX_STREAM_BYTES
    event_bytes: int = bounds.MAX_EVENT_BYTES
    read_bytes: int = bounds.MAX_READ_BYTES
    idle_bytes: int = bounds.MAX_IDLE_BYTES
    events: int = bounds.MAX_EVENTS
    error_bytes: int = bounds.MAX_ERROR_BYTES
    marks: int = bounds.MAX_MARKS


BOUNDS: ContextVar[Bounds] = ContextVar("bounds")
"""Other bounds than the usual ones, for what is asked in this context."""

USUAL = Bounds()

TURN_BYTES = 1 << 20
"""Others get their turn after so much was unpacked, and sooner where that took long: few bytes may
hold many."""

LOOK_BYTES = 2_048
"""Whether it took long is looked up after so much: to ask costs as much as to read a word."""

PIECE_EVENTS = 64
"""Others get their turn after so many lines: an SDK reads all that one piece holds in one go."""

PIECE_BYTES = 1 << 17
"""And after so many bytes, which a packed body has by the megabyte."""

LONG_BYTES = 500_000
"""So much is repaired in a thread: on the loop it would take longer than anybody's turn."""

LARGE_BYTES = 2_000_000
GIVE_BACK_S = 1.0
"""After an answer of so many bytes the process gives back what it freed, once its reader is done:
the C library keeps the pages of many small pieces, which would stay with the process for good."""

DRAIN_S = 0.1
DRAIN_BYTES = 1 << 16
"""How long, and how much, to wait for the end of the body after the end of the reply: a
connection whose body is over can be used again."""

_EXTENSION = "easel_event_stream"
_PICTURES = "easel_pictures"
_EVENTS = ("event-stream", "ndjson", "jsonl", "json-lines", "json-seq", "stream+json")
_NO_EVENTS = ("image/", "audio/", "video/")


def incoming(
    title: str,
    repaired: Callable[[bytes], bytes] | None = None,
    most_read_bytes: int = bounds.MAX_READ_BYTES,
) -> Callable[[httpx2.Response], Awaitable[None]]:
    """A client's hook for responses of the endpoint with this title.

    Args:
        title: what the endpoint is called.
        repaired: makes an answer, or some whole events of one, such that its SDK takes it.
        most_read_bytes: what its reader takes in one go, where that is less than the usual.
    """

    async def received(response: httpx2.Response) -> None:
        usual = BOUNDS.get(USUAL)
        limits = replace(usual, read_bytes=min(usual.read_bytes, most_read_bytes))
        body = _Body(response, title, limits, repaired)
        response.stream = body
        # Held as long as the response is: by whoever reads the answer.
        response.extensions[_PICTURES] = body.pictures
        for name in ("content-encoding", "content-length"):
            response.headers.pop(name, None)
        if not response.is_success:
            return
        mime = response.headers.get("content-type", "").lower()
        if any(kind in mime for kind in _EVENTS):
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


async def whole_events(response: httpx2.Response) -> AsyncGenerator[list[bytes], None]:
    """A stream of events as they end: the pieces that some whole ones came in, to be put together.

    They are never cut by lines: JSON may hold characters that Python takes for the end of one. What
    is left at the end is half an event, which says nothing.
    """
    held: list[bytes] = []
    raw: Any = response.aiter_raw()
    try:
        async with aclosing(raw) as pieces:
            async for piece in pieces:
                end = piece.rfind(b"\n\n") + 2
                if end < 2:
                    end = int(bool(held) and held[-1][-1:] == b"\n" == piece[:1])
                if not end:
                    held.append(piece)
                    continue
                whole, held = [*held, piece[:end]], [piece[end:]] if piece[end:] else []
                yield whole
    finally:
        held.clear()  # an error's traceback would hold tens of megabytes with it


class _Body(httpx2.AsyncByteStream):
    """A body unpacked and counted; a stream of events also in its usual spelling."""

    def __init__(
        self,
        response: httpx2.Response,
        title: str,
        bounds: Bounds,
        repaired: Callable[[bytes], bytes] | None,
    ) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        self._repaired = repaired
        self._response = unpacked(response, Arrived(response.stream))
        self._title = title
        self._bounds = bounds
        self._is_error = not response.is_success
        self._events: EventStream | None = None
        self._alive = alive.get()
        self._bytes = 0
        self._share = FairShare()
        self._begun: list[bytes] = []
        """Pieces that were looked at already."""
        self._pieces = self._unpacked()
        self._reading: AsyncGenerator[bytes, None] | None = None
        self._aside = SetAside()
        self._left = 0
        """Bytes that were passed on since the end of an event."""

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
            start = without_lead(start + piece)
            if not start:
                continue  # of empty space there may be any amount, and none of it is kept
            self._begun.append(piece)
            found = looks_like_events(start)
            if found is not None:
                return found
        return False

    def __aiter__(self) -> AsyncIterator[bytes]:
        if self._is_error:
            self._reading = self._whole()
        elif self._events is None:
            self._reading = self._plain()
        else:
            self._reading = self._usual(self._events)
        if self._repaired is not None and not self._is_error:
            self._reading = self._sound(self._reading, self._repaired)
        return _Pieces(self._reading)

    def _whole(self) -> AsyncGenerator[bytes, None]:
        return self._from_beginning() if self._begun else self._pieces

    async def _from_beginning(self) -> AsyncGenerator[bytes, None]:
        begun, self._begun = self._begun, []
        for piece in begun:
            yield piece
        async for piece in self._pieces:
            yield piece

    async def _sound(
        self, pieces: AsyncGenerator[bytes, None], repaired: Callable[[bytes], bytes]
    ) -> AsyncGenerator[bytes, None]:
        """Whole events, or the whole answer, repaired."""
        held: list[bytes] = []
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    held.append(piece)
                    if self._events is not None and piece.endswith(b"\n\n"):
                        whole, held = held, []
                        yield await _repaired(whole, repaired)
        except BadReply:
            # What had come whole before is passed on.
            ended, end, _ = b"".join(held).rpartition(b"\n\n")
            if ended and self._events is not None:
                yield await _repaired([ended, end], repaired)
            raise
        if held:
            yield await _repaired(held, repaired)

    async def _plain(self) -> AsyncGenerator[bytes, None]:
        """An answer in one piece, large pictures taken out."""
        async with aclosing(self._whole()) as pieces:
            async for piece in pieces:
                if lighter := self._lightened(piece):
                    yield lighter
        if rest := self._aside.end():
            yield rest

    async def _usual(self, events: EventStream) -> AsyncGenerator[bytes, None]:
        """A stream in its usual spelling, large pictures taken out."""
        left = self._bounds.events
        try:
            async with aclosing(self._whole()) as pieces:
                async for piece in pieces:
                    for part in _parts(piece):
                        usual = events.feed(part)
                        if lighter := self._lightened(usual):
                            yield lighter
                        left -= usual.count(b"\n\n") if b"\n" in usual else 0
                        if left < 0 or events.fault is not None:
                            raise self._too_long() from events.fault
                        if events.said_done:
                            break
                        if part is not piece:
                            await asyncio.sleep(self._share.owed_s())
                    if events.said_done:
                        await self._drain()
                        break
        except TooLong as error:
            raise self._too_long() from error
        if rest := self._lightened(events.end()) + self._aside.end():
            yield rest

    def _lightened(self, piece: bytes) -> bytes:
        """Large pictures are taken out; what is left to read in one go is counted."""
        lighter = self._aside.feed(piece)
        if lighter:
            at = -1 if self._events is None else lighter.rfind(b"\n\n")
            self._left = self._left + len(lighter) if at < 0 else len(lighter) - at
            if self._left > self._bounds.read_bytes:
                raise self._too_long()
        return lighter

    async def _unpacked(self) -> AsyncGenerator[bytes, None]:
        limits, marks, turn_bytes, looked_at = self._bounds, Marks(self._bounds.marks), 0, 0
        async with aclosing(self._response.aiter_bytes()) as pieces:
            async for piece in pieces:
                self._alive()
                self._bytes += len(piece)
                if self._is_error and self._bytes > limits.error_bytes:
                    yield piece[: limits.error_bytes - self._bytes]
                    return
                most = limits.whole_bytes if self._events is None else limits.stream_bytes
                if self._bytes > most or (self._events is None and not marks.allow(piece)):
                    if self._events is not None:
                        yield piece[: most - self._bytes]  # what of it is within the bound
                    raise self._too_long()
                yield piece
                turn_bytes += len(piece)
                if turn_bytes - looked_at < LOOK_BYTES:
                    continue
                looked_at = turn_bytes
                if (owed_s := self._share.owed_s()) or turn_bytes >= TURN_BYTES:
                    turn_bytes = looked_at = 0
                    await asyncio.sleep(owed_s)

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
        self._begun = []
        try:
            for reading in (self._reading, self._pieces):
                # One that is being read is closed by who reads it.
                if reading is not None and not getattr(reading, "ag_running", False):
                    await reading.aclose()
        finally:
            if self._bytes > LARGE_BYTES:
                self._bytes = 0
                loop = asyncio.get_running_loop()
                # In a thread: to look through all that was freed takes a while.
                loop.call_later(GIVE_BACK_S, loop.run_in_executor, None, _give_back)
            await self._response.aclose()


class _Pieces(AsyncIterator[bytes]):
    """What a generator yields, and no generator: whoever reads it cannot close it.

    httpx2 closes a generator that it reads from, and the loop one that was left lying. While the
    response closes it, either would raise.
    """

    def __init__(self, reading: AsyncGenerator[bytes, None]) -> None:
        self._reading = reading

    def __anext__(self) -> Awaitable[bytes]:
        return self._reading.__anext__()


async def _repaired(pieces: list[bytes], repaired: Callable[[bytes], bytes]) -> bytes:
    """Pieces of an answer put together and repaired; in a thread where they are long."""
    if sum(map(len, pieces)) < LONG_BYTES:
        return repaired(b"".join(pieces))

    def at_leisure() -> bytes:
        whole = b"".join(pieces)
        pieces.clear()
        return repaired(whole)

    return await asyncio.to_thread(at_leisure)


def _give_back() -> None:
    """Give freed memory back to the system, where the C library offers it."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _parts(piece: bytes) -> list[bytes]:
    """A piece in parts of few lines and few bytes each."""
    # Whether there is any is told ten times as fast as how many: a picture has none.
    lines = sum(piece.count(end) for end in (b"\n", b"\r") if end in piece)
    if lines <= PIECE_EVENTS * 2 and len(piece) <= PIECE_BYTES * 2:
        return [piece]
    size = min(PIECE_BYTES, max(1, len(piece) * PIECE_EVENTS // max(lines, 1)))
    return [piece[at : at + size] for at in range(0, len(piece), size)]
