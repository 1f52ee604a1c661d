"""What ``pytest --quick`` leaves to ``make test``, so that it can be run before each commit.

- Deep tests, as they are marked.
- Of a table of cases all rows but three, always the same ones.
- Rows that start a server.
- Tests that were slow when they were last measured, which ``make slow`` does.

Of every file something is tried.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

ROWS = 3
"""Of a table no more are tried."""
SERVERS = frozenset({"postgresql", "s3"})
"""Rows with one of these words in their id start a server, or speak with it."""
SLOW = Path(__file__).with_name("slow.txt")
"""A line for each slow test: its seconds and its id without a row."""
LEFT_OUT = "left_out"


def read_slow(text: str) -> dict[str, float]:
    """From the id of each slow test, without a row, to its seconds."""
    lines = (line.partition(" ") for line in text.splitlines())
    return {test: float(seconds) for seconds, _, test in lines}


def sample(ids: Iterable[str], slow: Mapping[str, float]) -> set[str]:
    """The ids of those that are tried, of all tests with all their rows.

    Which rows stands in nothing but their ids: one that is added moves no other but the last.
    """
    tables: defaultdict[str, list[str]] = defaultdict(list)
    for each in ids:
        test, _, row = each.partition("[")
        if SERVERS.isdisjoint(row.rstrip("]").split("-")):
            tables[test].append(each)
    files: defaultdict[str, list[str]] = defaultdict(list)
    for test in tables:
        files[test.partition("::")[0]].append(test)
    tried: set[str] = set()
    for tests in files.values():
        fast = [test for test in tests if test not in slow]
        for test in fast or [min(tests, key=lambda test: (slow[test], test))]:
            tried.update(sorted(tables[test], key=lambda each: crc32(each.encode()))[:ROWS])
    return tried


class Quick:
    """The choice as a plugin, which says at the end how much it left out."""

    def __init__(self) -> None:
        self._left_out = 0

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        shallow = [item for item in items if item.get_closest_marker("deep") is None]
        slow = read_slow(SLOW.read_text("utf-8"))
        tried = sample((item.nodeid for item in shallow), slow)
        kept = [item for item in shallow if item.nodeid in tried]
        ours = set(kept)
        gone: Sequence[pytest.Item] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=gone)
        self._left_out = len(gone)
        items[:] = kept

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if told is not None:
            told[LEFT_OUT] = self._left_out

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended; each of them has made the same choice."""
        self._left_out = getattr(node, "workeroutput", {}).get(LEFT_OUT, self._left_out)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(
            f"{self._left_out} tests and rows of tables were left to make test."
        )
