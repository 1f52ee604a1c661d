"""A copy that was made while Easel ran is an Easel again: that is what restoring is."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from chat.core.parts import images, plain_text
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.disk import Disk, until
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.program import ROOT, command, environ
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.process


def test_a_backup_that_was_made_amid_a_reply_is_started_and_goes_on(
    tmp_path: Path, upstream: Upstream
) -> None:
    data, copy, gate = tmp_path / "data", tmp_path / "copy", Gate()
    with Easel(data, **upstream.environ) as easel:
        upstream.says("Here it is. ", tiny_png(5))
        conversation = easel.begin()
        kept = easel.ask(conversation, "one")
        before = easel.awaited(kept, Disk(data).ended)
        upstream.says("Half", gate)
        cut = easel.ask(conversation, "two")
        until(lambda: Disk(data).words(cut["reply"]))
        arguments = ("backup", "--data", str(data), str(copy))
        subprocess.run(
            command(*arguments), cwd=ROOT, env=environ(data), check=True, timeout=PATIENCE_S
        )
        gate.open()
        easel.kill()
    with Easel(copy, **upstream.environ) as easel:
        disk = Disk(copy)
        assert disk.message(kept["reply"]) == before
        (picture,) = images(before.parts)
        assert easel.http.get(f"/media/{picture.media.sha256}").content == tiny_png(5)
        reply = disk.message(cut["reply"])
        assert (reply.status, plain_text(reply.parts)) == ("interrupted", "Half")
        upstream.says("Whole.")
        again = easel.post(f"/api/messages/{cut['reply']}/regenerate")
        assert easel.awaited(again, disk.ended).status == "complete"
        assert easel.stop() == 0


@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace")
def test_a_copy_is_on_the_disk_before_it_has_its_name(tmp_path: Path, upstream: Upstream) -> None:
    """Or a power cut leaves a backup that looks whole, with empty files in it."""
    data, copy, seen = tmp_path / "data", tmp_path / "copy", tmp_path / "seen"
    with Easel(data, **upstream.environ) as easel:
        for number in range(3):
            upstream.says("Here it is. ", tiny_png(number))
            started = easel.ask(easel.begin(), "one")
            easel.awaited(started, Disk(data).ended)
        assert easel.stop() == 0
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2"
    done = subprocess.run(
        [
            *("strace", "-f", "-y", "-o", str(seen), "-e", calls),
            *command("backup", "--data", str(data), str(copy)),
        ],
        cwd=ROOT,
        env=environ(data),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    if "PTRACE" in done.stderr:
        pytest.skip("strace may not watch processes here")
    assert done.returncode == 0, done.stderr
    before, named, after = seen.read_text().partition(f'.unfinished", "{copy}"')
    assert named
    synced = set(re.findall(r"sync\(\d+<([^>]+)>\) += 0", before))
    files = {path for path in copy.rglob("*") if path.is_file() or path.is_dir()}
    assert sum(path.is_file() for path in files) >= 4
    written = {str(path).replace(str(copy), f"{copy}.unfinished", 1) for path in files | {copy}}
    assert written <= synced
    assert re.search(rf"<{re.escape(str(tmp_path))}>\) += 0", after)
