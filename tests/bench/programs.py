"""What a stream of the API costs beside OpenAI's SDK reading the model's own, and beside LiteLLM.

All three read the same chunks from a server in a thread of this process. Of the SDK the thread that
reads is timed; of Easel and of the proxy the whole process, which reads them, passes them through
all that it has for them, and writes them to a client that only takes them.
"""

import asyncio
import json
import math
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]

from tests.bench.doors import MODEL, PIECES, WIRES, Close, cpu_s
from tests.bench.figures import Figure
from tests.bench.orders import PIECE_CHARACTERS
from tests.bench.processes import own_cpu_s
from tests.bench.rig import Rig
from tests.litellm.proxy import Proxy
from tests.loopback import Loopback
from tests.patience import PATIENCE_S
from tests.program import Program

KEY = "sk-easel-of-the-bench-0123456789"
CHAT = WIRES[0]
MOST_OF_SDK = 1.5
MOST_OF_PROXY = 0.5
STREAMS = 3
"""Read in a row, of which one figure is taken."""


@dataclass(frozen=True, slots=True)
class Door:
    """A server that speaks this API, and its process."""

    url: str
    key: str
    model: str
    pid: int

    def spent_s(self) -> float:
        """CPU seconds that a few streams cost the process and its children."""
        began_s = self._cpu_s()
        for _ in range(STREAMS):
            self._read()
        return (self._cpu_s() - began_s) / STREAMS

    def _cpu_s(self) -> float:
        every = [self.pid, *(child.pid for child in psutil.Process(self.pid).children(True))]
        return sum(map(own_cpu_s, every))

    def _read(self) -> None:
        asked: Any = {"model": self.model, "messages": [{"role": "user", "content": "Say much."}]}
        headers = {"Authorization": f"Bearer {self.key}"}
        address = f"{self.url}/v1/chat/completions"
        with httpx.Client(trust_env=False, timeout=PATIENCE_S) as client:
            answer = client.post(address, json={**asked, "stream": True}, headers=headers)
        lines = (line.removeprefix("data: ") for line in answer.text.splitlines() if line)
        chunks = [json.loads(line) for line in lines if line.startswith("{")]
        deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
        characters = sum(len(delta.get("content") or "") for delta in deltas)
        if characters < PIECES * PIECE_CHARACTERS:
            raise RuntimeError(f"only {characters} characters came: {answer.text[:300]}")


def measure(rig: Rig) -> list[Figure]:
    """Each round reads the stream in each of the ways, one after the other."""
    return measured(rig.folder, rig.rounds(9))


def measured(folder: Path, rounds: int) -> list[Figure]:
    """The figures, with data in this folder."""
    reply = CHAT.reply(PIECES)
    with ExitStack() as stack, asyncio.Runner() as runner:
        server = stack.enter_context(Loopback(lambda _: reply))
        bare, close = CHAT.bare(server.url)
        doors = [_easel(stack, folder, server.url), _litellm(stack, folder, server.url)]
        spent: list[list[float]] = []
        for number in range(rounds + 1):
            sdk_s = [runner.run(cpu_s(bare)) for _ in range(STREAMS)]
            each = [math.nan if door is None else door.spent_s() for door in doors]
            if number:  # the first round only loads code
                spent.append([sum(sdk_s) / STREAMS, *each])
        runner.run(_closed(close))
    of_sdk = median(easel / sdk for sdk, easel, _ in spent)
    of_proxy = median(easel / proxy for _, easel, proxy in spent)
    sdk_us, easel_us, proxy_us = (1e6 * median(one) / PIECES for one in zip(*spent, strict=True))
    told = f"a chunk: SDK {sdk_us:.0f} us, Easel {easel_us:.0f}"
    beside = "EASEL_LITELLM names none" if math.isnan(proxy_us) else f"LiteLLM {proxy_us:.0f} us"
    return [
        Figure("a stream of the API, CPU, Easel / bare SDK", of_sdk, "x", MOST_OF_SDK, told),
        Figure("a stream of the API, CPU, Easel / LiteLLM", of_proxy, "x", MOST_OF_PROXY, beside),
    ]


async def _closed(close: Close) -> None:
    await close()


def _easel(stack: ExitStack, folder: Path, url: str) -> Door:
    environ = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none", "OPENAI_MODELS": MODEL}
    program = Program(folder / "programs", EASEL_API_KEYS=f"bench={KEY}", **environ)
    easel = stack.enter_context(program)
    assert easel.process is not None
    return Door(easel.address, KEY, f"openai-text:{MODEL}", easel.process.pid)


def _litellm(stack: ExitStack, folder: Path, url: str) -> Door | None:
    """A proxy in the same place; ``None`` where there is none."""
    program = os.environ.get("EASEL_LITELLM", "")
    if not program:
        return None
    behind = {"model": f"openai/{MODEL}", "api_base": url, "api_key": "none"}
    (folder / "litellm").mkdir()
    models = [{"model_name": MODEL, "litellm_params": behind}]
    outside = stack.enter_context(Loopback([]))
    proxy = stack.enter_context(Proxy(program, folder / "litellm", models, outside.url))
    return Door(proxy.url, proxy.key, MODEL, proxy.pid)
