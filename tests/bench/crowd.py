"""A hundred replies at once, twenty pieces a second each, beside Chainlit and Open WebUI.

All three ask the same model over HTTP, a process of its own, and are watched by the same reader,
another. People ask within four seconds. A piece is late by what passes between the model's sending
it and the reader's having it, which counts from the fifth second of each reply on: all are under
way then. A server's CPU is that of its process and children, from the first question until all is
told. Open WebUI runs as its slim image does, without neural networks of its own, over SQLite as it
comes, which refuses some questions of so many at once ("database is locked"), and each person
there has an account: what one is told, all of their pages are told. Easel's pages are all one
owner's.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import psutil  # type: ignore[import-untyped]

from tests.bench.figures import Figure
from tests.bench.pacer import MODEL
from tests.bench.processes import Served, own_cpu_s
from tests.bench.rig import Rig
from tests.program import ROOT, Program, lasting_port

PEOPLE = 100
PIECES = 300
RATE_HZ = 20
SETTLED = 100
"""The first piece of which it is said how late it is."""
PEERS = ("chainlit", "open-webui")
MOST_LATE = 0.5
MOST_CPU = 0.5


@dataclass(frozen=True, slots=True)
class Carried:
    """What a server did in one round."""

    delivered: int
    p95_ms: float
    cpu_ms: float
    """Of a piece."""


def measure(rig: Rig) -> list[Figure]:
    """All of them, in turn, in each round."""
    return measured(rig.folder, rig.rounds(3))


def measured(folder: Path, rounds: int, people: int = PEOPLE) -> list[Figure]:
    """The figures, with data in this folder."""
    kinds = ("easel", *PEERS)
    rows: dict[str, list[Carried]] = {kind: [] for kind in kinds}
    with Served("tests.bench.pacer", str(PIECES), str(RATE_HZ), environment={}) as model:
        url = f"http://127.0.0.1:{model.port}/v1"
        for number in range(rounds):
            for kind in kinds:
                with _server(kind, folder / f"{kind}-{number}", url) as (process, address):
                    rows[kind].append(_round(kind, process, address, people))
    late = {kind: median(each.p95_ms for each in rows[kind]) for kind in kinds}
    cpu = {kind: median(each.cpu_ms for each in rows[kind]) for kind in kinds}
    fewest = {kind: min(each.delivered for each in rows[kind]) for kind in kinds}
    missing = people * PIECES - fewest["easel"]
    told = ", ".join(f"{kind} {fewest[kind]}" for kind in PEERS)
    best = min(PEERS, key=lambda kind: cpu[kind])
    return [
        Figure(
            f"{people} streams at once, pieces that did not come", missing, "", 0,
            f"of {people * PIECES}; {told} came",
        ),
        *(
            Figure(
                f"{people} streams at once, p95 late / {kind}", late["easel"] / late[kind], "x",
                MOST_LATE, f"{late['easel']:.0f} and {late[kind]:.0f} ms",
            )
            for kind in PEERS
        ),
        Figure(
            f"{people} streams at once, CPU a piece / {best}", cpu["easel"] / cpu[best], "x",
            MOST_CPU, ", ".join(f"{kind} {cpu[kind]:.3f} ms" for kind in kinds),
        ),
    ]  # fmt: skip


@contextmanager
def _server(kind: str, folder: Path, model: str) -> Iterator[tuple[psutil.Process, str]]:
    asked = {"OPENAI_BASE_URL": model, "OPENAI_API_KEY": "none", "OPENAI_MODELS": MODEL}
    if kind == "easel":
        limits = {"EASEL_REPLIES_AT_ONCE": str(PEOPLE)}
        with Program(folder, **asked, **limits) as easel:
            assert easel.process is not None
            yield psutil.Process(easel.process.pid), easel.address
        return
    folder.mkdir(parents=True)
    port = lasting_port()
    python = subprocess.run(
        [".ci/peer", kind], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    command, environ = _peer(kind, python, folder, port)
    environ["OPENAI_API_BASE_URL"] = model
    with (folder / "log").open("wb") as log:
        peer = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **asked, **environ}, stdout=log, stderr=log
        )
        try:
            yield psutil.Process(peer.pid), f"http://127.0.0.1:{port}"
        finally:
            peer.terminate()
            try:
                peer.wait(10)
            except subprocess.TimeoutExpired:
                peer.kill()
                peer.wait()


def _peer(kind: str, python: str, folder: Path, port: int) -> tuple[list[str], dict[str, str]]:
    programs = Path(python).parent
    if kind == "chainlit":
        chat = str(ROOT / "tests" / "bench" / "peers" / "chainlit_chat.py")
        command = [str(programs / "chainlit"), "run", chat, "--headless", "--port", str(port)]
        return command, {"CHAINLIT_APP_ROOT": str(folder), "CHAINLIT_HOST": "127.0.0.1"}
    command = [str(programs / "open-webui"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    return command, {
        "DATA_DIR": str(folder),
        "USE_SLIM_DOCKER": "true",
        "OFFLINE_MODE": "true",
        "WEBUI_SECRET_KEY": "bench",
        "BYPASS_MODEL_ACCESS_CONTROL": "true",
        "ENABLE_OLLAMA_API": "false",
        "ENABLE_VERSION_UPDATE_CHECK": "false",
        "ANONYMIZED_TELEMETRY": "false",
        "DO_NOT_TRACK": "true",
    }


def _round(kind: str, process: psutil.Process, address: str, people: int) -> Carried:
    probe = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.crowd_probe", kind, address, str(people), str(PIECES)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with probe:
        assert probe.stdin is not None
        assert probe.stdout is not None
        if not probe.stdout.readline():
            raise RuntimeError(f"the lines to {kind} could not be opened")
        before_s = _cpu_s(process)
        probe.stdin.write("\n")
        probe.stdin.flush()
        heard = json.loads(probe.stdout.readline())
        spent_s = _cpu_s(process) - before_s
        probe.stdin.write("\n")
        probe.stdin.flush()
    came = sum(map(len, heard))
    late = [ms for one in heard for number, ms in one.items() if int(number) >= SETTLED]
    p95_ms = quantiles(late, n=20)[-1] if len(late) > 1 else math.nan
    return Carried(came, p95_ms, 1e3 * spent_s / max(1, came))


def _cpu_s(process: psutil.Process) -> float:
    every = [process.pid, *(child.pid for child in process.children(recursive=True))]
    return sum(map(own_cpu_s, every))
