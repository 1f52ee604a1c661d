"""Measures what each test costs, for ``make slow``: the list that ``pytest --quick`` reads.

A plugin: ``pytest -p tests.costs``. What counts is the time of processors, of the test's own
process and of those it has started and waited for: the clock says more about other programs.
"""

import os
from collections import defaultdict
from collections.abc import Generator
from statistics import mean
from typing import Any

import pytest

from tests.quick import SLOW

SECONDS = 0.15
"""A test whose rows take longer than this is slow."""
COSTS = "costs"


def _spent() -> float:
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


class Costs:
    """Notes them in each worker and gathers them in the process that started the workers."""

    def __init__(self) -> None:
        self._of: defaultdict[str, list[float]] = defaultdict(list)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        before = _spent()
        done = yield
        self._of[item.nodeid.partition("[")[0]].append(_spent() - before)
        return done

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if told is not None:
            told[COSTS] = dict(self._of)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        for test, each in getattr(node, "workeroutput", {}).get(COSTS, {}).items():
            self._of[test].extend(each)

    def pytest_terminal_summary(self, exitstatus: int) -> None:
        if exitstatus != pytest.ExitCode.OK:
            return  # a run that was ended midway knows half of them
        means = {test: mean(each) for test, each in self._of.items()}
        slow = sorted(test for test, cost in means.items() if cost > SECONDS)
        SLOW.write_text("".join(f"{means[test]:.2f} {test}\n" for test in slow), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Costs())
