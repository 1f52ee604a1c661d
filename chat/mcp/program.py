"""Servers that Easel starts: their process, and messages over its standard input and output.

In place of the SDK's own transport, which has no bounds: it copies what has come of a line at each
piece, writes a traceback for each line that is no message, and leaves the process behind where
Easel is killed. Source: mcp 2.3.0, ``mcp/client/stdio.py``, read 2026-11-30.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
from asyncio.subprocess import SubprocessStreamProtocol
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from shutil import which
from typing import TypeAlias

import anyio
import mcp_types as types
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client.stdio import get_default_environment
from mcp.shared.message import SessionMessage

from chat.core.errors import ToolFailed
from chat.mcp.ending import MAX_BAD_LINES, MAX_MESSAGE_BYTES, Ending, Pace
from chat.mcp.settings import Program

log = logging.getLogger(__name__)

Incoming: TypeAlias = SessionMessage | Exception
Streams: TypeAlias = tuple[
    MemoryObjectReceiveStream[Incoming], MemoryObjectSendStream[SessionMessage]
]

END_S = 2.0
"""For a server to end by itself when its input closes, and again when it is asked to."""
KEPT_LINES = 5
"""Of its standard error, for the log where it ends."""
LINE_CHARACTERS = 300

_KEEPER = str(Path(__file__).with_name("keeper.py"))


@asynccontextmanager
async def started(program: Program, title: str, ending: Ending) -> AsyncIterator[Streams]:
    """Start a server, and give the streams that the SDK's client speaks over.

    At the end its input is closed; then it is asked to end, and then killed with all it started.

    Raises:
        ToolFailed: it cannot be started; the sentence says why.
    """
    if os.name != "posix":
        raise ToolFailed(
            f"{title} cannot be started: on Windows a server has to be at an address, a “url”."
        )
    environ = get_default_environment() | dict(program.env)
    if which(program.command, path=environ.get("PATH")) is None:
        name = Path(program.command).name
        raise ToolFailed(f"{title} cannot be started: there is no program “{name}” here.")
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    loop = asyncio.get_running_loop()
    try:
        transport, pipes = await loop.subprocess_exec(
            lambda: _Pipes(limit=MAX_MESSAGE_BYTES, loop=loop),
            sys.executable, "-I", "-S", _KEEPER, str(theirs.fileno()),
            program.command, *program.args,
            env=environ,
            cwd=program.cwd or None,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        ours.close()
        raise ToolFailed(
            f"{title} cannot be started: {error.strerror or 'no reason given'}."
        ) from error
    finally:
        theirs.close()
    process = _Process(title, ending, transport, pipes, ours)
    try:
        async with process.speaking() as streams:
            yield streams
    finally:
        await asyncio.shield(asyncio.ensure_future(process.end()))


class _Pipes(SubprocessStreamProtocol):
    """The pipes of a process, and a word when it is no more."""

    def __init__(self, limit: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit=limit, loop=loop)
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.exited.set()


class _OutOfOrder(Exception):
    """Why a server is dropped, as the end of a sentence after its title."""


class _Process:
    """A server that was started, with its keeper."""

    def __init__(
        self,
        title: str,
        ending: Ending,
        transport: asyncio.SubprocessTransport,
        pipes: _Pipes,
        keeper: socket.socket,
    ) -> None:
        assert pipes.stdin is not None
        assert pipes.stdout is not None
        assert pipes.stderr is not None
        self._title = title
        self._ending = ending
        self._transport = transport
        self._stdin, self._stdout, self._stderr = pipes.stdin, pipes.stdout, pipes.stderr
        self._exited = pipes.exited
        self._keeper = keeper
        self._said: list[str] = []
        self._bad_lines = 0
        self._closing = False
        self._pace = Pace()
        self._over = asyncio.ensure_future(self._exit())

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[Streams]:
        """Carry messages both ways until the block is left."""
        to_us, incoming = anyio.create_memory_object_stream[Incoming](0)
        outgoing, to_them = anyio.create_memory_object_stream[SessionMessage](0)
        tasks = [
            asyncio.ensure_future(work)
            for work in (self._read(to_us), self._write(to_them), self._listen_to_errors())
        ]
        try:
            yield incoming, outgoing
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for stream in (to_us, incoming, outgoing, to_them):
                stream.close()

    async def _read(self, to_us: MemoryObjectSendStream[Incoming]) -> None:
        with to_us:
            try:
                while (line := await self._line()) is not None:
                    message = self._message(line)
                    if message is not None:
                        await to_us.send(message)
            except _OutOfOrder as why:
                self._ending.because(str(why), lasting=True)
            except (anyio.ClosedResourceError, anyio.BrokenResourceError):
                pass  # nobody listens any more

    async def _line(self) -> bytes | None:
        """The next line; ``None`` at the end."""
        try:
            line = await self._stdout.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            await asyncio.wait({self._over}, timeout=END_S)
            self._ending.because("has closed its output")
            return None
        except asyncio.LimitOverrunError:
            most = MAX_MESSAGE_BYTES // 2**20
            raise _OutOfOrder(f"sent more than {most} MB at once") from None
        if self._pace.too_fast(1, asyncio.get_running_loop().time()):
            raise _OutOfOrder("sends more than anyone could read")
        return line

    def _message(self, line: bytes) -> SessionMessage | None:
        if not line.strip():
            return None
        try:
            return SessionMessage(types.jsonrpc_message_adapter.validate_json(line, by_name=False))
        except ValueError:
            self._bad_lines += 1
        if self._bad_lines == 1:
            log.info("%s: a line on its output is no message", self._title)
        if self._bad_lines >= MAX_BAD_LINES:
            raise _OutOfOrder("writes to its output what is no message")
        return None

    async def _write(self, to_them: MemoryObjectReceiveStream[SessionMessage]) -> None:
        with to_them:
            async for message in to_them:
                data = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                try:
                    self._stdin.write(data.encode("utf-8", "replace") + b"\n")
                    await self._stdin.drain()
                except (ConnectionError, RuntimeError):
                    return  # it is over, and whoever waits for its end says why

    async def _listen_to_errors(self) -> None:
        """Read what it says beside its messages, so that it never waits for a reader."""
        rest = b""
        while piece := await self._stderr.read(2**16):
            *lines, rest = (rest + piece).split(b"\n")
            rest = rest[-LINE_CHARACTERS:]
            for line in lines[-KEPT_LINES:]:
                said = line.decode("utf-8", "replace").strip()[:LINE_CHARACTERS]
                if said:
                    log.debug("%s: %s", self._title, said)
                    self._said = [*self._said[1 - KEPT_LINES :], said]

    async def _exit(self) -> None:
        """Wait until it is over, and say why."""
        try:
            told = await asyncio.get_running_loop().sock_recv(self._keeper, 16)
        except OSError:
            told = b""
        if told.startswith(b"!"):
            reason = os.strerror(int(told[1:] or b"0"))
            self._ending.because(f"cannot be started: {reason}")
        elif not self._closing:
            if not self._ending.happened.is_set():
                code = told.decode("ascii", "replace") or "unknown"
                said = "".join(f"\n    {line}" for line in self._said)
                log.warning("%s has ended with code %s%s", self._title, code, said)
            self._ending.because("has ended by itself")

    async def end(self) -> None:
        """Have it end, and whatever it started."""
        self._closing = True
        # The keeper ends when the server does, and with it whatever the server started.
        for ask in (self._stdin.close, self._terminate, self._keep_no_longer, self._kill):
            ask()
            with suppress(TimeoutError):
                async with asyncio.timeout(END_S):
                    await self._exited.wait()
                break
        self._over.cancel()
        self._keeper.close()
        self._transport.close()

    def _terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def _keep_no_longer(self) -> None:
        with suppress(OSError):
            self._keeper.shutdown(socket.SHUT_RDWR)

    def _kill(self) -> None:
        """The keeper hangs: without it what has left its group is not found."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._transport.get_pid(), number)
