"""One Easel for all of these tests, whose models live behind one server that draws."""

from collections.abc import Iterator

import pytest

from tests.browser.drawing.server import Drawing, drawing_program
from tests.program import Program


@pytest.fixture(scope="package")
def upstream() -> Iterator[Drawing]:
    """The server, which remembers what it was asked."""
    with Drawing() as server:
        yield server


@pytest.fixture(scope="package")
def program(upstream: Drawing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """An Easel that asks it."""
    with drawing_program(tmp_path_factory.mktemp("drawing") / "data", upstream) as running:
        yield running
