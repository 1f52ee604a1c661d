"""An upstream and an Easel that asks it, for every test of a module."""

from collections.abc import Iterator

import pytest

from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture(autouse=True)
def _nothing_to_say(upstream: Upstream) -> Iterator[None]:
    """What one test has told the model to say, no other hears."""
    yield
    upstream.forget()


@pytest.fixture(scope="module")
def survivor(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    """One data folder through all the deaths of a module."""
    folder = tmp_path_factory.mktemp("easel") / "data"
    with Easel(folder, **upstream.environ) as easel:
        yield easel


@pytest.fixture
def easel(survivor: Easel) -> Easel:
    """A running Easel, started again where the test before has ended it."""
    return survivor if survivor.process is not None else survivor.start()


@pytest.fixture
def disk(easel: Easel) -> Disk:
    return Disk(easel.folder)
