"""Easel as its own process, the way people start it, and killed as roughly as power cuts do."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
ADDRESS = re.compile(r"Easel is at (http://127\.0\.0\.1:(\d+))")


class Program:
    """One Easel with a data folder of its own. It may be killed and started again."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        """Keep everything under this folder; nothing is started yet."""
        self._environ = {**os.environ, **environ, "EASEL_DATA": str(folder / "data")}
        self.log_path = folder / "easel.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.address = ""
        self.port = 0

    def start(self, port: int = 0) -> None:
        """Start and return when it answers; a port of 0 takes any that is free."""
        log = self.log_path.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port)],
            cwd=ROOT,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        log.close()
        assert self._process.stdout is not None
        # The pipe ends with the process, so a program that hangs must be ended for readline to be.
        impatience = threading.Timer(PATIENCE_S, self._process.kill)
        impatience.start()
        said = self._process.stdout.readline().decode()
        impatience.cancel()
        match = ADDRESS.search(said)
        if match is None:
            self.kill()
            raise AssertionError(f"Easel did not start: {said or self.log()}")
        self.address, self.port = match[1], int(match[2])

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it without a chance to save anything."""
        self._end(signal.SIGKILL)

    def log(self) -> str:
        """What it has complained about so far."""
        return self.log_path.read_text(encoding="utf-8") if self.log_path.exists() else ""

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(PATIENCE_S)
        finally:
            if process.stdout is not None:
                process.stdout.close()
