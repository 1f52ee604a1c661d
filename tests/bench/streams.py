"""What reading a stream costs beside the SDK's own reading, and how much memory a picture takes.

Both read the same chunks over HTTP from a server in a thread of its own; only the thread that
reads is timed. A picture is read in a process of its own, once small and then large: its peak of
memory is what the large one took.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
import openai

from chat.core.events import ImageBytes
from chat.core.models import Endpoint
from chat.providers.shared.http.exchange import Exchange
from chat.providers.shared.openai.answers import answers
from chat.providers.shared.openai.client import open_client
from tests.bench.doors import KEY, MODEL, PIECES, WIRES, cpu_s
from tests.bench.figures import Figure
from tests.bench.orders import PIECE_CHARACTERS
from tests.bench.rig import Rig
from tests.loopback import Loopback
from tests.program import ROOT
from tests.wire.doors import DOORS
from tests.wire.talk import PATIENT, events_of, request
from tests.wire.whole_answers import with_picture

ASKED: Any = {"model": MODEL, "messages": [{"role": "user", "content": "Say much."}]}
MOST_CPU = 1.05
PICTURE_BYTES = 24_000_000
MOST_MEMORY = 3.2
_STATUS = Path("/proc/self/status")


def measure(rig: Rig) -> list[Figure]:
    """The CPU of a stream, then the memory of a picture at each door."""
    return [*_read(rig.rounds(15)), *map(_pictured, DOORS)]


def _read(rounds: int) -> list[Figure]:
    """Each round reads the stream in each way, one after the other."""
    reply = WIRES[0].reply(PIECES)
    with Loopback(lambda _: reply) as server, asyncio.Runner() as runner:
        endpoint = Endpoint("bench", "openai_chat", "Bench", server.url, KEY, timeouts=PATIENT)
        bare = openai.AsyncOpenAI(api_key=KEY, base_url=server.url, max_retries=0)
        ours = open_client(endpoint)

        async def read() -> int:
            post: Any = ours.post
            body = {"stream": True, **ASKED}
            said = answers(
                lambda: post("/chat/completions", body=body, cast_to=httpx2.Response, stream=True),
                endpoint,
                Exchange(endpoint),
                streams=True,
            )
            async with aclosing(said):
                chunks = sum([len(list(told[0])) async for told in said if told is not None])
                return chunks * PIECE_CHARACTERS

        ways: list[Callable[[], Awaitable[int]]] = [
            read,
            lambda: _sdk(bare),
            lambda: _sdk(ours),
        ]
        spent: list[list[float]] = [[], [], []]
        for number in range(rounds + 1):
            for at in (0, 1, 2) if number % 2 else (2, 1, 0):
                took_s = runner.run(cpu_s(ways[at]))
                if number:  # the first round only loads code
                    spent[at].append(took_s)
        runner.run(bare.close())
        runner.run(ours.close())
    read_s, sdk_s, _ = map(median, spent)
    # Of each round, whose two readings had the same machine.
    both = median(both_s / alone_s for alone_s, both_s in zip(spent[1], spent[2], strict=True))
    each = f"SDK {1e6 * sdk_s / PIECES:.0f} us a chunk, ours {1e6 * read_s / PIECES:.0f}"
    return [
        Figure("reading a stream, CPU, ours / SDK", read_s / sdk_s, "x", MOST_CPU, each),
        Figure(
            "the SDK's reading behind our normaliser / SDK",
            both,
            "x",
            MOST_CPU,
            "median of pairs; no door reads so, ours reads the events itself",
        ),
    ]


async def _sdk(client: openai.AsyncOpenAI) -> int:
    stream = await client.chat.completions.create(stream=True, **ASKED)
    return len([None async for _ in stream]) * PIECE_CHARACTERS


def _pictured(kind: str) -> Figure:
    """Extra memory at the peak of a reply with a large picture."""
    small, large = _picture(1_000), _picture(PICTURE_BYTES)
    replies = [with_picture(kind, small), with_picture(kind, large)]
    with Loopback(replies) as server:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.streams", kind, server.url],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
    extra = int(done.stdout)
    name = f"a picture of {PICTURE_BYTES // 10**6} MB, extra memory at peak, {kind}"
    return Figure(name, extra / PICTURE_BYTES, "x", MOST_MEMORY, f"{extra / 1e6:.0f} MB")


def _picture(size_bytes: int) -> bytes:
    """What begins like a PNG; doors look no further."""
    start = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    return start + bytes(range(256)) * (size_bytes // 256 + 1)


def _memory_bytes(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB$", _STATUS.read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


async def _heard(kind: str, url: str) -> int:
    """Read both pictures; the extra memory at the peak of the second."""
    door = DOORS[kind]
    for _ in range(2):
        before = _memory_bytes("VmRSS")
        events = await events_of(door.opened(url), request(door.card()))
    if not any(isinstance(e, ImageBytes) and len(e.data) >= PICTURE_BYTES for e in events):
        raise RuntimeError(f"the picture did not come through {kind}")
    return _memory_bytes("VmHWM") - before


if __name__ == "__main__":
    print(asyncio.run(_heard(*sys.argv[1:])))  # noqa: T201
