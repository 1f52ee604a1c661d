"""What a page costs while nothing happens, when it is new, and when six stand side by side."""

import time
from contextlib import ExitStack
from statistics import median

from tests.bench.figures import Figure
from tests.bench.orders import say
from tests.bench.rig import Rig

IDLE_S = 12.0
SETTLE_S = 2.0
TABS, TAB_PIECES, TAB_RATE_HZ = 6, 300, 50


def idle(rig: Rig) -> list[Figure]:
    """One page stands open and nobody touches it."""
    with rig.easel_page(rig.seeded.long):
        time.sleep(SETTLE_S)
        before_s, began_s = rig.easel.process.cpu_s(), time.perf_counter()
        time.sleep(IDLE_S)
        share = (rig.easel.process.cpu_s() - before_s) / (time.perf_counter() - began_s)
    return [Figure("idle, one page open, CPU of a core", 100 * share, "%", 1.5)]


def tabs(rig: Rig) -> list[Figure]:
    """Six tabs of one browser ask at once; all must keep pace with the model."""
    ideal_s = TAB_PIECES / TAB_RATE_HZ
    with ExitStack() as stack:
        talks = [stack.enter_context(rig.easel_page())]
        talks += [stack.enter_context(rig.another_tab(talks[0])) for _ in range(TABS - 1)]
        tags = [rig.tag() for _ in talks]
        began_s = time.perf_counter()
        for talk, tag in zip(talks, tags, strict=True):
            talk.page.bring_to_front()
            talk.ask(say(TAB_PIECES, TAB_RATE_HZ, tag))
        for talk, tag in zip(talks, tags, strict=True):
            talk.wait_for_end(tag)
        slowest_s = time.perf_counter() - began_s
    note = f"{slowest_s:.1f} s instead of {ideal_s:.1f} s, asking included"
    return [Figure("six tabs at once, slowest / ideal", slowest_s / ideal_s, "x", 1.5, note)]


def loads(rig: Rig) -> list[Figure]:
    """A browser that comes for the first time, and the way of the first word."""
    colds, sizes, firsts = [], [], []
    for _ in range(rig.rounds(3)):
        before_bytes, began_s = rig.easel.wire.down_bytes, time.perf_counter()
        with rig.easel_page() as talk:
            colds.append(time.perf_counter() - began_s)
            sizes.append(rig.easel.wire.down_bytes - before_bytes)
            tag = rig.tag()
            began_s = time.perf_counter()
            talk.ask(say(30, 50, tag))
            talk.page.wait_for_function(talk.BEGUN, polling="raf")
            firsts.append(time.perf_counter() - began_s)
            talk.wait_for_end(tag)
    return [
        Figure("cold load, time until one can write", median(colds), "s"),
        Figure("cold load, bytes", median(sizes) / 1e3, "kB"),
        Figure("from Enter to the first words", median(firsts), "s", note="the model waits 0 s"),
    ]
