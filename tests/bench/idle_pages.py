"""Five hundred pages that stand open while nothing happens: memory, and CPU.

Each shows one of fifty conversations of ten messages. The lines are held by a process of its own,
which reads what comes and answers pings, as browsers do. What a page holds is what the server has
more than with ten pages open: those have loaded what is loaded once.
"""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from websockets.asyncio.client import ClientConnection, connect

from chat.core.messages import Conversation, Message, new_id
from chat.core.parts import Text
from chat.settings import Settings
from chat.turns.app_state import LOCAL_OWNER
from storage.open import open_conversations
from tests.bench.figures import Figure
from tests.bench.orders import words
from tests.bench.processes import own_cpu_s
from tests.bench.rig import Rig
from tests.patience import PATIENCE_S
from tests.program import ROOT, Program

FIRST, PAGES = 10, 500
CONVERSATIONS, MESSAGES = 50, 10
SETTLE_S = 17.0
"""A beat of each line."""
WATCHED_S = 32.0
"""Two beats of each line, and no half one."""
MOST_MB = 40
MOST_CPU = 1.0


def measure(rig: Rig) -> list[Figure]:
    """An Easel of its own."""
    return measured(rig.folder)


def measured(folder: Path) -> list[Figure]:
    """The figures, with data in this folder."""
    data = folder / "idle-pages"
    shown = _fill(data)
    with Program(data) as easel:
        assert easel.process is not None
        process = psutil.Process(easel.process.pid)
        command = [sys.executable, "-m", "tests.bench.idle_pages", str(easel.port), *shown]
        with subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as pages:
            assert pages.stdin is not None
            assert pages.stdout is not None
            pages.stdout.readline()
            time.sleep(SETTLE_S)
            before = _memory_bytes(process)
            pages.stdin.write("\n")
            pages.stdin.flush()
            pages.stdout.readline()
            time.sleep(SETTLE_S)
            held_mb = (_memory_bytes(process) - before) / 1e6
            began_s, spent_s = time.monotonic(), _cpu_s(process)
            time.sleep(WATCHED_S)
            share = (_cpu_s(process) - spent_s) / (time.monotonic() - began_s)
            pages.stdin.close()
    return [
        Figure(f"{PAGES} idle pages, memory", held_mb, "MB", MOST_MB, "more than with ten"),
        Figure(f"{PAGES} idle pages, CPU of a core", 100 * share, "%", MOST_CPU),
    ]


def _fill(data: Path) -> list[str]:
    data.mkdir(parents=True, exist_ok=True)
    store = open_conversations(Settings(data=data).database_url)
    shown: list[str] = []
    try:
        for number in range(CONVERSATIONS):
            made = Conversation(id=new_id(), owner=LOCAL_OWNER, title=f"Conversation {number}")
            store.create(made)
            rows: list[Message] = []
            for place in range(MESSAGES):
                parent = rows[-1].id if rows else None
                said = (Text(words(place)),)
                rows.append(
                    Message(new_id(), made.id, parent, "assistant" if place % 2 else "user", said)
                )
            store.add(rows)
            shown.append(made.id)
    finally:
        store.close()
    return shown


def _memory_bytes(process: psutil.Process) -> int:
    every = [process, *process.children(recursive=True)]
    return sum(each.memory_info().rss for each in every)


def _cpu_s(process: psutil.Process) -> float:
    every = [process.pid, *(child.pid for child in process.children(recursive=True))]
    return sum(map(own_cpu_s, every))


async def _page(port: int, conversation: str) -> ClientConnection:
    line = await connect(
        f"ws://127.0.0.1:{port}/live", proxy=None, max_size=None, open_timeout=PATIENCE_S
    )
    await line.send(json.dumps({"type": "open", "conversation": conversation}))
    while '"window"' not in str(await line.recv()):
        pass
    return line


async def _read(line: ClientConnection) -> None:
    async for _ in line:
        pass


async def hold(port: int, shown: list[str]) -> None:
    """Open ten pages, the rest when a line says so, and keep them until the input ends."""
    reading: list[asyncio.Task[None]] = []
    for count in (FIRST, PAGES):
        while len(reading) < count:
            line = await _page(port, shown[len(reading) % len(shown)])
            reading.append(asyncio.create_task(_read(line)))
        print("The pages are open.", flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.readline)
    for task in reading:
        task.cancel()


if __name__ == "__main__":
    asyncio.run(hold(int(sys.argv[1]), sys.argv[2:]))
