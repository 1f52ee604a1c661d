"""Work that goes on and on leaves nothing behind: no file, no thread, no connection."""

import io
from concurrent.futures import ThreadPoolExecutor

import psutil  # type: ignore[import-untyped]
import pytest
from PIL import Image as Pillow

from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.promises.rounds import rounds
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.process

WARM_TURNS = 12
"""After so many, every pool has opened what it keeps open."""
SPARE = 3
"""Of files and threads, what a pool may happen to hold more at one moment than at another."""
MB = 1_000_000


def process_of(easel: Easel) -> psutil.Process:
    assert easel.process is not None
    return psutil.Process(easel.process.pid)


def turns(easel: Easel, upstream: Upstream, disk: Disk, count: int) -> None:
    """Conversations with words, a picture, an upload and an open page."""
    for number in range(count):
        upstream.says("Here: ", tiny_png(number % 256, number // 256))
        upload = easel.http.post("/api/media", content=tiny_png(number % 256, 7)).json()["sha"]
        conversation = easel.begin()
        with easel.page(conversation):
            started = easel.ask(conversation, f"turn {number}", pictures=[upload])
            assert easel.awaited(started, disk.ended).status == "complete"


def test_many_turns_leave_no_file_thread_or_connection_open(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    turns(easel, upstream, disk, WARM_TURNS)
    running = process_of(easel)
    before = (running.num_fds(), running.num_threads(), len(running.children(recursive=True)))
    turns(easel, upstream, disk, rounds(12, 2_000))
    after = (running.num_fds(), running.num_threads(), len(running.children(recursive=True)))
    for name, then, now in zip(("files", "threads", "processes"), before, after, strict=True):
        assert now <= then + SPARE, f"{name}: {then}, then {now}"
    unfinished = easel.folder / "media" / "unfinished"
    assert not unfinished.exists() or not any(unfinished.iterdir())
    disk.check()


def test_large_uploads_at_once_are_not_held_in_memory(easel: Easel) -> None:
    """The pictures themselves are decoded in a process apart."""
    many = rounds(4, 50)
    out = io.BytesIO()
    Pillow.effect_noise((2560, 2560), 90).convert("RGB").save(out, "PNG", compress_level=0)
    picture = out.getvalue()
    assert 18 * MB < len(picture) < 21 * MB
    running = process_of(easel)
    easel.http.post("/api/media", content=tiny_png(1))
    before = running.memory_info().rss

    def upload(number: int) -> int:
        # Bytes behind the last chunk make each a file of its own.
        return easel.http.post("/api/media", content=picture + b"%d" % number).status_code

    with ThreadPoolExecutor(5) as pool:
        said = list(pool.map(upload, range(many)))
    assert said == [200] * many
    grown = running.memory_info().rss - before
    assert grown <= 150 * MB, f"{grown / MB:.0f} MB more after {many} uploads of 20 MB"
