"""A proxy on loopback that speaks SOCKS 5 and HTTP's CONNECT, and keeps a list of what was asked.

Whatever name is asked for, it leads to one server of the test.
"""

import asyncio
import threading
from base64 import b64encode
from types import TracebackType
from typing import Self

PATIENCE_S = 60.0


class TestProxy:
    """``with TestProxy(port) as proxy``: every connection goes on to that port of loopback."""

    __test__ = False

    def __init__(self, leads_to: int, user: str = "", password: str = "") -> None:
        self._leads_to = leads_to
        self._user, self._password = user.encode(), password.encode()
        self.asked: list[tuple[str, str]] = []
        """How and for what, such as ``("socks5", "api.example:443")``."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="proxy", daemon=True)
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE_S), "the proxy did not start"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_S)

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._run())

    async def _run(self) -> None:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.readexactly(1)
            opened = await (self._socks if first == b"\x05" else self._http)(first, reader, writer)
            if opened:
                await self._tunnel(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    async def _socks(
        self, _: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """RFC 1928, and RFC 1929 for the password."""
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        wanted = 2 if self._user else 0
        if wanted not in methods:
            writer.write(b"\x05\xff")
            return False
        writer.write(bytes((5, wanted)))
        if wanted == 2:
            await reader.readexactly(1)
            user = await reader.readexactly((await reader.readexactly(1))[0])
            password = await reader.readexactly((await reader.readexactly(1))[0])
            known = (user, password) == (self._user, self._password)
            writer.write(bytes((1, 0 if known else 1)))
            if not known:
                return False
        kind = (await reader.readexactly(4))[3]
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = str(await reader.readexactly(4 if kind == 1 else 16))
        port = int.from_bytes(await reader.readexactly(2))
        self.asked.append(("socks5", f"{host}:{port}"))
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        return True

    async def _http(
        self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split(" ", 2)
        basic = b64encode(self._user + b":" + self._password).decode()
        if self._user and f"Basic {basic}" not in head:
            writer.write(b"HTTP/1.1 407 Who are you\r\ncontent-length: 0\r\n\r\n")
            return False
        self.asked.append((method, target))
        if method != "CONNECT":
            writer.write(b"HTTP/1.1 501 Tunnels only\r\ncontent-length: 0\r\n\r\n")
            return False
        writer.write(b"HTTP/1.1 200 Go on\r\n\r\n")
        return True

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._leads_to)
        try:
            await asyncio.gather(_copied(reader, back), _copied(there, writer))
        finally:
            back.close()


async def _copied(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        sink.write(data)
        await sink.drain()
    sink.close()
