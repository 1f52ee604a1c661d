"""Stands between Easel and a server that it starts, and sees to it that none outlives Easel.

Run as a program of its own: ``python -I -S keeper.py SOCKET PROGRAM ARGUMENT ...``. It leads a
process group, in which the server and what that starts live. When the socket to Easel closes,
however Easel came to its end, all of them are killed; and so they are when the server itself ends.
On Linux that is true of what has left the group, too, as browsers that a server starts do: whoever
loses its parent becomes a child of the keeper.
The socket is told the exit code of the server, or the number of the error that kept it from
starting after a ``!``.
"""

import ctypes
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path

_NOT_OURS = (signal.SIGPIPE, signal.SIGXFSZ)
"""Python ignores them, and what it starts would, too."""

_SET_CHILD_SUBREAPER = 36
"""Source: Linux, ``prctl(2)``, ``PR_SET_CHILD_SUBREAPER``."""
_ROUNDS = 200
"""Of killing what was started meanwhile; who starts more than that is left to the group."""


def main() -> None:
    """Start the server, and wait for the first end."""
    easel = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(easel.fileno(), False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # The group is asked to end: the server is seen out first. A handler of our own, because a
        # signal that is ignored would be so in the server, too.
        signal.signal(number, lambda *_: None)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        server = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ, setsigdef=_NOT_OURS)
    except OSError as error:
        easel.send(b"!%d" % (error.errno or 0))
        return
    nothing = os.open(os.devnull, os.O_RDWR)
    for pipe in (0, 1, 2):
        os.dup2(nothing, pipe)  # or the pipes of the server would never be closed
    threading.Thread(target=_end_with, args=(easel,), daemon=True).start()
    ended = 0
    while ended != server:
        ended, status = os.wait()  # of those whose parent has gone, too
    with suppress(OSError):  # Easel may have gone
        easel.send(b"%d" % os.waitstatus_to_exitcode(status))
    _kill_all()


def _end_with(easel: socket.socket) -> None:
    with suppress(OSError):
        easel.recv(1)
    _kill_all()


def _kill_all() -> None:
    for _ in range(_ROUNDS):
        if not (found := _descendants()):
            break
        for each in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(each, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
    os.killpg(0, signal.SIGKILL)


def _descendants() -> list[int]:
    """Whoever lives of those that were started, however deep; none where there is no ``/proc``."""
    children: dict[int, list[int]] = {}
    with suppress(FileNotFoundError):
        for entry in os.scandir("/proc"):
            if entry.name.isdigit() and (parent := _parent(entry.name)):
                children.setdefault(parent, []).append(int(entry.name))
    found, above = [], [os.getpid()]
    while above:
        below = children.get(above.pop(), [])
        found += below
        above += below
    return found


def _parent(process: str) -> int:
    """The id of its parent; 0: it lives no longer."""
    try:
        told = Path(f"/proc/{process}/stat").read_bytes()
        state, parent, *_ = told.rpartition(b")")[2].split()
    except (OSError, ValueError):
        return 0
    return 0 if state in (b"Z", b"X") else int(parent)


if __name__ == "__main__":
    main()
