"""A line between browser and server that behaves as lines do: it stalls, and it breaks."""

import contextlib
import selectors
import socket
import threading
from types import TracebackType
from typing import Self

UPGRADE = b"upgrade: websocket"
NO_UPGRADE = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Relay:
    """Passes bytes on between 127.0.0.1 and a server there, and may do so badly."""

    def __init__(self, port: int) -> None:
        """Stand before the server on this port."""
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._lines: list[tuple[socket.socket, socket.socket]] = []
        self.flows = threading.Event()
        """While it is not set, nothing passes on a WebSocket, in either direction."""
        self.flows.set()
        self.upgrades = True
        self.refused = 0
        """How many WebSockets were refused."""
        self.cuts = 0
        """How many were cut so."""
        self.most_bytes: int | None = None
        """After so many bytes from the server a WebSocket is cut, as some proxies do."""
        self.half_open = False
        """Whether what the page says on a WebSocket is swallowed, while the server is heard."""

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break every WebSocket that is open, without a word of farewell."""
        for pair in self._lines:
            for each in pair:
                _shut(each)
        self._lines.clear()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.flows.set()
        _shut(self._listening)
        for each in self._sockets:
            _shut(each)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            self._sockets.append(near)
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        # One of the two may go at any time, and the line with it; even before it is listened to,
        # which is a ValueError.
        with contextlib.ExitStack() as ends, contextlib.suppress(OSError, ValueError):
            ends.callback(_shut, near)
            head = near.recv(65_536)
            is_line = UPGRADE in head.lower()
            if is_line and not self.upgrades:
                self.refused += 1
                near.sendall(NO_UPGRADE)
                return
            far = socket.create_connection(("127.0.0.1", self._port))
            ends.callback(_shut, far)
            self._sockets.append(far)
            if is_line:
                self._lines.append((near, far))
            far.sendall(head)
            self._pass(near, far, is_line=is_line)

    def _pass(self, near: socket.socket, far: socket.socket, *, is_line: bool) -> None:
        ways = {near: far, far: near}
        passed = 0
        with selectors.DefaultSelector() as ready:
            for each in ways:
                ready.register(each, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    source = key.fileobj
                    assert isinstance(source, socket.socket)
                    if is_line:
                        self.flows.wait()
                    data = source.recv(65_536)
                    if not data:
                        _shut(far)
                        return
                    if is_line and self.half_open and source is near:
                        continue
                    passed += len(data) * (source is far)
                    most = self.most_bytes if is_line and source is far else None
                    if most is not None and passed > most:
                        near.sendall(data[: len(data) // 2])  # a frame is cut in its midst
                        self.cuts += 1
                        _shut(far)
                        return
                    ways[source].sendall(data)


def _shut(each: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it was not connected
        each.shutdown(socket.SHUT_RDWR)
    each.close()
