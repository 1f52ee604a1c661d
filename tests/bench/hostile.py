"""Hostile answers to a running Easel: meanwhile another page is served, afterwards memory is free.

Each answer has no end, or far more of something than a reply may have. It is sent until Easel has
had enough; until then another page asks for its state and its list, as pages do. So does the page
of an Easel beside it that has nothing to do: what it waits is the machine's, not ours.
"""

import json
import math
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import psutil  # type: ignore[import-untyped]

from tests.bench.figures import Figure
from tests.bench.rig import Rig
from tests.loopback import Gate, Reply, Request, json_reply
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.program import ROOT
from tests.wire.hostile import STREAM, Hostile, answers
from tests.wire_shapes import data_url, openai_stream, tiny_png

BLOCK_BYTES = 1 << 16
ENDLESS_BYTES = 500_000_000
"""More than is taken of anything."""
MOST_S = 0.2
MOST_MB = 50
SETTLE_S = 10.0
"""How long memory may take to come back: a server frees some of it a moment later."""
LEAST_S = 0.5
"""For how long others ask at least."""
REST_S = 0.05
PATHS = ("/healthz", "/api/conversations")


@dataclass(frozen=True, slots=True)
class Felt:
    """What others felt of one hostile answer."""

    name: str
    p99_s: float
    idle_p99_s: float
    """Of the Easel beside it, in the same moments."""
    kept_mb: float
    took_s: float


class _Hostile(Upstream):
    """Answers with what is set; pictures behind links are small."""

    def __init__(self) -> None:
        super().__init__()
        self.now: Reply | None = None

    def answer(self, request: Request) -> Reply:
        if request.path.endswith(".png"):
            return Reply((tiny_png(len(request.path)),), headers={"content-type": "image/png"})
        return self.now or super().answer(request)


def measure(rig: Rig) -> list[Figure]:
    """All of them, or every fourth where it is to be quick; one after the other."""
    with (
        _Hostile() as upstream,
        Easel(rig.folder / "hostile", **upstream.environ) as easel,
        Easel(rig.folder / "idle", **upstream.environ) as idle,
    ):
        # With a picture: the process that decodes stays, once there was one.
        _felt(easel, idle, upstream, "warm", openai_stream(["Warm.", tiny_png(0)]))
        rest_mb = _memory_mb(easel)
        cases = [*_cases(upstream)][:: 4 if rig.quick else 1]
        felt = [_told(_felt(easel, idle, upstream, name, reply, rest_mb)) for name, reply in cases]
    slow, heavy = max(felt, key=lambda f: f.p99_s), max(felt, key=lambda f: f.kept_mb)
    long = max(felt, key=lambda f: f.took_s)
    name = f"{len(felt)} hostile answers"
    beside = max(felt, key=lambda f: f.p99_s / f.idle_p99_s)
    told = f"{beside.name}; the median {median(f.p99_s / f.idle_p99_s for f in felt):.1f} x"
    ratio = beside.p99_s / beside.idle_p99_s
    return [
        Figure(f"{name}, another page's request, p99", slow.p99_s, "s", MOST_S, slow.name),
        Figure(f"{name}, the same / an idle Easel's at that time", ratio, "x", None, told),
        Figure(f"{name}, memory kept after", max(0.0, heavy.kept_mb), "MB", MOST_MB, heavy.name),
        Figure(f"{name}, the longest until its end", long.took_s, "s", None, long.name),
    ]


def _felt(
    easel: Easel,
    idle: Easel,
    upstream: _Hostile,
    name: str,
    reply: Reply,
    rest_mb: float = math.inf,
) -> Felt:
    """Ask, and ask for other things until the reply has ended."""
    upstream.now = reply
    disk = Disk(easel.folder)
    idle.begin()  # as long a list
    conversation = easel.begin()
    with _asking(easel.address, idle.address) as asker:
        began_s = time.monotonic()
        reply_id = easel.ask(conversation, "Tell me of the sea.")["reply"]
        while not disk.is_final(reply_id):
            time.sleep(REST_S)
        took_s = time.monotonic() - began_s
        time.sleep(max(0.0, LEAST_S - took_s))
        took = _told_by(asker)
    upstream.now = None
    deadline_s = time.monotonic() + SETTLE_S
    while (kept_mb := _memory_mb(easel) - rest_mb) > MOST_MB and time.monotonic() < deadline_s:
        time.sleep(0.2)
    return Felt(name, _p99(took[easel.address]), _p99(took[idle.address]), kept_mb, took_s)


@contextmanager
def _asking(*addresses: str) -> Iterator[subprocess.Popen[str]]:
    """A process that asks them as pages do; it has begun."""
    command = [sys.executable, "-m", "tests.bench.asking", ",".join(PATHS), *addresses]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as asker:
        try:
            assert asker.stdout is not None
            asker.stdout.readline()
            yield asker
        finally:
            asker.kill()


def _told_by(asker: subprocess.Popen[str]) -> dict[str, list[float]]:
    """End it; how long each answer took, in seconds, by address."""
    told, _ = asker.communicate()
    took: dict[str, list[float]] = json.loads(told)
    return took


def _p99(took: list[float]) -> float:
    return sorted(took)[math.ceil(len(took) * 0.99) - 1]


def _told(felt: Felt) -> Felt:
    """To whoever watches: which answer costs what."""
    told = f"  {felt.name}: {felt.p99_s:.3f} s, {felt.p99_s / felt.idle_p99_s:.1f} x, "
    told += f"{felt.kept_mb:.0f} MB, ended in {felt.took_s:.1f} s"
    print(told, file=sys.stderr, flush=True)  # noqa: T201
    return felt


def _memory_mb(easel: Easel) -> float:
    assert easel.process is not None
    server = psutil.Process(easel.process.pid)
    family = [server, *server.children(recursive=True)]
    return float(sum(process.memory_info().rss for process in family)) / 1e6


def _endless(hostile: Hostile) -> Reply:
    """One that goes on for longer than anything is listened to."""
    block = hostile.piece * max(1, BLOCK_BYTES // len(hostile.piece))
    begin, count = hostile.begin, ENDLESS_BYTES // len(block)
    if hostile.packed:
        # Behind a full flush the packed block is the same each time.
        packer = zlib.compressobj(wbits=31)
        begin = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
        block = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return Reply(
        (*filter(None, [begin]), *[block] * count, Gate()), hostile.status, dict(hostile.headers)
    )


def _cases(upstream: Upstream) -> Iterator[tuple[str, Reply]]:
    for hostile in answers():
        yield hostile.name, _endless(hostile)
    yield "5,000 calls", openai_stream([{"tool_calls": [_call(n, "{}")]} for n in range(5_000)])
    yield (
        "5,000 calls at once",
        openai_stream([{"tool_calls": [_call(n, "{}") for n in range(5_000)]}]),
    )
    yield (
        "long arguments",
        openai_stream([{"tool_calls": [_call(0, json.dumps("x" * 20_000_000))]}]),
    )
    piece = {"tool_calls": [{"index": 0, "function": {"arguments": "[" * 1_000}}]}
    yield (
        "arguments without end",
        openai_stream([{"tool_calls": [_call(0, '{"a": [')]}, *[piece] * 5_000]),
    )
    yield "500 pictures", openai_stream([tiny_png(n % 256, n // 256) for n in range(500)])
    links = [{"url": f"{upstream.server.url}/{n}.png"} for n in range(862)]
    yield "862 links", openai_stream([{"images": links}])
    yield "deep JSON", Reply((b'data: {"a":' * 1, b"[" * 90_000, b"\n\n"), headers=STREAM)
    deep = json.dumps({"a": "["}).encode()
    yield "deep JSON in words", openai_stream([deep.decode() * 20_000] * 3)
    yield "deep JSON at once in words", openai_stream([deep.decode() * 60_000])
    yield "data that is no data in words", openai_stream(["![a](data: " * 150_000])
    yield "80 MB of words in one event", openai_stream(["word " * 16_000_000])
    yield "50 MB of words in one event", openai_stream(["word " * 10_000_000])
    whole = {"choices": [{"message": {"content": "[a] " * 12_000_000}, "finish_reason": "stop"}]}
    yield "50 MB of words in one piece", json_reply(whole)
    yield "a head of a megabyte", Reply((b"{}",), headers={**STREAM, "x-long": "a" * 1_000_000})
    yield (
        "a head of many lines",
        Reply((b"{}",), headers={**STREAM, **{f"x-{n}": "a" * 50 for n in range(20_000)}}),
    )
    yield "words without end", openai_stream(["word " * 2_000] * 5_000)
    yield "one long word of ~", openai_stream(["~" * 40_000] * 5)
    yield (
        "a picture's address without end",
        openai_stream([data_url(tiny_png(1))[:-8], *["A" * 50_000] * 2_000]),
    )
    yield "an error of many letters", json_reply({"error": {"message": "~" * 900_000}}, 400)
    yield "a table's rule", openai_stream(["|a|b|\n|", "-" * 95_000, "|\n"])


def _call(number: int, arguments: str) -> dict[str, Any]:
    function = {"name": "get_weather", "arguments": arguments}
    return {"index": number, "id": f"c{number}", "function": function}
