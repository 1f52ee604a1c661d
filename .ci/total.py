"""Says what came of several runs of pytest: ``.ci/total.py SECONDS REPORT.xml ...``.

Above it stand the lines and branches of each package that the tests passed through, from
build/coverage.json; build/coverage.txt has them file by file.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

PARTS = {"statements": "num_statements covered_lines", "branches": "num_branches covered_branches"}


def coverage(path: Path) -> list[str]:
    """A line for each package."""
    if not path.exists():
        return []
    packages: dict[str, Counter[str]] = {}
    for name, file in json.loads(path.read_text(encoding="utf-8"))["files"].items():
        packages.setdefault(Path(name).parts[0], Counter()).update(file["summary"])
    lines = []
    for package, sums in sorted(packages.items()):
        shares = []
        for word, names in PARTS.items():
            every, met = (sums[name] for name in names.split())
            shares.append(f"{met / (every or 1):.1%} of {every} {word}")
        lines.append(f"Coverage of {package}: {', '.join(shares)}")
    return lines


def outcomes(reports: list[Path]) -> str:
    """The counts of all reports, in pytest's words and order."""
    counts: Counter[str] = Counter()
    for path in reports:
        if not path.exists():
            counts["errors"] += 1
            continue
        for suite in ElementTree.parse(path).iter("testsuite"):
            told = {name: int(suite.get(name, 0)) for name in ("failures", "errors", "skipped")}
            counts["failed"] += told["failures"]
            counts["errors"] += told["errors"]
            counts["skipped"] += told["skipped"]
            counts["passed"] += int(suite.get("tests", 0)) - sum(told.values())
    words = [f"{counts[word]} {word}" for word in ("failed", "passed", "skipped", "errors")
             if counts[word]]  # fmt: skip
    return ", ".join(words) or "no tests ran"


def main() -> None:
    """Print all of it."""
    seconds, *reports = sys.argv[1:]
    for line in coverage(Path("build/coverage.json")):
        print(line)
    print(f"===== {outcomes([Path(name) for name in reports])} in {seconds}s =====")


main()
