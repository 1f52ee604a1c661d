"""A server on a free port of loopback in a thread of its own, with a loop of its own.

So synchronous tests, asynchronous ones and browsers can all use it.
"""

import asyncio
import ssl
import threading
from types import TracebackType
from typing import Self

from tests.patience import PATIENCE_S


class Listener:
    """A context in which ``answer`` is called for each connection."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        """Nothing listens yet; with ``tls`` it will do so over TLS."""
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        name = type(self).__name__.lower()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """The address, without a trailing slash."""
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client. It is cancelled when the server stops."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE_S), f"the {self._thread.name} did not start"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), f"the {self._thread.name} did not stop"

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._run())

    async def _run(self) -> None:
        # A request's head may be long: the limit is that of a line.
        server = await asyncio.start_server(self._met, "127.0.0.1", 0, limit=1 << 26, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # a client that leaves before it has asked is not a fault of the test
        except asyncio.CancelledError:
            return  # the server stops; asyncio would log the cancelled callback as an error
        finally:
            writer.close()
