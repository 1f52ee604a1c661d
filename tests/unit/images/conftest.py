"""One door for all tests of this room: its worker stays warm between them."""

from collections.abc import Iterator

import pytest

from chat.images.intake import Intake


@pytest.fixture(scope="session")
def intake() -> Iterator[Intake]:
    door = Intake()
    yield door
    door.close()
