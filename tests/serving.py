"""Serves an ASGI application over real HTTP on a free port of loopback, in a thread of its own."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from tests.patience import PATIENCE_S


class _Announcing(uvicorn.Server):
    """Says when it listens, so that nobody has to ask again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def served(app: ASGIApp, **more: Any) -> Iterator[int]:
    """The port under which the application answers until the block is left.

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
    server = _Announcing(config)
    thread = threading.Thread(target=server.run, name="served")
    thread.start()
    try:
        assert server.up.wait(PATIENCE_S), "the server did not come up"
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
