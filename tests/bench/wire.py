"""A relay on loopback that counts what a server sends to browsers: headers, frames, all of it."""

import asyncio

from tests.listening import Listener

READ_BYTES = 1 << 16


class CountingWire(Listener):
    """Passes connections on to a port. A context; ``down_bytes`` grows with each answer."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._target = port
        self.down_bytes = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what a browser and the server say to each other."""
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        ways = {
            asyncio.ensure_future(self._pass_on(reader, to_server, counted=False)),
            asyncio.ensure_future(self._pass_on(from_server, writer, counted=True)),
        }
        # Browsers and servers end a connection as a whole, so one way that ends ends both.
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            to_server.close()

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        while data := await source.read(READ_BYTES):
            if counted:
                self.down_bytes += len(data)
            sink.write(data)
            await sink.drain()
