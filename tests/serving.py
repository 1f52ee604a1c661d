"""Serves an ASGI application over real HTTP on a free port of loopback."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from tests.patience import PATIENCE_S


class Serving(uvicorn.Server):
    """Says when it listens, and leaves when it is told to.

    Uvicorn's own looks ten times a second whether it should leave, and then waits a tenth of a
    second for its connections: longer than most tests take.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()
        self.listens = asyncio.Event()
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.servers[0].sockets[0].getsockname()[1])

    def leave(self) -> None:
        """End it, from whatever thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.listens.set()
        self.up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                # Uvicorn has no event for it.
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
        await self.lifespan.shutdown()


@contextmanager
def served(app: ASGIApp, **more: Any) -> Iterator[int]:
    """The port under which a thread of its own answers until the block is left.

    Args:
        app: what answers.
        more: further settings of uvicorn.
    """
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_level="critical",
        server_header=False,
        ws="websockets-sansio",
        timeout_graceful_shutdown=2,
        **more,
    )
    server = Serving(config)
    thread = threading.Thread(target=server.run, name="served")
    thread.start()
    try:
        assert server.up.wait(PATIENCE_S), "the server did not come up"
        yield server.port
    finally:
        server.leave()
        thread.join(PATIENCE_S)
