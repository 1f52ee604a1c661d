"""A proxy on loopback that speaks SOCKS 5 and HTTP's CONNECT, and keeps a list of what was asked.

Whatever name is asked for, it leads to one server of the test.
"""

import asyncio
from base64 import b64encode

from tests.listening import Listener


class TestProxy(Listener):
    """``with TestProxy(port) as proxy``: every connection goes on to that port of loopback."""

    __test__ = False

    def __init__(self, leads_to: int, user: str = "", password: str = "") -> None:
        super().__init__()
        self._leads_to = leads_to
        self._user, self._password = user.encode(), password.encode()
        self.asked: list[tuple[str, str]] = []
        """How and for what, such as ``("socks5", "api.example:443")``."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Open a tunnel for who may have one, and pass on what goes through it."""
        first = await reader.readexactly(1)
        opened = await (self._socks if first == b"\x05" else self._http)(first, reader, writer)
        if opened:
            await self._tunnel(reader, writer)

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
