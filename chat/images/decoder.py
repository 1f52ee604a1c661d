"""One decoder process, seen from its parent: started when needed, replaced when it dies.

It never looks into a picture. What a picture may cost is counted in processor time, by the
process itself; the clock on the wall only ends what a stuck machine would hold for ever.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import TypeAlias

from chat.confined.environment import bare_environment
from chat.confined.pipe import receive, send
from chat.core.errors import MediaRejected, PicturesBusy
from chat.core.parts import Json
from chat.images.limits import (
    BUSY,
    CLOSING,
    DAMAGED,
    INTERRUPTED,
    OUT_OF_ORDER,
    TOO_MUCH_WORK,
    UNWORKABLE,
    Limits,
)

Answer: TypeAlias = tuple[dict[str, Json], list[bytes]]

# An upload may grow when its pixels are stored without loss; more than this is a fault.
_MAX_GROWTH = 20
# What meets a stranger's file; all else works on pictures that were opened before.
_LOOKS = {"ingest", "fit"}
# Importing Pillow on a busy machine; a picture's own time starts after it.
_START_S = 60.0
# Between the end of a process's pipes and the end of the process.
_END_S = 5.0
# What a process dies of when its processor time is over. Windows counts none.
_OUT_OF_TIME = -signal.SIGPROF if hasattr(signal, "SIGPROF") else None
_KILLED = -signal.SIGKILL if hasattr(signal, "SIGKILL") else None


class OutOfTime(MediaRejected):
    """The picture needed more processor time than it was given."""


class _LostError(Exception):
    """The process died, spoke gibberish or was ended for being slow."""

    def __init__(self, status: int | None, late: bool) -> None:
        super().__init__("ended for being slow" if late else f"worker ended with {status}")
        self.status = status
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

    def ask(self, job: Mapping[str, Json], *data: bytes) -> Answer:
        """Have one job done. What it may cost in processor time stands in the job: ``cpu_s``.

        Raises:
            OutOfTime: it needed more than that.
            PicturesBusy: the process was ended, or did not start, for no fault of the picture.
            MediaRejected: it was refused, or the process did not survive it.
        """
        process = self._process
        try:
            try:
                answer, blobs = self._exchange(process or self._start(), job, *data)
            except _LostError as error:
                if error.late or process is None or error.status == _OUT_OF_TIME:
                    raise
                # It had been idle and may have died before: no fault of this picture.
                answer, blobs = self._exchange(self._start(), job, *data)
        except _LostError as error:
            raise self._refusal(error, looked_at=job["do"] in _LOOKS) from error
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

    def close(self) -> int | None:
        """End the process, let go of its pipes, and tell how it ended. Safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        try:
            # Closes both pipes and waits. What the dead process never read is dropped.
            with process:
                pass
        except BrokenPipeError:  # of what was dropped
            process.wait()
        return process.returncode

    def _refusal(self, error: _LostError, *, looked_at: bool) -> MediaRejected:
        if self._stopped:
            return PicturesBusy(CLOSING)
        if error.late:
            return PicturesBusy(BUSY)
        if error.status == _OUT_OF_TIME:
            return OutOfTime(TOO_MUCH_WORK)
        if error.status == _KILLED:
            return PicturesBusy(INTERRUPTED)
        return MediaRejected(DAMAGED if looked_at else UNWORKABLE)

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = process = subprocess.Popen(
            [sys.executable, "-m", "chat.images.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=bare_environment(),
            start_new_session=True,  # Ctrl-C in a terminal is for the parent to handle
        )
        if self._stopped:  # perhaps a moment before there was a process to kill
            process.kill()
        try:
            self._exchange(process, {"limits": asdict(self._limits)}, within_s=_START_S)
        except _LostError as error:
            raise PicturesBusy(CLOSING if self._stopped else OUT_OF_ORDER) from error
        return process

    def _exchange(
        self,
        process: subprocess.Popen[bytes],
        job: Mapping[str, Json],
        *data: bytes,
        within_s: float | None = None,
    ) -> Answer:
        """Send and receive; a process that hangs is killed, which ends the wait."""
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the worker was started without pipes")
        late = threading.Event()

        def strike() -> None:
            late.set()
            process.kill()

        watch = threading.Timer(within_s or self._limits.patience_s, strike)
        watch.daemon = True
        watch.start()
        try:
            send(process.stdin, job, *data)
            answer = receive(process.stdout, _MAX_GROWTH * self._limits.max_bytes)
        except (OSError, EOFError, ValueError) as error:
            raise _LostError(self._ended(process), late.is_set()) from error
        finally:
            watch.cancel()
            watch.join()
        if late.is_set():  # it answered while the blow fell
            self.close()
        return answer

    def _ended(self, process: subprocess.Popen[bytes]) -> int | None:
        """How a process that fell silent came to its end."""
        # Its pipes are closed a moment before the system tells how it ended; one that speaks
        # gibberish has not ended, and is made to.
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_END_S)
        return self.close()
