"""Runs Easel and notes how long its event loop is held: ``held_probe.py PORT NOTES``.

Started by :mod:`tests.bench.picture_turns` with the checkout to look at as its folder and on its
path. Each line of the notes is JSON: ``at_s`` by the system's monotonic clock, ``held_s``, and
``what``. A step of the loop is timed by the clock of its thread; ``late`` is how much too late the
loop came back to a watch that it looks at all the time. What holds the interpreter in another
thread is in the second alone, and so is whatever else the machine does.
"""

import asyncio
import importlib
import json
import sys
import time
from pathlib import Path

BEAT_S = 0.001
LEAST_S = 0.001
"""A hold that is shorter is not noted."""
LATE = "late"

_notes: list[str] = []


def note(held_s: float, what: str) -> None:
    """Keep a hold, until somebody has time to write it down."""
    if held_s >= LEAST_S:
        _notes.append(json.dumps({"at_s": time.monotonic(), "held_s": held_s, "what": what}))


async def watch(notes: Path) -> None:
    """Note how late each beat comes."""
    with notes.open("a", encoding="utf-8") as file:
        while True:
            due_s = time.perf_counter() + BEAT_S
            await asyncio.sleep(BEAT_S)
            note(time.perf_counter() - due_s, LATE)
            if _notes:
                file.writelines(f"{each}\n" for each in _notes)
                file.flush()
                _notes.clear()


def time_steps() -> None:
    """Have each step of every loop timed by the clock of its thread."""
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began_s = time.thread_time()
        run(handle)
        held_s = time.thread_time() - began_s
        if held_s >= LEAST_S:
            note(held_s, repr(handle)[:300])

    asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]


def main() -> None:
    """Easel in this thread, with a watch on the loop that serves."""
    port, notes = sys.argv[1], Path(sys.argv[2])
    app = importlib.import_module("app")
    server = importlib.import_module("uvicorn").Server
    startup = server.startup

    async def watched(self: object, *given: object, **named: object) -> object:
        self.watching = asyncio.create_task(watch(notes))  # type: ignore[attr-defined]
        return await startup(self, *given, **named)

    server.startup = watched
    time_steps()
    sys.argv = ["app.py", "--port", port]
    app.main()


if __name__ == "__main__":
    main()
