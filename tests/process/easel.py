"""One Easel over a data folder: start it, ask it things, end it gently or not at all gently."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
ADDRESS = re.compile(r"Easel is at http://[^:]+:(\d+)")


def command(*arguments: str) -> list[str]:
    """How Easel is started."""
    return [sys.executable, "app.py", *arguments]


def environ(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process that keeps its data in this folder."""
    return {**os.environ, "EASEL_DATA": str(folder), **more}


class Easel:
    """A process and its address. It may be killed and started again."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        """Keep data in this folder; nothing is started yet."""
        self.folder = folder
        self._arguments = arguments or ("--port", "0")
        self._environ = environ(folder, **more)
        self._log = folder.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None
        self.http = httpx.Client(trust_env=False, timeout=PATIENCE_S)
        self.port = 0

    def start(self) -> Self:
        """Start, and return when it has told its address."""
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command(*self._arguments),
                cwd=ROOT,
                env=self._environ,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        # The pipe ends with the process, so a hanging one must be ended for readline to return.
        impatience = threading.Timer(PATIENCE_S, self.process.kill)
        impatience.start()
        said = self.process.stdout.readline().decode()
        impatience.cancel()
        match = ADDRESS.search(said)
        assert match, f"Easel did not start: {said}{self.log()}"
        self.port = int(match[1])
        self.http.base_url = httpx.URL(f"http://127.0.0.1:{self.port}")
        # The address answers from the first moment; what a crash left is then being settled.
        assert self.http.get("/healthz").status_code == 200
        return self

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal, to the whole group as a terminal does or to the process alone."""
        assert self.process is not None
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    def ended(self, within_s: float = PATIENCE_S) -> int:
        """The exit status, once it has ended."""
        process, self.process = self.process, None
        assert process is not None
        try:
            return process.wait(within_s)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def listens(self) -> bool:
        """Whether it takes another connection."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S).close()
        except ConnectionRefusedError:
            return False
        return True

    def kill(self) -> None:
        """End it as a crash would."""
        self.signal(signal.SIGKILL)
        self.ended()

    def log(self) -> str:
        """What it has complained about, since it was started."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """A command that must work; what it answers."""
        response = self.http.post(path, json=body or {})
        assert response.status_code == 200, response.text
        return response.json()

    def begin(self, *, tools: bool = False) -> str:
        """A new conversation's id."""
        conversation = str(self.post("/api/conversations")["id"])
        if tools:
            self.post(f"/api/conversations/{conversation}/tools", {"on": True})
        return conversation

    def ask(self, conversation: str, text: str, **more: Any) -> dict[str, str]:
        """Send a message; the ids of conversation, question and reply."""
        body = {"text": text, "client_id": uuid.uuid4().hex, **more}
        started: dict[str, str] = self.post(f"/api/conversations/{conversation}/messages", body)
        return started

    @contextmanager
    def half_an_upload(self, body: bytes) -> Iterator[None]:
        """A request whose body the server is reading, and will wait for in vain."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as half:
            half.sendall(
                b"POST /api/media HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n"
                b"Content-Length: %d\r\n\r\n" % (2 * len(body))
            )
            # The server asks for the body when the route begins to read it.
            assert half.recv(1000).startswith(b"HTTP/1.1 100")
            half.sendall(body)
            yield

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
