"""Copies that are made one after the other while people write: each is whole, nobody waits long."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import rmtree
from statistics import quantiles

import pytest

from tests.patience import PATIENCE_S
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.program import ROOT, command, environ
from tests.promises.rounds import at_length, lasts_s, rounds, tell
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.process

EVERY_S = 10.0
WRITERS = 3
SLOWER = 3.0


@dataclass
class Load:
    """What was answered for, and how long each took, while a copy was made and while none was."""

    kept: list[str] = field(default_factory=list)
    copying: bool = False
    took_s: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})


@contextmanager
def under_load(easel: Easel, upstream: Upstream) -> Iterator[Load]:
    """People who send a picture and a message, and have another drawn, until the block is left."""
    load, stop, numbers = Load(), threading.Event(), count()
    original = Disk(easel.folder)
    failures: list[Exception] = []

    def write() -> None:
        try:
            while not stop.is_set():
                number = next(numbers)
                upstream.says("Here: ", tiny_png(number % 256, number // 256 % 256))
                path = "/api/media"
                picture = tiny_png(number % 256, number // 256 % 256 ^ 1)
                sha = easel.http.post(path, content=picture).json()["sha"]
                conversation = easel.begin()
                copying, began = load.copying, time.monotonic()
                started = easel.ask(conversation, f"number {number}", pictures=[sha])
                load.took_s[copying].append(time.monotonic() - began)
                load.kept.append(started["question"])
                easel.awaited(started, lambda reply: original.is_final(reply) or None)
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=write) for _ in range(rounds(1, WRITERS))]
    for writer in writers:
        writer.start()
    try:
        yield load
    finally:
        stop.set()
        for writer in writers:
            writer.join(PATIENCE_S)
    assert failures == []


def test_copies_that_are_made_one_after_another_under_load_are_whole(
    easel: Easel, upstream: Upstream, tmp_path: Path
) -> None:
    until, rest = time.monotonic() + lasts_s(0, 300), threading.Event()
    made = 0
    with under_load(easel, upstream) as load:
        while made < 1 or time.monotonic() < until:
            due = time.monotonic() + (EVERY_S if at_length() else 0)
            before, copy = list(load.kept), tmp_path / f"copy-{made}"
            load.copying = True
            subprocess.run(
                command("backup", "--data", str(easel.folder), str(copy)),
                cwd=ROOT,
                env=environ(easel.folder),
                check=True,
                timeout=PATIENCE_S,
            )
            load.copying = False
            disk = Disk(copy)
            disk.check_copy()
            assert disk.known(before) == set(before), "answered for before the copy was begun"
            rmtree(copy)
            made += 1
            rest.wait(max(0.0, due - time.monotonic()))
    tell("copies", made)
    amid, between = (load.took_s[each] for each in (True, False))
    if at_length():
        slow, usual = quantiles(amid, n=20)[-1], quantiles(between, n=20)[-1]
        tell("p95_s", (slow, usual))
        assert slow <= SLOWER * usual, f"{slow:.3f} s amid a copy, {usual:.3f} s else"
    Disk(easel.folder).check()
