"""The process that decodes: the only place where a picture's bytes meet a decoder.

It holds no secret, opens no file, may use little memory and little processor time, and ends when
the pipe to its parent does. Started as ``python -m chat.images.worker``.
"""

import os
import signal
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import IO

from chat.core.errors import MediaRejected
from chat.core.parts import Json
from chat.images.limits import DAMAGED, TOO_MUCH_MEMORY, Limits
from chat.images.pipe import receive, send
from chat.images.processing import fit, is_large, process


def main() -> None:
    """Answer jobs until the parent is gone."""
    # Whatever prints must not end up in the pipe.
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    head, _ = receive(jobs, 0)
    limits = Limits(**head["limits"])
    _confine(limits)
    send(answers, {"ready": True})
    with suppress(EOFError, BrokenPipeError):  # that is how a parent goes
        while True:
            job, (data,) = receive(jobs, sys.maxsize)
            _end_after(float(job["cpu_s"]))
            _answer(answers, job, data, limits)
            _end_after(0)


def _answer(answers: IO[bytes], job: Mapping[str, Json], data: bytes, limits: Limits) -> None:
    try:
        if job["quick"] and is_large(data, limits):
            send(answers, {"large": True}, b"", b"")
            return
        if job["do"] == "ingest":
            done = process(data, job["origin"], limits, undrawn=bool(job.get("undrawn")))
        else:
            done = fit(data, job["max_bytes"], job["max_side_px"], limits)
    except MediaRejected as error:
        send(answers, {"refused": str(error), "cause": repr(error.__cause__ or "")})
        return
    except MemoryError:
        send(answers, {"refused": TOO_MUCH_MEMORY, "cause": traceback.format_exc()})
        return
    except Exception:  # a decoder found a new way to fail
        send(answers, {"refused": DAMAGED, "cause": traceback.format_exc()})
        return
    found = asdict(done)
    kept, small = found.pop("data"), found.pop("thumbnail")
    same = kept is data
    send(answers, {"found": found, "same": same}, b"" if same else kept, small)


def _confine(limits: Limits) -> None:
    """Bound memory, and forbid writing files and core dumps, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, limits.address_space_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def _end_after(cpu_s: float) -> None:
    """End this process once it has used so much processor time; 0 calls that off.

    The timer counts all threads, and what the system does for them; its signal ends the process
    whatever a decoder is at. Where there is none, the parent's clock is all there is.
    """
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, cpu_s)


if __name__ == "__main__":
    main()
