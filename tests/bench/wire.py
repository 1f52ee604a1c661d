"""A relay on loopback that counts what a server sends to browsers: headers, frames, all of it."""

import asyncio
import threading
from types import TracebackType
from typing import Self

READ_BYTES = 1 << 16
PATIENCE_S = 10.0


class CountingWire:
    """Passes connections on to a port. A context; ``down_bytes`` grows with each answer."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.port = 0
        self.down_bytes = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._ways: set[asyncio.Future[None]] = set()
        self._thread = threading.Thread(target=self._serve, name="wire", daemon=True)

    @property
    def url(self) -> str:
        """Where browsers connect, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(PATIENCE_S):
            raise RuntimeError("the counting relay did not start")
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
        server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _relay(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        ways = {
            asyncio.ensure_future(self._pass_on(browser, to_server, counted=False)),
            asyncio.ensure_future(self._pass_on(server, to_browser, counted=True)),
        }
        self._ways |= ways  # a task that nobody holds may vanish
        # Browsers and servers end a connection as a whole, so one way that ends ends both.
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            return  # the bench is over; asyncio would log it as an error
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._ways -= ways
            to_server.close()
            to_browser.close()

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        while data := await source.read(READ_BYTES):
            if counted:
                self.down_bytes += len(data)
            sink.write(data)
            await sink.drain()
