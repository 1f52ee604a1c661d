"""An HTTP server on 127.0.0.1 that answers from a list, for tests that want a real wire.

It speaks just enough HTTP/1.1 to misbehave exactly as told: wait at a gate between two
chunks, cut the connection, promise more bytes than it sends.
"""

import asyncio
import json
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.listening import Listener
from tests.patience import PATIENCE_S


class Gate:
    """A place where a reply waits. Any thread may open it."""

    def __init__(self) -> None:
        self._open: Future[None] = Future()
        self.reached = threading.Event()

    def open(self) -> None:
        """Let the reply go on. Twice is once."""
        if not self._open.done():
            self._open.set_result(None)

    async def passed(self) -> None:
        """Announce that the reply stands here, and wait until the gate is open."""
        self.reached.set()
        await asyncio.shield(asyncio.wrap_future(self._open))


Step: TypeAlias = bytes | Gate


@dataclass(frozen=True)
class Reply:
    """What to answer. ``cut`` drops the connection after the last step."""

    steps: tuple[Step, ...] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    promised_bytes: int | None = None
    """A ``Content-Length`` to state, true or not; ``None`` sends chunked."""


@dataclass
class Request:
    """What was asked. ``gone`` is set when the client hung up before the reply was over."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


Handler: TypeAlias = Callable[[Request], Reply]


def json_reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """One JSON document."""
    body = json.dumps(value).encode()
    told = {"content-type": "application/json", **(headers or {})}
    return Reply((body,), status, told, promised_bytes=len(body))


def text_reply(text: str, status: int = 200, mime: str = "text/html") -> Reply:
    """One text, such as the error page of a proxy."""
    body = text.encode()
    return Reply((body,), status, {"content-type": mime}, promised_bytes=len(body))


def sse(*events: object, cut: bool = False) -> Reply:
    """Server-sent events: a str goes out as it is, a Gate waits, anything else as JSON."""
    steps: list[Step] = []
    for event in events:
        if isinstance(event, Gate):
            steps.append(event)
        else:
            data = event if isinstance(event, str) else json.dumps(event)
            steps.append(f"data: {data}\n\n".encode())
    return Reply(tuple(steps), headers={"content-type": "text/event-stream"}, cut=cut)


class Loopback(Listener):
    """The server: ``with Loopback([reply, ...]) as server`` or ``Loopback(handler)``.

    With a list, each request takes the next reply; one too many is answered 500.
    """

    def __init__(
        self, replies: Sequence[Reply] | Handler, tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(tls)
        self._replies: list[Reply] | None = None
        self._handler: Handler | None = None
        if callable(replies):
            self._handler = replies
        else:
            self._replies = list(replies)
        self.requests: list[Request] = []
        self._arrival = threading.Condition()

    def wait_for_requests(self, count: int) -> None:
        """Block until so many requests have arrived."""
        with self._arrival:
            arrived = self._arrival.wait_for(lambda: len(self.requests) >= count, PATIENCE_S)
        assert arrived, f"{len(self.requests)} of {count} requests arrived"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request and give it its reply."""
        request = await _read_request(reader)
        reply = self._reply_to(request)
        leaving = asyncio.ensure_future(reader.read(1))
        sending = asyncio.ensure_future(_send(reply, writer))
        await asyncio.wait({leaving, sending}, return_when=asyncio.FIRST_COMPLETED)
        if not sending.done():
            request.gone.set()
            sending.cancel()
        leaving.cancel()
        sent, _ = await asyncio.gather(sending, leaving, return_exceptions=True)
        if isinstance(sent, ConnectionError):  # it left while something was being written
            request.gone.set()

    def _reply_to(self, request: Request) -> Reply:
        with self._arrival:
            self.requests.append(request)
            self._arrival.notify_all()
        if self._handler is not None:
            return self._handler(request)
        if self._replies:
            return self._replies.pop(0)
        return json_reply({"error": {"message": "No reply is left in the list."}}, status=500)


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)


async def _send(reply: Reply, writer: asyncio.StreamWriter) -> None:
    chunked = reply.promised_bytes is None
    headers = {
        **reply.headers,
        "connection": "close",
        **(
            {"transfer-encoding": "chunked"}
            if chunked
            else {"content-length": str(reply.promised_bytes)}
        ),
    }
    lines = [f"HTTP/1.1 {reply.status} Told", *(f"{k}: {v}" for k, v in headers.items())]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    await writer.drain()
    for step in reply.steps:
        if isinstance(step, Gate):
            await step.passed()
        else:
            writer.write(b"%x\r\n%s\r\n" % (len(step), step) if chunked else step)
            await writer.drain()
    if chunked and not reply.cut:
        writer.write(b"0\r\n\r\n")
    await writer.drain()
