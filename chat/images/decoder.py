"""One decoder process, seen from its parent: started when needed, replaced when it dies.

Knows how to wait and how to kill; never looks into a picture.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

import chat
from chat.core.errors import MediaRejected
from chat.core.parts import Json
from chat.images.limits import Limits
from chat.images.pipe import receive, send

Answer: TypeAlias = tuple[dict[str, Json], list[bytes]]

TOO_HARD = "The picture is damaged or takes too much to open."
_OUT_OF_ORDER = "Easel cannot open pictures just now."
_CLOSED = "Easel is shutting down; the picture was not taken."

_ROOT = Path(chat.__file__).resolve().parent.parent
# Importing Pillow on a busy machine; a picture's own deadline starts after it.
_START_S = 30.0
# An upload may grow when its pixels are stored without loss; more than this is a fault.
_MAX_GROWTH = 20
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")


class _LostError(Exception):
    """The process died, spoke gibberish or was too late."""

    def __init__(self, late: bool) -> None:
        super().__init__("deadline passed" if late else "worker died")
        self.late = late


class Decoder:
    """Works on one picture at a time. Not to be shared between threads, but for ``stop``."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    @property
    def pid(self) -> int | None:
        """Its process, if one was started."""
        process = self._process
        return process.pid if process else None

    def ask(self, job: Mapping[str, Json], data: bytes) -> Answer:
        """Have one job done.

        Raises:
            MediaRejected: it was refused, or the process did not survive it.
        """
        process = self._process
        try:
            try:
                answer, blobs = self._exchange(process or self._start(), job, data)
            except _LostError as error:
                if error.late or process is None:
                    raise
                # It had been idle and may have died before: no fault of this picture.
                answer, blobs = self._exchange(self._start(), job, data)
        except _LostError as error:
            raise MediaRejected(_CLOSED if self._stopped else TOO_HARD) from error
        if "refused" in answer:
            raise MediaRejected(answer["refused"]) from RuntimeError(answer["cause"])
        return answer, blobs

    def stop(self) -> None:
        """Take no more jobs and end the one at hand, without waiting.

        The only method that another thread may call.
        """
        self._stopped = True
        if process := self._process:
            process.kill()

    def close(self) -> None:
        """End the process and let go of its pipes. Safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        try:
            # Closes both pipes and waits. What the dead process never read is dropped.
            with process:
                pass
        except BrokenPipeError:
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "chat.images.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Keys stay here: the far end decodes strangers' files.
            env={**environment, "PYTHONPATH": str(_ROOT)},
            start_new_session=True,  # Ctrl-C in a terminal is for the parent to handle
        )
        if self._stopped:  # perhaps a moment before there was a process to kill
            process.kill()
        try:
            self._exchange(process, {"limits": asdict(self._limits)}, within_s=_START_S)
        except _LostError as error:
            raise MediaRejected(_CLOSED if self._stopped else _OUT_OF_ORDER) from error
        return process

    def _exchange(
        self,
        process: subprocess.Popen[bytes],
        job: Mapping[str, Json],
        *data: bytes,
        within_s: float | None = None,
    ) -> Answer:
        """Send and receive; a process that is late is killed, which ends the wait."""
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the worker was started without pipes")
        late = threading.Event()

        def strike() -> None:
            late.set()
            process.kill()

        watch = threading.Timer(within_s or self._limits.deadline_s, strike)
        watch.daemon = True
        watch.start()
        try:
            send(process.stdin, job, *data)
            answer = receive(process.stdout, _MAX_GROWTH * self._limits.max_bytes)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise _LostError(late.is_set()) from error
        finally:
            watch.cancel()
            watch.join()
        if late.is_set():  # it answered while the blow fell
            self.close()
        return answer
