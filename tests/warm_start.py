"""Easel started without importing it each time: a process has imported everything, and forks.

Imports are four fifths of what a start costs, and the same each time. What they leave behind is no
part of what a test looks at: the environment, the arguments and every file are read after the fork,
by ``app.py`` itself, run as ``python app.py`` runs it.
"""

import atexit
import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
MODULES = (
    # What app.py asks for itself, while it builds, and before it serves.
    "app",
    "chat.ui.page",
    "chat.ui.theme",
    "chat.web.mount",
    "storage.open_sql",
    "storage.media.folder",
    "genai_prices.data",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    # The ways of models that most tests go.
    "chat.providers.openai_chat.adapter",
    "chat.providers.sketch.adapter",
)
READ_BY_EASEL = ("EASEL_", "OPENAI_", "GEMINI_", "OPENROUTER_", "HOST", "PORT")
"""Variables that Easel reads for itself, when it is started; others are read as modules load."""
LENGTH = struct.Struct("!I")


class Job(NamedTuple):
    """What is to be started: arguments of ``app.py``, and the whole environment."""

    arguments: Sequence[str]
    environ: Mapping[str, str]


class Forked:
    """A process that was forked elsewhere: what ``Popen`` is to one of its own."""

    def __init__(self, stdout: BinaryIO, status: BinaryIO) -> None:
        self.stdout = stdout
        self._status = status
        self.pid = int(status.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit status, if it has ended: of a signal the negative number."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The same, once it has ended. Raises ``subprocess.TimeoutExpired``."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("app.py", timeout or 0)
            self.returncode = int(self._status.readline())
            self._status.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class WarmStart:
    """The process that forks, begun when the first start is asked of it."""

    def __init__(self) -> None:
        self._line: socket.socket | None = None

    def __call__(self, job: Job, log: BinaryIO) -> Forked:
        """Start ``app.py``; its complaints go to the log."""
        line = self._line or self._begin()
        out, out_end = os.pipe()
        status, status_end = os.pipe()
        body = json.dumps(job).encode()
        try:
            socket.send_fds(line, [LENGTH.pack(len(body))], [out_end, log.fileno(), status_end])
            line.sendall(body)
        finally:
            os.close(out_end)
            os.close(status_end)
        # Unbuffered, so that what select says of it is true.
        return Forked(os.fdopen(out, "rb"), os.fdopen(status, "rb", buffering=0))

    def _begin(self) -> socket.socket:
        mine, its = socket.socketpair()
        with its:
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(its.fileno())],
                cwd=ROOT,
                pass_fds=[its.fileno()],
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._line = mine

        def end() -> None:
            mine.close()
            process.wait()

        atexit.register(end)
        return mine


def may_be_warm(changes: Mapping[str, str]) -> bool:
    """Whether a start with these variables is the same after all modules were loaded."""
    return sys.platform == "linux" and all(name.startswith(READ_BY_EASEL) for name in changes)


def _serve(line: socket.socket) -> Job:
    """Fork for each job that comes, until none can come; returns in the children alone."""
    while True:
        head, ends, _, _ = socket.recv_fds(line, LENGTH.size, 3)
        if not head:
            sys.exit(0)
        body = b""
        while len(body) < LENGTH.unpack(head)[0]:
            body += line.recv(1 << 16)
        if os.fork() == 0:
            line.close()
            _keep(*ends)
            return Job(*json.loads(body))
        for end in ends:
            os.close(end)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _keep(out: int, log: int, status: int) -> None:
    """Fork once more: one becomes Easel and returns, the other says how that ends.

    Whoever waits for a process must be its parent, which a test is not.
    """
    if pid := os.fork():
        os.close(out)
        os.close(log)
        os.write(status, b"%d\n" % pid)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        with contextlib.suppress(BrokenPipeError):
            os.write(status, b"%d\n" % code)
        os._exit(0)
    os.close(status)
    os.setsid()
    for end, number in ((out, 1), (log, 2)):
        os.dup2(end, number)
        os.close(end)


def _main() -> None:
    line = socket.socket(fileno=int(sys.argv[1]))
    for name in MODULES:
        import_module(name)
    # Their rows name modules.
    from chat.providers.registry import KINDS
    from chat.tools.registry import TOOLS
    from chat.ui.page import SLOTS

    for place in (*KINDS.values(), *TOOLS.values(), *(slot.module for slot in SLOTS.values())):
        import_module(place.partition(":")[0])
    gc.collect()
    # What is here now is there for good: no collection in a child looks through it, and copies it.
    gc.freeze()
    job = _serve(line)
    os.environ.clear()
    os.environ.update(job.environ)
    sys.argv[1:] = job.arguments
    runpy.run_path(str(ROOT / "app.py"), run_name="__main__")


if __name__ == "__main__":
    _main()
