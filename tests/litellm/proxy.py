"""A LiteLLM proxy as a process of its own, on a free port of loopback."""

import atexit
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.patience import PATIENCE_S

"""A proxy is up after five seconds; a machine that is busy with other things takes its time."""

_ADDRESS = re.compile(r"running on http://127\.0\.0\.1:(\d+)")


class Proxy:
    """The process: ``with Proxy(program, folder, model_list, outside) as proxy``."""

    def __init__(
        self, program: str, folder: Path, models: Sequence[Mapping[str, Any]], outside: str
    ) -> None:
        """Nothing is started yet.

        Args:
            program: the path of ``litellm``.
            folder: where its settings and its log are kept, and what it takes for its home.
            models: its ``model_list``.
            outside: the address of a server that stands for the rest of the world.
        """
        self.key = f"sk-{secrets.token_hex(24)}"  # it refuses to start with one that is known
        self.url = ""
        self._program = program
        self._folder = folder
        self._log = folder / "proxy.log"
        self._models = models
        self._environ = _environ(folder, outside)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        settings = self._folder / "config.yaml"  # JSON is YAML, too
        settings.write_text(json.dumps(_settings(self._models, self.key)), encoding="utf-8")
        arguments = ["--config", str(settings), "--host", "127.0.0.1", "--port", "0"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._program, *arguments, "--telemetry", "False"],
                cwd=self._folder,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        atexit.register(self.end)
        try:
            self._wait_until_up()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def end(self) -> None:
        """End it and whatever it has started. Safe to call twice."""
        atexit.unregister(self.end)
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):  # it has crashed, and left nobody behind
            os.killpg(process.pid, signal.SIGKILL)  # it keeps nothing worth a farewell
        process.wait()

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self._process is not None
        return self._process.pid

    def crash(self) -> signal.Signals | None:
        """What killed it, if it has ended otherwise than by ``end``; None while it runs."""
        ended = self._process.poll() if self._process is not None else None
        if ended is not None and ended >= 0:
            raise AssertionError(f"the proxy has ended with {ended}:\n{self.log()}")
        return None if ended is None else signal.Signals(-ended)

    def log(self) -> str:
        """The end of what it has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-6000:]

    def _wait_until_up(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and self._process.poll() is None:
            told = _ADDRESS.search(self.log())
            if told and _listens(int(told[1])):
                self.url = f"http://127.0.0.1:{told[1]}"
                alive = httpx.get(f"{self.url}/health/liveliness", trust_env=False, timeout=60)
                assert alive.status_code == 200, alive.text
                return
            time.sleep(0.05)  # between two looks
        raise AssertionError(f"the proxy did not come up:\n{self.log()}")


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def _settings(models: Sequence[Mapping[str, Any]], key: str) -> dict[str, Any]:
    return {
        "model_list": list(models),
        "general_settings": {"master_key": key},
        "litellm_settings": {"num_retries": 0, "request_timeout": 60, "telemetry": False},
        # After a few failures a model would rest, and every test after that be refused.
        "router_settings": {"num_retries": 0, "disable_cooldowns": True},
    }


def _environ(folder: Path, outside: str) -> dict[str, str]:
    """Nothing of the person who runs it, and no way out but to a server that takes notes."""
    return {
        "HOME": str(folder),
        "PATH": os.environ.get("PATH", os.defpath),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "DISABLE_ADMIN_UI": "True",
        "HTTP_PROXY": outside,
        "HTTPS_PROXY": outside,
        "NO_PROXY": "127.0.0.1,localhost",
        "AIOHTTP_TRUST_ENV": "True",
        # On uvloop its Python was seen to end with a segmentation fault, once in some hundred runs.
        "LITELLM_EVENT_LOOP": "asyncio",
        "PYTHONFAULTHANDLER": "1",  # and if it does again, the log says where
    }
