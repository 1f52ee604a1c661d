"""Whether work can be taken: each trouble by its word, and a store that hangs hangs nobody."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from chat.core.errors import Damaged, StorageError
from chat.web.drain import Drain
from chat.web.health import Readiness
from tests.patience import PATIENCE_S


def raising(error: Exception | None) -> Callable[[], None]:
    def check() -> None:
        if error is not None:
            raise error

    return check


@pytest.mark.parametrize(
    ("database", "pictures", "reasons"),
    [
        (None, None, ()),
        (StorageError("gone"), None, ("database",)),
        (Damaged("newer"), None, ("migrations",)),
        (None, StorageError("gone"), ("pictures",)),
        (RuntimeError("a bug"), StorageError("gone"), ("database", "pictures")),
    ],
)
async def test_each_trouble_has_its_word(
    database: Exception | None, pictures: Exception | None, reasons: tuple[str, ...]
) -> None:
    checks = {"database": raising(database), "pictures": raising(pictures)}
    assert await Readiness(Drain(), checks).reasons() == reasons


async def test_an_end_that_has_begun_comes_first_and_at_once() -> None:
    drain = Drain(1.0)
    readiness = Readiness(drain, {"database": raising(StorageError("gone"))})
    assert await readiness.reasons() == ("database",)
    await drain.run()
    assert await readiness.reasons() == ("draining", "database")


async def test_a_store_that_hangs_is_in_the_way_and_is_asked_once() -> None:
    now_s, asked, go = 10.0, 0, threading.Event()

    def hanging() -> None:
        nonlocal asked
        asked += 1
        assert go.wait(PATIENCE_S)

    checks = {"database": hanging, "pictures": raising(None)}
    readiness = Readiness(Drain(), checks, patience_s=0, clock=lambda: now_s)
    try:
        together = await asyncio.gather(*(readiness.reasons() for _ in range(20)))
        assert {"database" in found for found in together} == {True}
        now_s += 60
        assert "database" in await readiness.reasons()
        assert asked == 1
    finally:
        go.set()
