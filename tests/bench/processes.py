"""A server in a process of its own, and what it costs: CPU and memory with all its children."""

import ctypes
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]
START_S = 60.0
STOP_S = 10.0
CALL_LOG = " easel.calls "

_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
_KEPT = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")


class Served:
    """Runs ``python -m module`` and knows its port. A context; left, the process has ended."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str]) -> None:
        """Start it, with nothing of our own environment but where programs are."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**kept, "GRADIO_ANALYTICS_ENABLED": "False", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, name="listening", daemon=True).start()
        threading.Thread(target=self._pass_on, name="passing on", daemon=True).start()
        address = _ADDRESS.search(self.wait_for_line("http://", START_S))
        if address is None:
            raise RuntimeError(f"{module} told no address on loopback")
        self.port = int(address[1])

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _pass_on(self) -> None:
        """Its own words go on to ours, but for a line for each call of a model."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if CALL_LOG not in line:
                sys.stderr.write(line)

    def wait_for_line(self, words: str, within_s: float) -> str:
        """The next line that the server prints with these words in it.

        Raises:
            RuntimeError: it has ended.
            queue.Empty: there was none in time.
        """
        deadline_s = time.monotonic() + within_s
        while True:
            line = self._lines.get(timeout=max(0.0, deadline_s - time.monotonic()))
            if not line:
                raise RuntimeError("A server of the bench ended; its own words stand above.")
            if words in line:
                return line

    def cpu_s(self) -> float:
        """CPU seconds so far, of the process and of its children, living and gone."""
        return family_cpu_s(self.pid)

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    def rss_bytes(self) -> int:
        """Memory held now."""
        return family_rss_bytes(self.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def family_cpu_s(pid: int) -> float:
    """CPU seconds so far, of a process and of its children, living and gone."""
    spent_s, watched = 0.0, psutil.Process(pid)
    for process in (watched, *watched.children(recursive=True)):
        gone = process.cpu_times()
        spent_s += own_cpu_s(process.pid) + gone.children_user + gone.children_system
    return spent_s


def family_rss_bytes(pid: int) -> int:
    """Memory of a process and of its children."""
    watched = psutil.Process(pid)
    return sum(each.memory_info().rss for each in (watched, *watched.children(recursive=True)))


def own_cpu_s(pid: int) -> float:
    """By the clock that the kernel keeps for a process: its table counts in hundredths only."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)) != 0:
        raise ProcessLookupError(pid)
    return time.clock_gettime(clock.value)
