"""Whoever connects and asks nothing keeps nobody else from being served."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.sync.client import connect

from chat.web import connections, line_packing
from chat.web.connections import Connections, Occasional, SocketProtocol, protocol
from chat.web.line_packing import SPARING
from chat.web.live_messages import MAX_REQUEST_BYTES
from tests.patience import PATIENCE_S
from tests.serving import served

ASK = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
    elif scope["type"] == "http":
        head = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"2")],
        }
        await send(head)
        await send({"type": "http.response.body", "body": b"ok"})


@contextmanager
def server(most: int) -> Iterator[int]:
    with served(
        app,
        http=protocol(Connections(most)),
        backlog=connections.BACKLOG,
        ws_max_size=MAX_REQUEST_BYTES,
        lifespan="off",
    ) as port:
        yield port


def dialled(stack: ExitStack, port: int) -> socket.socket:
    made = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
    made.settimeout(PATIENCE_S)
    return made


def is_closed(made: socket.socket) -> bool:
    """Waits for the other side to hang up; a test that waits in vain fails by its patience."""
    with suppress(ConnectionError):
        while made.recv(1 << 16):
            pass
    return True


def test_silent_connections_make_room_for_who_asks(caplog: pytest.LogCaptureFixture) -> None:
    with ExitStack() as stack, caplog.at_level(logging.WARNING):
        port = stack.enter_context(server(8))
        silent = [dialled(stack, port) for _ in range(40)]
        for _ in range(10):
            assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).text == "ok"
        assert all(is_closed(made) for made in silent[:32])
    told = [record for record in caplog.records if "connections are open" in record.message]
    assert len(told) == 1, "one line a minute"


async def test_no_answer_waits_for_the_acknowledgement_of_its_head() -> None:
    """Forty milliseconds at every request, and at every word of a reply."""

    class Seen(Connections):
        at_once = 0

        def opened(self, transport: asyncio.BaseTransport) -> bool:
            made: socket.socket = transport.get_extra_info("socket")
            self.at_once = made.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            return super().opened(transport)

    seen, config, state = Seen(10), uvicorn.Config(app, log_level="critical"), ServerState()
    config.load()

    def connection() -> asyncio.Protocol:
        return protocol(seen)(config=config, server_state=state, app_state={})

    # Its protocol is not named, as of the socket that a process is handed, or opens itself.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        server = await asyncio.get_running_loop().create_server(connection, sock=listening)
        async with server, httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{listening.getsockname()[1]}")
    assert answer.text == "ok"
    assert seen.at_once


def test_those_that_rest_after_an_answer_make_room_too() -> None:
    with ExitStack() as stack:
        port = stack.enter_context(server(4))
        for _ in range(12):
            resting = dialled(stack, port)
            resting.sendall(ASK)
            assert resting.recv(1 << 16).startswith(b"HTTP/1.1 200")


def test_a_page_that_is_in_use_is_not_closed_for_another() -> None:
    with ExitStack() as stack:
        port = stack.enter_context(server(3))
        page = stack.enter_context(connect(f"ws://127.0.0.1:{port}/live"))
        for _ in range(9):
            dialled(stack, port)
        assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).text == "ok"
        page.send("still here")
        page.ping().wait(PATIENCE_S)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nho"], ids=["nothing", "half a head"])
@pytest.mark.parametrize("used", [False, True], ids=["at first", "after an answer"])
def test_a_head_that_does_not_come_is_not_waited_for(
    begun: bytes, used: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_S", 0.2)
    with ExitStack() as stack:
        made = dialled(stack, stack.enter_context(server(8)))
        if used:
            made.sendall(ASK)
            assert made.recv(1 << 16).startswith(b"HTTP/1.1 200")
            made.sendall(begun or b"\r")
        else:
            made.sendall(begun)
        assert is_closed(made)


def test_a_frame_over_what_is_read_closes_its_line() -> None:
    with server(8) as port, connect(f"ws://127.0.0.1:{port}/live") as page:
        page.send("x" * MAX_REQUEST_BYTES)
        page.send("x" * (MAX_REQUEST_BYTES + 1))
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(PATIENCE_S)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_a_server_that_ends_while_a_page_leaves_goes_on_to_its_end() -> None:
    """Else nothing is saved. The page's line is still among the others when it is told to close."""
    state, closed, left = ServerState(), list[int](), asyncio.Event()

    async def shutting(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        for line in tuple(state.connections):
            line.shutdown()
            closed.append(1)
        left.set()

    config = uvicorn.Config(shutting, log_level="critical", ws=SocketProtocol)
    config.load()

    def connection() -> asyncio.Protocol:
        return protocol(Connections(8))(config=config, server_state=state, app_state={})

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with connect_async(f"ws://127.0.0.1:{port}/live", proxy=None):
            pass
        async with asyncio.timeout(PATIENCE_S):
            await left.wait()
    assert closed == [1]


async def test_a_lack_of_files_is_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    loop, opened = asyncio.get_running_loop(), Connections(8)
    lack = {"message": "socket.accept() out of system resource", "exception": OSError(24, "files")}
    with caplog.at_level(logging.WARNING):
        for _ in range(2_000):
            opened.met(loop, lack)
        opened.met(loop, {"message": "another"})
    assert [record.message.partition(";")[0] for record in caplog.records] == [
        "The system grants no more open files",
        "another",
    ]


def test_a_repeated_warning_says_how_often_it_was_meant(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    warning = Occasional("Trouble.", lambda: now)
    with caplog.at_level(logging.WARNING):
        for now in (0.0, 1.0, 59.0, 60.0, 61.0):  # noqa: B007  # read by the clock
            warning.say()
    assert [record.message for record in caplog.records] == [
        "Trouble.",
        "Trouble. [2 more like this since the last one]",
    ]


def test_short_words_travel_as_they_are_and_a_line_at_rest_holds_no_packer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A browser unpacks what is said before and after its server has let the packer go."""
    _, packer = SPARING.process_request_params([("client_max_window_bits", None)], [])
    _, browser = ServerPerMessageDeflateFactory().process_request_params([], [])
    moment = [100.0]
    monkeypatch.setattr(line_packing, "monotonic", lambda: moment[0])
    long, short = b"what is said at length, " * 40, b"a beat"
    kept = []
    for rest_s in (0.0, 0.0, 0.0, 0.0, line_packing.REST_S + 1, 0.0):
        sent = packer.encode(Frame(Opcode.TEXT, long))
        assert sent.rsv1
        assert len(sent.data) < len(long) / 4
        assert browser.decode(sent).data == long
        moment[0] += rest_s
        assert packer.encode(Frame(Opcode.TEXT, short)) == Frame(Opcode.TEXT, short)
        kept.append(hasattr(packer, "encoder"))
    assert kept == [False, False, False, True, False, False]
    assert packer.encode(Frame(Opcode.PING, b"?")) == Frame(Opcode.PING, b"?")
