"""This Easel and the last release, side by side in one run: CPU, memory, and the way of a message.

The release is taken from the history of this repository and runs on the same packages. Each
round measures both, so that a busy machine is busy for both; the figures are ratios of medians.
"""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil  # type: ignore[import-untyped]
from websockets.sync.client import connect

from tests.bench.figures import Figure
from tests.bench.processes import own_cpu_s
from tests.bench.rig import Rig
from tests.bench.walk_probe import room_of, wait_for_window
from tests.loopback import Reply, Request
from tests.process.disk import until
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.program import ROOT, lasting_port
from tests.wire_shapes import openai_stream

RELEASE = "f63184c"
"""The last commit of the release of 2026-11-26."""
CHUNKS = 1_000
ROUNDS = 5
MESSAGES = 6
"""How many are sent in a round; the first is not counted."""
OPEN_NOW = '{"type": "open", "conversation": "CONVERSATION"}'
"""What a page says to be told of a conversation, in this Easel ..."""
OPEN_RELEASE = '{"open": "CONVERSATION"}'
"""... and in the release."""


@dataclass(slots=True)
class Tree:
    """A checkout, and what was measured of it."""

    folder: Path
    opening: str
    start_s: list[float] = field(default_factory=list)
    rest_mb: list[float] = field(default_factory=list)
    to_request_s: list[float] = field(default_factory=list)
    reply_s: list[float] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    crossings: list[list[str]] = field(default_factory=list)

    @property
    def passages(self) -> int:
        """How many crossings lead into another package."""
        return sum(room_of(caller) != room_of(called) for caller, called in self.crossings)


def measure(rig: Rig) -> list[Figure]:
    """All of it; nothing where the history of the repository is not at hand."""
    folder = rig.folder / "release"
    if not unpacked(folder):
        return [Figure("the last release is not in this copy's history", 0.0, "", None)]
    trees = [Tree(ROOT, OPEN_NOW), Tree(folder, OPEN_RELEASE)]
    for tree in trees:
        _walk(tree, rig.folder)
    for number in range(rig.rounds(ROUNDS)):
        for tree in trees if number % 2 else reversed(trees):
            _round(tree, rig.folder / f"{tree.folder.name}-{number}")
    now, before = trees
    return [
        _ratio(
            "functions of a message and its reply",
            [len(now.functions)],
            [len(before.functions)],
            0.6,
            "",
        ),
        _ratio(
            "crossings from file to file",
            [len(now.crossings)],
            [len(before.crossings)],
            0.6,
            "",
        ),
        _ratio("passages from package to package", [now.passages], [before.passages], 0.6, ""),
        _ratio("CPU from Send to the request", now.to_request_s, before.to_request_s, 0.6, "ms"),
        _ratio(f"CPU of a reply in {CHUNKS} chunks", now.reply_s, before.reply_s, 0.8, "ms"),
        _ratio("CPU of a start", now.start_s, before.start_s, 0.9, "ms"),
        _ratio("memory at rest", now.rest_mb, before.rest_mb, 0.9, "MB"),
    ]


def _ratio(
    name: str,
    now: list[float] | list[int],
    before: list[float] | list[int],
    limit: float,
    unit: str,
) -> Figure:
    scale = 1_000 if unit == "ms" else 1
    here, there = median(now) * scale, median(before) * scale
    return Figure(
        f"{name}, now / release",
        here / there,
        "x",
        limit,
        f"{here:.1f} / {there:.1f} {unit}".strip(),
    )


def unpacked(folder: Path) -> bool:
    """The release as a folder; false where git does not have it."""
    archive = subprocess.run(
        ["git", "archive", RELEASE], cwd=ROOT, capture_output=True, check=False
    )
    if archive.returncode:
        return False
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return True


def _walk(tree: Tree, folder: Path) -> None:
    """Which functions a message and its reply pass through, told by Easel under a profiler."""
    answer, data = folder / "walk.json", folder / f"walk-{tree.folder.name}"
    with Upstream() as upstream:
        upstream.says("Warm.")
        upstream.says(*_chunks())
        subprocess.run(
            [
                sys.executable,
                str(Path(__file__).with_name("walk_probe.py")),
                str(lasting_port()),
                tree.opening,
                str(answer),
            ],
            cwd=tree.folder,
            env=os.environ | upstream.environ | _environ(data) | {"PYTHONPATH": str(tree.folder)},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    walk = json.loads(answer.read_text(encoding="utf-8"))
    tree.functions, tree.crossings = walk["functions"], walk["crossings"]
    rooms = Counter(map(room_of, tree.functions))
    print(f"  {tree.folder.name}: {dict(rooms.most_common())}", file=sys.stderr)  # noqa: T201


def _chunks() -> list[str]:
    return [f"word{number} " for number in range(CHUNKS)]


def _environ(data: Path) -> dict[str, str]:
    return {"EASEL_DATA": str(data), "EASEL_TOKEN": "off"}


class _Watching(Upstream):
    """A model that notes what Easel has spent when its request arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.pid = 0
        self.spent_s = 0.0
        self.asked = threading.Event()

    def answer(self, request: Request) -> Reply:
        self.spent_s = own_cpu_s(self.pid)
        self.asked.set()
        return openai_stream(_chunks()) if self.pid else super().answer(request)


def _round(tree: Tree, data: Path) -> None:
    with _Watching() as upstream, _started(tree, data, upstream) as easel:
        assert easel.process is not None
        upstream.pid = easel.process.pid
        tree.start_s.append(own_cpu_s(upstream.pid))
        tree.rest_mb.append(psutil.Process(upstream.pid).memory_full_info().uss / 1e6)
        conversation = easel.begin()
        with connect(f"ws://127.0.0.1:{easel.port}/live", proxy=None, max_size=None) as page:
            page.send(tree.opening.replace("CONVERSATION", conversation))
            wait_for_window(page)
            threading.Thread(target=lambda: [None for _ in page], daemon=True).start()
            for number in range(MESSAGES):
                upstream.asked.clear()
                before_s = own_cpu_s(upstream.pid)
                started = easel.ask(conversation, "Tell me of the sea.")
                upstream.asked.wait()
                asked_s = upstream.spent_s
                until(lambda reply=started["reply"]: ended(data, reply))  # type: ignore[misc]
                if number:
                    tree.to_request_s.append(asked_s - before_s)
                    tree.reply_s.append(own_cpu_s(upstream.pid) - asked_s)
    shutil.rmtree(data, ignore_errors=True)


@contextmanager
def _started(tree: Tree, data: Path, upstream: Upstream) -> Iterator[Easel]:
    more = {**upstream.environ, **_environ(data)}
    more.pop("EASEL_DATA")
    easel = Easel(data, **more)
    easel.cwd = tree.folder
    with easel:
        yield easel


def ended(data: Path, reply_id: str) -> bool | None:
    """True once the reply is final; read from the file, which costs the server nothing."""
    with closing(sqlite3.connect(f"file:{data}/easel.db?mode=ro", uri=True, timeout=10)) as rows:
        row = rows.execute("SELECT status FROM message WHERE id = ?", (reply_id,)).fetchone()
    return True if row and row[0] not in {"queued", "streaming"} else None
