"""Whatever is acknowledged was handed to the disk first, so that a power cut finds it there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.process.disk import Disk, until
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.promises.rounds import rounds
from tests.wire_shapes import tiny_png

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace"),
]


def test_there_are_at_least_as_many_syncs_as_answers(
    easel: Easel, upstream: Upstream, disk: Disk, tmp_path: Path
) -> None:
    assert easel.process is not None
    pid = str(easel.process.pid)
    seen = tmp_path / "syncs"
    watching = subprocess.Popen(
        ["strace", "-f", "-o", str(seen), "-e", "trace=fsync,fdatasync", "-p", pid],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watching.stderr is not None
    try:
        if "attached" not in watching.stderr.readline():
            pytest.skip("strace may not watch processes here")
        for number in range(rounds(5, 200)):
            before = syncs(seen)
            conversation = easel.begin()
            reached(seen, before + 1)
            upstream.says("Here: ", tiny_png(number % 256, 9))
            before = syncs(seen)
            started = easel.ask(conversation, "go")
            assert easel.awaited(started, disk.ended).status == "complete"
            # The question, the reply's end, the picture's file.
            reached(seen, before + 3)
    finally:
        watching.terminate()
        watching.communicate()


def reached(seen: Path, count: int) -> None:
    """Wait for what the watcher writes a moment later."""
    until(lambda: syncs(seen) >= count)


def syncs(seen: Path) -> int:
    """Those that have returned."""
    return len(re.findall(r"\b(?:fsync|fdatasync)\b.*= 0", seen.read_text()))
