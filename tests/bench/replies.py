"""What a streamed reply of 1000 pieces costs, beside the yardstick's, in short and long talks."""

import time
from statistics import median

from tests.bench.figures import Figure
from tests.bench.orders import end_of, reply_bytes, say
from tests.bench.rig import Rig, Server

PIECES = 1_000
RATE_HZ = 100
LONG = 500
SLOW_ROUNDS = 3
"""The yardstick with 500 messages needs half a minute; it takes part in every third round."""
SETTLE_S = 0.5
"""After the last words: the final save, and whatever the servers do when a reply is over."""
YARDSTICK_S = 120.0


def measure(rig: Rig) -> list[Figure]:
    """CPU and bytes. Each round measures one after the other; not all wait for the slowest."""
    ratios: dict[str, list[float]] = {}
    sizes: dict[str, list[int]] = {"new": [], "long": []}
    spent: dict[str, list[float]] = {}
    short_yard, long_yard = rig.yardstick(), rig.yardstick("--messages", str(LONG))
    for number in range(rig.rounds(5)):
        new_s, new_bytes = _ours(rig, "")
        long_s, long_bytes = _ours(rig, rig.seeded.long)
        yard_new_s = _theirs(rig, short_yard)
        round_ = {"new": new_s, "long": long_s, "yard new": yard_new_s}
        if number % SLOW_ROUNDS == 0:
            round_["yard long"] = _theirs(rig, long_yard)
            ratios.setdefault("long/yard", []).append(long_s / round_["yard long"])
        for name, value in round_.items():
            spent.setdefault(name, []).append(value)
        ratios.setdefault("long/new", []).append(long_s / new_s)
        ratios.setdefault("new/yard", []).append(new_s / yard_new_s)
        sizes["new"].append(new_bytes)
        sizes["long"].append(long_bytes)
    kb = reply_bytes(PIECES, rig.tag()) / 1_000
    new_kb, long_kb = median(sizes["new"]) / 1_000, median(sizes["long"]) / 1_000
    return [
        Figure("reply, CPU, new conversation", median(spent["new"]), "s"),
        Figure("reply, CPU, 500 messages", median(spent["long"]), "s"),
        Figure("reply, CPU, 500 messages / new", median(ratios["long/new"]), "x", 1.1),
        Figure(
            "reply, CPU, new / yardstick",
            median(ratios["new/yard"]),
            "x",
            0.15,
            f"yardstick {median(spent['yard new']):.2f} s",
        ),
        Figure(
            "reply, CPU, 500 messages / yardstick",
            median(ratios["long/yard"]),
            "x",
            0.02,
            f"yardstick {median(spent['yard long']):.2f} s",
        ),
        Figure("reply, bytes, new conversation", new_kb, "kB", 3 * kb + 4, f"text {kb:.1f} kB"),
        Figure("reply, bytes, 500 messages", long_kb, "kB", 3 * kb + 4),
        Figure("reply, bytes, 500 messages / new", long_kb / new_kb, "x", 1.1),
    ]


def _ours(rig: Rig, conversation: str) -> tuple[float, int]:
    """CPU seconds, and bytes to the browser, of one reply of Easel's."""
    tag = rig.tag()
    with rig.easel_page(conversation) as talk:
        talk.rest()
        server = rig.easel
        before_s, before_bytes = server.process.cpu_s(), server.wire.down_bytes
        talk.ask(say(PIECES, RATE_HZ, tag))
        talk.wait_for_end(tag)
        time.sleep(SETTLE_S)
        return server.process.cpu_s() - before_s, server.wire.down_bytes - before_bytes


def _theirs(rig: Rig, server: Server) -> float:
    """CPU seconds of one reply of the yardstick's server.

    Its page may need minutes to draw what the server has long sent; it is not waited for.
    """
    tag = rig.tag()
    with rig.yardstick_page(server) as talk:
        time.sleep(SETTLE_S)
        before_s = server.process.cpu_s()
        talk.ask(say(PIECES, RATE_HZ, tag))
        server.process.wait_for_line(end_of(tag), YARDSTICK_S)
        time.sleep(SETTLE_S)
        return server.process.cpu_s() - before_s
