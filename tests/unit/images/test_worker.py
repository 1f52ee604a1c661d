"""A picture made to break a decoder breaks one process, which is replaced; nobody else notices."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from PIL import Image

from chat.core.errors import MediaRejected
from chat.images.ingest import ImageIngest
from chat.images.limits import Limits
from tests.patience import PATIENCE_S
from tests.unit.images.pictures import encoded, exif, quarters

SMALL = encoded(quarters(), "PNG")
ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def door(limits: Limits | None = None) -> Iterator[ImageIngest]:
    ingest = ImageIngest(limits)
    try:
        yield ingest
    finally:
        ingest.close()


@pytest.fixture(scope="module")
def heavy() -> bytes:
    """25 megapixels that must be turned and written anew: a second of honest work."""
    wide = Image.new("RGBA", (5000, 5000), (90, 40, 200, 120))
    return encoded(wide, "PNG", compress_level=1, exif=exif(6))


def test_nothing_is_started_before_the_first_picture() -> None:
    with door() as ingest:
        assert ingest.worker_pids() == []
        ingest.ingest(SMALL, "upload")
        assert len(ingest.worker_pids()) == 1


def test_one_user_keeps_one_warm_worker() -> None:
    with door() as ingest:
        ingest.ingest(SMALL, "upload")
        first = ingest.worker_pids()
        for _ in range(5):
            ingest.ingest(SMALL, "model")
        assert ingest.worker_pids() == first


def test_a_worker_killed_while_idle_costs_nobody_a_picture() -> None:
    with door() as ingest:
        ingest.ingest(SMALL, "upload")
        (pid,) = ingest.worker_pids()
        os.kill(pid, signal.SIGKILL)
        assert ingest.ingest(SMALL, "upload").data == SMALL
        assert ingest.worker_pids() != [pid]


def test_a_worker_killed_at_work_refuses_that_picture_and_takes_the_next(heavy: bytes) -> None:
    with door() as ingest, ThreadPoolExecutor(1) as pool:
        refused = pool.submit(ingest.ingest, heavy, "upload")
        while not refused.done():
            for pid in ingest.worker_pids():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        with pytest.raises(
            MediaRejected, match=r"^(Opening the picture was int|Easel cannot open)"
        ):
            refused.result()
        assert ingest.ingest(SMALL, "upload").data == SMALL


@pytest.mark.deep
def test_a_picture_past_its_processor_time_is_refused_and_the_next_is_taken(heavy: bytes) -> None:
    with door(Limits(cpu_s=0.5)) as ingest:
        with pytest.raises(MediaRejected, match="takes too much work to open"):
            ingest.ingest(heavy, "upload")
        assert ingest.ingest(SMALL, "upload").data == SMALL


@pytest.mark.deep
def test_a_picture_that_is_slow_for_its_size_is_given_its_time_among_the_large(
    heavy: bytes,
) -> None:
    with door(Limits(quick_pixels=60_000_000, quick_cpu_s=0.1)) as ingest:
        assert ingest.ingest(heavy, "upload").ref.width_px == 5000


def test_a_machine_that_stands_still_is_called_busy_and_the_picture_is_not_blamed() -> None:
    """The clock on the wall says nothing of a picture."""
    with door(Limits(patience_s=5.0)) as ingest:
        ingest.ingest(SMALL, "upload")
        (pid,) = ingest.worker_pids()
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(MediaRejected, match="Easel is busy with other pictures"):
            ingest.ingest(SMALL, "upload")
        assert ingest.ingest(SMALL, "upload").data == SMALL


@pytest.mark.deep
def test_small_pictures_do_not_wait_for_large_ones(heavy: bytes) -> None:
    with door() as ingest, ThreadPoolExecutor(2) as pool:
        large = [pool.submit(ingest.ingest, heavy, "upload") for _ in range(2)]
        for _ in range(8):
            ingest.ingest(SMALL, "upload")
        assert not all(one.done() for one in large)
        assert {one.result().ref.width_px for one in large} == {5000}


@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux")
def test_a_picture_that_eats_memory_is_refused_and_the_next_is_taken(heavy: bytes) -> None:
    with door(Limits(address_space_bytes=300_000_000)) as ingest:
        with pytest.raises(MediaRejected, match="takes too much memory to open"):
            ingest.ingest(heavy, "upload")
        assert ingest.ingest(SMALL, "upload").data == SMALL


@pytest.mark.skipif(sys.platform != "linux", reason="limits are read from /proc")
def test_the_worker_is_bounded_and_holds_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "canary")
    with door() as ingest:
        ingest.ingest(SMALL, "upload")
        (pid,) = ingest.worker_pids()
        limits = Path(f"/proc/{pid}/limits").read_text()
        rows = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()}
        assert rows["Max address space"] == "1500000000"
        assert rows["Max file size"] == "0"
        assert rows["Max core file size"] == "0"
        assert b"canary" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_eight_threads_each_get_their_own_picture() -> None:
    pictures = [encoded(quarters(20 + n, 30), "PNG") for n in range(32)]
    with door() as ingest, ThreadPoolExecutor(8) as pool:
        ingested = list(pool.map(lambda data: ingest.ingest(data, "model"), pictures))
        assert len(ingest.worker_pids()) <= 2
    assert [one.ref.width_px for one in ingested] == [20 + n for n in range(32)]
    assert [one.data for one in ingested] == pictures


def test_closing_leaves_no_process_behind() -> None:
    with door() as ingest:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: ingest.ingest(SMALL, "model"), range(16)))
        pids = ingest.worker_pids()
        assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)  # even a zombie would still answer
    ingest.close()
    with pytest.raises(MediaRejected, match="shutting down"):
        ingest.ingest(SMALL, "upload")


def test_closing_does_not_wait_for_a_heavy_picture(heavy: bytes) -> None:
    ingest = ImageIngest()
    ingest.ingest(SMALL, "upload")
    started = threading.Event()

    def taken() -> str:
        started.set()
        try:
            ingest.ingest(heavy, "upload")
        except MediaRejected as refusal:
            return str(refusal)
        return "taken"

    with ThreadPoolExecutor(1) as pool:
        sentence = pool.submit(taken)
        started.wait()
        ingest.close()
        assert "shutting down" in sentence.result()
    assert ingest.worker_pids() == []


PARENT = """
import os, signal
from chat.images.ingest import ImageIngest
ingest = ImageIngest()
ingest.ingest(bytes.fromhex("{picture}"), "model")
print(*ingest.worker_pids(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_worker_follows_its_parent_into_death() -> None:
    """A crash of the server must not leave decoders behind."""
    code = PARENT.format(picture=SMALL.hex())
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, timeout=PATIENCE_S
    )
    # The worker shares its parent's stderr: that this call came back means it is gone.
    assert run.returncode == -signal.SIGKILL
    assert int(run.stdout) > 0
