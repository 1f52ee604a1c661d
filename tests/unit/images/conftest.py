"""One door for all tests of this room: its worker stays warm between them."""

from collections.abc import Iterator

import pytest

from chat.images.ingest import ImageIngest


@pytest.fixture(scope="session")
def ingest() -> Iterator[ImageIngest]:
    door = ImageIngest()
    yield door
    door.close()
