"""Listening: who may speak to the server, and how it starts and ends."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from chat.core.errors import ConfigError
from chat.settings import Settings
from chat.web import connections, heap
from chat.web.drain import Drain
from chat.web.forwarded import ForwardedHeaders
from chat.web.live_messages import MAX_REQUEST_BYTES
from chat.web.policy import Policy

log = logging.getLogger(__name__)

GRACE_S = 5
"""After this, connections that do not end by themselves are cut; turns have been saved then."""


PING_S = 60.0
"""How often a live line is asked whether anybody is there. Pages ask by themselves, and sooner:
this is for those that went without a word."""

TICK_S = 1.0
"""How often the date in the headers is brought up to date; nothing else waits for a tick."""


class _Server(uvicorn.Server):
    """Sleeps while there is nothing to do; uvicorn's own loop looks up ten times a second.

    Where the host has patience, what runs is finished before it ends. Whoever asks it to end a
    second time waits for nothing, open connections included; turns are saved even so.
    """

    def __init__(self, config: uvicorn.Config, drain: Drain) -> None:
        super().__init__(config)
        self._drain = drain
        self._asked_to_end = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            self.force_exit = True
        super().handle_exit(sig, frame)
        if self._loop is not None:  # it may be asleep, and a signal alone does not wake it
            self._loop.call_soon_threadsafe(self._asked_to_end.set)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            await self._asked_within_a_tick()
        if self._drain.patience_s > 0 and not self.force_exit:
            await self._finish()

    async def _asked_within_a_tick(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(TICK_S):
                await self._asked_to_end.wait()

    async def _finish(self) -> None:
        """Go on serving while what runs is finished; a second signal ends that."""
        draining = asyncio.create_task(self._drain.run(), name="drain")
        draining.add_done_callback(lambda _: self._asked_to_end.set())
        while not (draining.done() or self.force_exit):
            self._asked_to_end.clear()
            await self.on_tick(0)
            await self._asked_within_a_tick()
        draining.cancel()
        with suppress(asyncio.CancelledError):
            await draining

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            self._drain.leave()
            await super().shutdown(sockets)
        except Exception:
            # Whatever is wrong with a connection, what runs is saved.
            log.exception("the connections could not be closed in good order")
            await self.lifespan.shutdown()
        else:
            if self.force_exit:
                await self.lifespan.shutdown()


def policy_of(settings: Settings) -> Policy:
    """Under which names this server answers: this machine's, and those the host has named."""
    # “https://studio.example” says of a proxy in front that it ends TLS.
    named = frozenset(name.lower().rstrip("/") for name in settings.hosts)
    origins = frozenset(name for name in named if "://" in name)
    hosts = named - origins
    if settings.hosted:
        return Policy(
            hosts=hosts | {settings.hosted_name.lower()},
            public_origins=origins | {f"https://{settings.hosted_name}"},
            frame_ancestors=("'self'", "https://huggingface.co"),
        )
    if settings.loopback:
        return Policy(hosts=hosts, public_origins=origins)
    return Policy(
        hosts=hosts | {socket.gethostname().lower()},
        numeric_hosts=True,
        public_origins=origins,
    )


def serve(
    build: Callable[[], ASGIApp],
    settings: Settings,
    ways: Mapping[str, str] | None = None,
    drain: Drain | None = None,
) -> None:
    """Listen until stopped. ``build`` is called inside the loop that will serve what it makes.

    ``ways`` are printed with the address: a sentence, and the query that an address carries. They
    are read once ``build`` is done. ``drain`` is how what runs is finished at the end.

    Raises:
        ConfigError: the address cannot be had.
        ChatError: whatever ``build`` raises.
        SystemExit: the application could not start; the log has the cause.
    """
    listening = _listen(settings)
    try:
        printed = {} if ways is None else ways  # which is empty before anything is built
        asyncio.run(_serve(build, listening, settings, printed, drain or Drain()))
    except KeyboardInterrupt:
        print("Easel has stopped.", file=sys.stderr)  # noqa: T201
    finally:
        listening.close()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(connections.BACKLOG)
    except OSError as error:
        listening.close()
        raise ConfigError(
            f"Port {settings.port} on {settings.host} cannot be had; something else may be using "
            f"it. Choose another, for example with PORT={settings.port + 1}."
        ) from error
    return listening


async def _serve(
    build: Callable[[], ASGIApp],
    listening: socket.socket,
    settings: Settings,
    ways: Mapping[str, str],
    drain: Drain,
) -> None:
    heap.return_large_blocks()
    opened = connections.Connections(connections.room())
    asyncio.get_running_loop().set_exception_handler(opened.met)
    server = _Server(
        uvicorn.Config(
            ForwardedHeaders(build(), settings.environ),
            proxy_headers=False,  # ours asks uvicorn's, and knows who is believed
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            http=connections.protocol(opened),
            backlog=connections.BACKLOG,
            timeout_keep_alive=connections.KEEP_ALIVE_S,
            ws=connections.SocketProtocol,
            ws_max_size=MAX_REQUEST_BYTES,
            ws_ping_interval=PING_S,
            timeout_graceful_shutdown=GRACE_S,
        ),
        drain,
    )
    # What the start has built, Gradio above all, stays until the end. The collector would walk
    # through all of it every few replies: 70 ms in which nobody is served.
    gc.collect()
    gc.freeze()
    heap.give_back()
    port = listening.getsockname()[1]
    name = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104
    shown = f"[{name}]" if ":" in name else name
    # What a service manager starts prints into a log, which keeps no secrets.
    told = settings.token and not settings.serving
    way = f"{settings.root_path}/?token={settings.token}" if told else settings.root_path
    print(f"Easel is at http://{shown}:{port}{way}", flush=True)  # noqa: T201
    public = sorted(policy_of(settings).public_origins)
    origin = public[0] if public else f"http://{shown}:{port}"
    for sentence, query in ways.items():
        print(f"{sentence} {origin}{settings.root_path}/?{query}", flush=True)  # noqa: T201
    # The server ends in good order, and then raises the signal once more for whoever was there
    # before it: to be asked to stop, and to have stopped, is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    _end_with_the_terminal(server)
    await server.serve(sockets=[listening])


def _end_with_the_terminal(server: _Server) -> None:
    """Save everything when the terminal closes, too; unless the signal was ignored before us.

    ``nohup`` ignores it for its program, which then goes on.
    """
    number = getattr(signal, "SIGHUP", None)
    if number is None or signal.getsignal(number) is signal.SIG_IGN:
        return
    # As SIGTERM, in name as well: that one is raised once more at the end, and comes to nothing.
    signal.signal(number, lambda _, frame: server.handle_exit(signal.SIGTERM, frame))
