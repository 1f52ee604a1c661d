"""Easel as its own process, the way people start it, and ended as roughly as power cuts do."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.patience import PATIENCE_S
from tests.warm_start import Forked, Job, WarmStart, may_be_warm

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"Easel is at http://[^:]+:(\d+)")
WARM = WarmStart()
"""What starts Easel for all tests of this process but those that look at the very start."""


def command(*arguments: str) -> list[str]:
    """How Easel is started."""
    return [sys.executable, "app.py", *arguments]


def environ(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process that keeps its data in this folder.

    ``EASEL_TOKEN=off``: the test is the only one who knows the port.
    """
    return {**os.environ, "EASEL_DATA": str(folder), "EASEL_TOKEN": "off", **more}


def lasting_port() -> int:
    """A free port that is still free when its server has died and is to be started again.

    No system gives these out by itself, neither to servers nor to those who call them.
    """
    # Of the system's dice: in random order all workers seed Python's alike.
    for port in random.SystemRandom().sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("of a hundred ports none is free")


class Program:
    """A process, its data folder and its address. It may be killed and started again."""

    warm = False
    """Whether what it imports may have been imported before. See :mod:`tests.warm_start`."""

    def __init__(self, folder: Path, *arguments: str, program: str = "", **more: str) -> None:
        """Keep data in this folder, its log beside it; nothing is started yet.

        ``program`` is an installed command that is started in place of the checkout.
        """
        self.folder = folder
        arguments = arguments or ("--port", "0")
        self._arguments = arguments
        self._warm = self.warm and not program and may_be_warm(more)
        self._command = [program, *arguments] if program else command(*arguments)
        self.cwd = folder.parent if program else ROOT
        """Where it is started: in a checkout, or anywhere for an installed command."""
        self._environ = environ(folder, **more)
        self.log_file = folder.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | Forked | None = None
        self.http = httpx.Client(trust_env=False, timeout=PATIENCE_S)
        self.port = 0

    def started_by(self, *command: str) -> None:
        """Have Python start it by another file than its own, such as one that watches it."""
        self._warm = False
        self._command = [sys.executable, *command]

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *more: str) -> Self:
        """Start, with more arguments for this once, and return when it answers."""
        with self.log_file.open("wb") as log:
            if self._warm:
                self.process = WARM(Job([*self._arguments, *more], self._environ), log)
            else:
                self.process = subprocess.Popen(
                    [*self._command, *more],
                    cwd=self.cwd,
                    env=self._environ,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    start_new_session=True,
                )
        try:
            self.port = self._announced()
            self.http.base_url = httpx.URL(self.address)
            # The address answers from the first moment; what a crash left is then being settled.
            assert self.http.get("/healthz").status_code == 200
        except BaseException:
            self.kill()
            raise
        return self

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal, to the whole group as a terminal does or to the process alone."""
        assert self.process is not None
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    def ended(self) -> int:
        """The exit status, once it has ended; whatever hangs is killed in the end."""
        process, self.process = self.process, None
        assert process is not None
        try:
            return process.wait(PATIENCE_S)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def stop(self) -> int:
        """Ask it to end, and wait; its exit status."""
        self.signal(signal.SIGTERM)
        return self.ended()

    def kill(self) -> None:
        """End it as a crash would, without a chance to save anything."""
        self.signal(signal.SIGKILL)
        self.ended()

    def log(self) -> str:
        """What it has complained about, since it was started."""
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""

    def printed(self) -> str:
        """The next line that it prints."""
        assert self.process is not None
        assert self.process.stdout is not None
        # The pipe ends with the process, so a hanging one must be ended for readline to return.
        impatience = threading.Timer(PATIENCE_S, self.process.kill)
        impatience.start()
        try:
            return self.process.stdout.readline().decode()
        finally:
            impatience.cancel()

    def _announced(self) -> int:
        """The port that it names in its first line."""
        said = self.printed()
        match = ADDRESS.search(said)
        assert match, f"Easel did not start: {said}{self.log()}"
        return int(match[1])

    def __enter__(self) -> Self:
        return self.start() if self.process is None else self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is not None:
            self.kill()
        self.http.close()
