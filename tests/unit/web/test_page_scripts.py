"""The page's scripts with logic of their own, tried by node's own runner; and all by their types.

Skipped, with the reason, where there is no node, or no TypeScript to be had.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[3]
SKIPPED = 3


def test_the_scripts_of_the_page_do_as_they_are_tried(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the page's scripts are tried in the browser only")
    # Beside a file that says that these are modules, which no browser needs.
    for folder in ("assets/js", "tests/page"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "package.json").write_text('{ "type": "module" }', encoding="utf-8")
    files = sorted(str(path) for path in (tmp_path / "tests/page").glob("*.test.js"))
    told = subprocess.run(
        [node, "--test", "--test-reporter=tap", *files],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE_S,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    passed = re.search(r"^# pass (\d+)$", told.stdout, re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) > 30, told.stdout


def test_the_scripts_of_the_page_keep_to_their_types() -> None:
    compiler = subprocess.run(
        [".ci/typescript"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if compiler.returncode == SKIPPED:
        pytest.skip(f"the types of the page's scripts are not checked: {compiler.stderr.strip()}")
    checked = subprocess.run(
        [".ci/check-page"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
