"""Connections that ask nothing, or never finish asking, and how many there may be.

uvicorn waits without end for the head of a request, takes any number of connections, and leaves it
to the event loop to meet the limit of open files. There the loop asks again as often as its backlog
is long, and writes a trace each time. Source: uvicorn 0.54.0, CPython 3.11
``asyncio/selector_events.py`` (2026-11-29).
"""

import asyncio
import logging
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from chat.web.line_packing import SPARING

log = logging.getLogger(__name__)

HEAD_S = 20.0
"""The longest that the head of a request may take, from connecting or from its first byte on."""

KEEP_ALIVE_S = 15
"""How long a connection may rest between two requests."""

BACKLOG = 128
"""Connections that wait to be accepted. The loop accepts as many in one go, and, where it cannot,
says so as often."""

MOST = 1_000
"""Open connections. A page has up to seven: six for requests, and its live one."""

RECEIVED_AT_ONCE = 262_144
"""asyncio's own measure. Source: ``max_size`` in CPython 3.11 ``asyncio/selector_events.py``
(2026-11-30)."""

LARGE_BODY_AT_ONCE = 1_000_000
"""Of a body that fills that: each piece passes through ten layers and costs two calls of the system
to stop the next one and to ask for it. A sixth of the CPU that an import of 165 MB arrives for."""

RESERVED_FILES = 128
"""Of the open files that the system grants, what databases, pictures and calls of models need."""

AGAIN_S = 60.0
"""A lasting trouble is told this often."""


class Occasional:
    """A warning that is written once a minute, with the number that it stands for."""

    def __init__(self, sentence: str, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` gives seconds."""
        self._sentence = sentence
        self._clock = clock
        self._said_at_s: float | None = None
        self._unsaid = 0

    def say(self) -> None:
        """Write it, or count it."""
        at_s = self._clock()
        if self._said_at_s is not None and at_s - self._said_at_s < AGAIN_S:
            self._unsaid += 1
            return
        more = f" [{self._unsaid} more like this since the last one]" if self._unsaid else ""
        self._said_at_s, self._unsaid = at_s, 0
        log.warning("%s%s", self._sentence, more)


class Connections:
    """All that are open. The silent ones make room for those who come."""

    def __init__(self, most: int) -> None:
        """Hold at most so many."""
        self._most = most
        self._open: set[asyncio.BaseTransport] = set()
        self._silent: dict[Connection, None] = {}
        """Those that ask nothing now, the longest silent first."""
        self._crowded = Occasional(
            f"More than {most} connections are open; the longest silent ones are closed."
        )
        self._no_files = Occasional(
            "The system grants no more open files; the longest silent connections are closed."
        )

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, transport: asyncio.BaseTransport) -> bool:
        """Count one in; false where there is no room and nobody silent to make it."""
        self._open = {each for each in self._open if not each.is_closing()}
        if len(self._open) >= self._most:
            self._crowded.say()
            if not self.let_go(1):
                return False
        self._open.add(transport)
        return True

    def closed(self, transport: asyncio.BaseTransport) -> None:
        """Count one out."""
        self._open.discard(transport)

    def silent(self, connection: "Connection") -> None:
        """It asks nothing from now on."""
        self._silent.pop(connection, None)
        self._silent[connection] = None

    def busy(self, connection: "Connection") -> None:
        """It asks, or is gone."""
        self._silent.pop(connection, None)

    def let_go(self, count: int) -> int:
        """Close so many of the silent ones, the longest silent first; how many there were."""
        chosen = list(self._silent)[:count]
        for connection in chosen:
            connection.abort()
        return len(chosen)

    def met(self, loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        """The loop's handler of errors: a lack of files is one line a minute, and is met."""
        if "accept() out of system resource" in str(context.get("message", "")):
            self._no_files.say()
            self.let_go(BACKLOG)
            return
        loop.default_exception_handler(dict(context))


class Connection(H11Protocol):
    """uvicorn's connection with a limit on how long the head of a request may take."""

    _connections: Connections
    """Among which it is counted, see :func:`protocol`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None
        self._upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, if there is room."""
        super().connection_made(transport)
        # A head and its body are two pieces: undone, the second waits 40 ms for the first to be
        # acknowledged. asyncio does it only where the listening socket names its protocol.
        taken: socket.socket = transport.get_extra_info("socket")
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport = transport
        if not self._connections.opened(transport):
            self.abort()
            return
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take in what came."""
        if len(data) == RECEIVED_AT_ONCE:
            self._receive_at_once(LARGE_BODY_AT_ONCE)
        super().data_received(data)
        if self._upgraded or self._asks():
            self._head_came()
        elif self._head_timer is None and not self.transport.is_closing():
            # The first byte of another request; the timer of the rest is uvicorn's, and now off.
            self._wait_for_head()

    def on_response_complete(self) -> None:
        """Rest until the next request."""
        self._receive_at_once(RECEIVED_AT_ONCE)
        super().on_response_complete()
        if not (self.transport.is_closing() or self._asks()):
            self._connections.silent(self)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """The head came, and all else is another protocol's."""
        self._head_came()
        self._upgraded = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._head_came()
        if self._transport is not None:
            self._connections.closed(self._transport)
        super().connection_lost(exc)

    def abort(self) -> None:
        """Close it at once."""
        self._head_came()
        if self._transport is not None:
            self._connections.closed(self._transport)
            self._transport.abort()

    def _receive_at_once(self, most_bytes: int) -> None:
        transport: Any = self._transport
        transport.max_size = most_bytes

    def _asks(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_S, self.abort)
        self._connections.silent(self)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        self._connections.busy(self)


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which packs sparingly, and can be shut down while its page is leaving.

    Else that raises, out of the end of the server, and nothing is saved. Source: uvicorn 0.54.0,
    ``websockets_sansio_impl.py``, ``shutdown`` (2026-11-30).
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.conn.available_extensions:
            self.conn.available_extensions = [SPARING]

    def shutdown(self) -> None:
        """Say that the service restarts, if the line is open, and close it."""
        if self.handshake_complete and not self.close_sent and self.conn.state is not State.OPEN:
            self.stop_keepalive()
            self.transport.close()
        else:
            super().shutdown()


def protocol(connections: Connections) -> type[Connection]:
    """The class that uvicorn makes one of for each connection."""
    return type("CountedConnection", (Connection,), {"_connections": connections})


def room() -> int:
    """How many connections may be open, of the files that the system grants.

    The soft limit of many systems is 1,024; a program may raise it to the hard one itself.
    """
    if sys.platform == "win32":
        return MOST
    import resource

    wanted = MOST + RESERVED_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(OSError, ValueError):  # then there is room for fewer
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY:
        return MOST
    return max(16, min(MOST, soft - RESERVED_FILES))
