"""What ``make quick`` tries: some of every file, and always the same."""

import subprocess
import sys
from collections import Counter

import pytest

from tests.quick import ROWS, SLOW, read_slow, sample

ROOT = SLOW.parents[1]
TABLE = [f"tests/a.py::test_table[{row}]" for row in range(40)]


def test_of_a_long_table_few_rows_are_tried_whichever_others_there_are() -> None:
    tried = sample(TABLE, {})
    assert len(tried) == ROWS
    assert sample(reversed(TABLE), {}) == tried
    others = [each for each in TABLE if each not in tried]
    assert sample([*tried, *others[:7]], {}) == tried
    assert sample([*TABLE, "tests/a.py::test_alone", "tests/b.py::test_table[1]"], {}) == {
        *tried, "tests/a.py::test_alone", "tests/b.py::test_table[1]",
    }  # fmt: skip


def test_no_row_starts_a_server() -> None:
    stores = ["memory", "sqlite", "postgresql"]
    ids = [f"tests/a.py::test_a[{store}-{n}]" for store in stores for n in range(2)]
    ids += ["tests/a.py::test_only[s3]", "tests/a.py::test_table_of_s3"]
    tried = sample(ids, {})
    assert len(tried) == ROWS + 1
    assert "tests/a.py::test_table_of_s3" in tried
    assert not [each for each in tried if "postgresql" in each or "[s3]" in each]


def test_what_is_slow_is_left_out_unless_a_file_has_nothing_else() -> None:
    slow = {
        "tests/a.py::test_long": 2.0,
        "tests/b.py::test_long": 2.0,
        "tests/b.py::test_more": 1.0,
    }
    ids = [*slow, "tests/a.py::test_short"]
    assert sample(ids, slow) == {"tests/a.py::test_short", "tests/b.py::test_more"}


def test_the_list_of_slow_tests_can_be_read_and_names_files_that_are_there() -> None:
    slow = read_slow(SLOW.read_text("utf-8"))
    assert slow
    assert list(slow) == sorted(slow)
    assert any((ROOT / test.partition("::")[0]).exists() for test in slow)


@pytest.mark.deep
def test_deep_tests_are_left_out_and_all_that_is_left_out_is_counted() -> None:
    files = ["tests/unit/test_floors.py", "tests/unit/test_quick.py"]

    def collected(*more: str) -> tuple[set[str], str]:
        command = [sys.executable, "-m", "pytest", "--co", "-q", *more, *files]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return {line for line in told.splitlines() if "::" in line}, told

    everything, _ = collected()
    tried, told = collected("--quick")
    this = (
        "tests/unit/test_quick.py::test_deep_tests_are_left_out_and_all_that_is_left_out_is_counted"
    )
    assert this in everything - tried
    assert {each.partition("::")[0] for each in tried} == set(files)
    tables = Counter(each.partition("[")[0] for each in tried)
    assert max(tables.values()) == ROWS
    left = len(everything) - len(tried)
    assert left > 0
    assert f"{left} tests and rows of tables were left to make test." in told
