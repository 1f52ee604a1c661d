"""What it costs to wait for users, and what a round of tools costs beside the tools themselves."""

import asyncio
import gc
import time
import tracemalloc
from statistics import median

from chat.core.events import TextDelta
from storage.open import open_conversations
from tests.bench.figures import Figure
from tests.bench.rig import Rig
from tests.scripted import Script
from tests.unit.turns.acting import RING, House, call, shop_of, waiting, wants
from tests.unit.turns.workshop import DONE, Workshop

WAITING = 50
IDLE_S = 2.0
ROUNDS = 8
MB = 1_000_000
SAID: Script = [TextDelta("Done."), DONE]


def measure(rig: Rig) -> list[Figure]:
    """On a database file of its own, with a model that says what it is told."""
    with asyncio.Runner() as runner:
        held_bytes, spent_s = runner.run(_waiting(_shop(rig, "waiting", [RING] * (WAITING + 1))))
        overheads = [
            runner.run(_round_s(_shop(rig, f"rounds-{number}", _rounds())))
            for number in range(rig.rounds(7) + 1)
        ][1:]  # the first only loads code
    share = 100 * spent_s / IDLE_S
    return [
        Figure(f"{WAITING} conversations that wait, memory", held_bytes / MB, "MB", 5),
        Figure(f"{WAITING} conversations that wait, CPU", share, "%", 0.5),
        Figure("a round of tools beside the tool, CPU", 1e3 * median(overheads), "ms", 15),
    ]


def _shop(rig: Rig, name: str, scripts: list[Script]) -> Workshop:
    folder = rig.folder / "approvals"
    folder.mkdir(exist_ok=True)
    store = open_conversations(f"sqlite:///{folder / f'{name}.db'}")
    return shop_of(House(), *scripts, store=store)


async def _waiting(shop: Workshop) -> tuple[int, float]:
    """Bytes that so many waiting replies hold, and CPU seconds of the process meanwhile."""
    await waiting(shop)  # the first only loads code
    gc.collect()
    tracemalloc.start()
    try:
        for _ in range(WAITING):
            reply = await waiting(shop)
            if reply.status != "waiting":
                raise RuntimeError("a reply did not wait")
        gc.collect()
        held_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    began_s = time.process_time()
    await asyncio.sleep(IDLE_S)
    spent_s = time.process_time() - began_s
    await shop.engine.close()
    shop.store.close()
    return held_bytes, spent_s


def _rounds() -> list[Script]:
    return [*([wants(call("look"))] * ROUNDS), SAID, SAID]


async def _round_s(shop: Workshop) -> float:
    """CPU seconds of the process for one round with a tool that does nothing."""
    spent: list[float] = []
    for _ in range(2):
        conversation = await shop.begin(tools_on=True)
        began_s = time.process_time()
        await shop.answer(await shop.ask(conversation, "go"))
        spent.append(time.process_time() - began_s)
    with_rounds_s, without_s = spent
    await shop.engine.close()
    shop.store.close()
    return (with_rounds_s - without_s) / ROUNDS
