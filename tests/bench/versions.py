"""The panel of versions: what opening it takes of the server, for 50 pictures and for 500."""

import time
from statistics import median

from tests.bench.figures import Figure
from tests.bench.rig import Rig
from tests.bench.seed import EDITS

FEW, MANY = EDITS
SETTLE_S = 1.5
"""For thumbnails in sight to arrive."""

ASKED = 20


ROUNDS = 3


def measure(rig: Rig) -> list[Figure]:
    """Each round opens the panel in a browser that has seen nothing; then the list alone.

    The first time since the server's start, and since a message was added, the list is read from
    the messages; that is told apart.
    """
    _opened(rig, FEW)  # code that runs for the first time costs more
    anew_s, _ = _opened(rig, MANY)
    spent: dict[int, list[float]] = {FEW: [], MANY: []}
    sizes: dict[int, list[int]] = {FEW: [], MANY: []}
    for _ in range(max(ROUNDS, rig.rounds(5))):
        for count in EDITS:
            cpu_s, sent_bytes = _opened(rig, count)
            spent[count].append(cpu_s)
            sizes[count].append(sent_bytes)
    lists = {count: _listed(rig, count) for count in EDITS}
    few_s, many_s = median(spent[FEW]), median(spent[MANY])
    few_mb = median(sizes[FEW]) / 1e6
    return [
        Figure(
            f"versions panel of {MANY} pictures, bytes", median(sizes[MANY]) / 1e6, "MB", 1.0,
            f"of {FEW}: {few_mb:.3f} MB",
        ),
        Figure(
            f"versions panel, CPU of {MANY} / {FEW}", many_s / few_s, "x", 2.0,
            f"{1e3 * many_s:.0f} ms and {1e3 * few_s:.0f} ms; "
            f"read anew {1e3 * anew_s:.0f} ms",
        ),
        Figure(
            f"versions list alone, CPU of {MANY} / {FEW}", lists[MANY] / lists[FEW], "x",
            note=f"{1e3 * lists[MANY]:.1f} ms and {1e3 * lists[FEW]:.1f} ms",
        ),
    ]  # fmt: skip


def _opened(rig: Rig, count: int) -> tuple[float, int]:
    """CPU seconds of the server and bytes from the press until all in sight is there."""
    with rig.easel_page(rig.seeded.edits[count]) as talk:
        talk.rest()
        time.sleep(SETTLE_S)
        before_s, before_bytes = rig.easel.process.cpu_s(), rig.easel.wire.down_bytes
        talk.page.locator("[data-bar=versions]").click()
        talk.page.locator("#versions .version.current").wait_for()
        talk.rest()
        time.sleep(SETTLE_S)
        return (
            rig.easel.process.cpu_s() - before_s,
            rig.easel.wire.down_bytes - before_bytes,
        )


def _listed(rig: Rig, count: int) -> float:
    """CPU seconds of the server for one list, without any picture."""
    conversation = rig.seeded.edits[count]
    with rig.easel_page(conversation) as talk:
        talk.rest()
        time.sleep(SETTLE_S)
        before_s = rig.easel.process.cpu_s()
        talk.page.evaluate(
            """async ([conversation, times]) => {
                for (let k = 0; k < times; k += 1) {
                    await (await fetch(`api/conversations/${conversation}/versions`)).json();
                }
            }""",
            [conversation, ASKED],
        )
        return (rig.easel.process.cpu_s() - before_s) / ASKED
