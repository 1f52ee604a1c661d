"""A promise whose test is gone would be held by nothing, and nobody would notice."""

import ast
import re
from pathlib import Path

import pytest

from tests.promises.__main__ import PAGE, ROOT, Promise, promises


@pytest.mark.parametrize("promise", promises(), ids=lambda promise: promise.id)
def test_every_promise_is_held_by_tests_that_exist(promise: Promise) -> None:
    assert promise.tests
    for test in promise.tests:
        file, _, function = test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        functions = {
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        if function:
            assert function in functions, test
        else:
            assert any(name.startswith("test_") for name in functions), test


def test_every_row_of_the_page_is_read() -> None:
    rows = re.findall(r"^\| [A-Z]-\d\d ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(promises()) == len(rows) > 40


def test_whatever_is_tried_at_length_is_named() -> None:
    named = {test.partition("::")[0] for promise in promises() for test in promise.tests}
    folder = Path(PAGE.parents[1], "tests", "promises")
    assert {f"tests/promises/{path.name}" for path in folder.glob("test_*.py")} <= named
