"""Runs whatever ``docs/promises.md`` names, at length, and prints what came of each promise."""

import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.promises.rounds import LONG

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "promises.md"
ROW = re.compile(r"^\| ([A-Z]-\d\d) \| (.+?) \| (.+?) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[^`]+\.py(?:::\w+)?)`")


@dataclass(frozen=True)
class Promise:
    """A row of the page."""

    id: str
    text: str
    tests: tuple[str, ...]
    """Files, or functions in them, as pytest calls them."""


def promises() -> list[Promise]:
    """The rows of the page, in its order."""
    return [
        Promise(row[1], row[2], tuple(NAMED.findall(row[3])))
        for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))
    ]


def outcomes(report: Path) -> Iterator[tuple[str, str]]:
    """Of each test its name, as the page would call it, and what came of it."""
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "passed"
        if "skipped" in kinds:
            outcome = "skipped"
        path = case.get("classname", "").replace(".", "/")
        yield f"{path}.py::{case.get('name', '').partition('[')[0]}", outcome


def main() -> int:
    """Run them; the exit status is 1 where one failed."""
    named = sorted({test for promise in promises() for test in promise.tests})
    with tempfile.TemporaryDirectory(prefix="easel-promises-") as folder:
        report = Path(folder) / "report.xml"
        program = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
        ended = subprocess.run(
            # What is tried at length takes longer than a test that hangs is given.
            [*program, "-o", "faulthandler_timeout=0", f"--junitxml={report}", *named],
            cwd=ROOT,
            env={**os.environ, LONG: "1"},
            check=False,
        )
        if not report.exists():
            return ended.returncode
        counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for name, outcome in outcomes(report):
            counted[name][outcome] += 1
    for promise in promises():
        sums: dict[str, int] = defaultdict(int)
        for test in promise.tests:
            for name, each in counted.items():
                if name == test or name.startswith(f"{test}::"):
                    for outcome, count in each.items():
                        sums[outcome] += count
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(sums.items()))
        sys.stdout.write(f"{promise.id}  {told or 'NOT RUN':32}  {promise.text}\n")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
