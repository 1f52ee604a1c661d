"""``python -m tests.bench``: measure, print the table, and fail where a promise is broken."""

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from tests.bench import (
    approvals,
    archives,
    crowd,
    doors,
    edits,
    growth,
    hostile,
    idle_pages,
    library,
    openings,
    paintings,
    picture_turns,
    programs,
    release,
    replicas,
    replies,
    requests,
    searches,
    smoothness,
    starts,
    streams,
    tool_choices,
    tool_lists,
    tool_rounds,
    usage,
    versions,
    viewing,
    visits,
    weights,
)
from tests.bench.figures import Figure, table
from tests.bench.rig import Rig

Measurement: TypeAlias = Callable[[Rig], list[Figure]]


def apart(measure: Measurement) -> Measurement:
    """In a thread of its own: the browser's driver keeps a loop running in this one."""

    def measured(rig: Rig) -> list[Figure]:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(measure, rig).result()

    return measured


MEASUREMENTS: dict[str, Measurement] = {
    "loads": visits.loads,
    "starts": starts.measure,
    "weights": apart(weights.measure),
    "idle": visits.idle,
    "openings": openings.measure,
    "smoothness": smoothness.measure,
    "archives": apart(archives.measure),
    "paintings": paintings.measure,
    "picture-turns": apart(picture_turns.measure),
    "viewing": viewing.measure,
    "versions": versions.measure,
    "tabs": visits.tabs,
    "replies": replies.measure,
    "doors": apart(doors.measure),
    "streams": apart(streams.measure),
    "programs": apart(programs.measure),
    "requests": apart(requests.measure),
    "tool-choices": tool_choices.measure,
    "tool-lists": apart(tool_lists.measure),
    "tool-rounds": tool_rounds.measure,
    "approvals": apart(approvals.measure),
    "release": apart(release.measure),
    "hostile": apart(hostile.measure),
    "library": library.measure,
    "edits": edits.measure,
    "searches": searches.measure,
    "crowd": apart(crowd.measure),
    "idle-pages": apart(idle_pages.measure),
    "growth": apart(growth.measure),
    "replicas": apart(replicas.measure),
    "usage": usage.measure,
}
"""By the name that ``--only`` takes, in the order of the table."""


def main() -> int:
    """Measure what is asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, rougher figures")
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="leave out others")
    given = parser.parse_args()
    # Whoever is told to end ends the servers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures: list[Figure] = []
    broken: list[str] = []
    began_s = time.monotonic()
    with Rig(quick=given.quick) as rig:
        for name in given.only or MEASUREMENTS:
            print(f"measuring {name} ...", file=sys.stderr, flush=True)  # noqa: T201
            try:
                figures += MEASUREMENTS[name](rig)
            except Exception:  # the others have taken many minutes, and are worth reading
                traceback.print_exc()
                broken.append(name)
    print(table(figures))  # noqa: T201
    print(f"\n{time.monotonic() - began_s:.0f} s")  # noqa: T201
    if broken:
        print(f"could not be measured: {', '.join(broken)}")  # noqa: T201
    return 0 if not broken and all(figure.kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
