"""A start that cannot be: one sentence, an exit status, and nothing touched."""

import hashlib
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.small_disk import small_disk
from tests.process.upstream import Upstream
from tests.program import ROOT, command, environ

pytestmark = pytest.mark.process


def refusal(folder: Path, *arguments: str, first: str = "", **more: str) -> str:
    """What Easel says when it cannot start: one line, and never a trace."""
    ended = subprocess.run(
        command(*filter(None, [first]), "--port", "0", *arguments),
        cwd=ROOT,
        env=environ(folder, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ended.returncode == 2, ended.stderr
    assert ended.stdout == ""
    assert ended.stderr.startswith("Easel cannot start: ")
    assert ended.stderr.count("\n") == 1
    assert str(folder) not in ended.stderr
    return ended.stderr


def fingerprints(folder: Path) -> dict[str, str]:
    """Every file with the hash of what is in it, the lock aside, which is empty."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.fixture
def data(tmp_path: Path, survivor: Easel) -> Path:
    """A data folder as a real Easel has left it."""
    folder = tmp_path / "data"
    folder.mkdir()
    source = sqlite3.connect(survivor.folder / "easel.db")
    with closing(source), closing(sqlite3.connect(folder / "easel.db")) as copy:
        source.backup(copy)
    return folder


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        said = refusal(tmp_path / "data", "--port", port)
    assert f"Port {port}" in said
    assert "PORT=" in said


@pytest.mark.parametrize("port", ["nonsense", "70000"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    assert "number from 0 to 65535" in refusal(tmp_path / "data", "--port", port)


def test_the_whole_world_only_by_the_hosts_own_word(tmp_path: Path) -> None:
    said = refusal(tmp_path / "data", HOST="0.0.0.0")
    assert "everyone who reaches 0.0.0.0 could use it" in said
    assert "--i-know-there-is-no-login" in said
    assert not (tmp_path / "data").exists()


def test_a_host_has_to_say_who_may_come_in(tmp_path: Path) -> None:
    """Under a service manager nobody opens the address that is printed, with its token."""
    said = refusal(tmp_path / "data", first="serve", EASEL_TOKEN="")
    assert "Say who may come in" in said


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    assert "cannot be made or written" in refusal(tmp_path / "data")
    assert (tmp_path / "data").read_text() == "mine"


def test_a_disk_that_may_only_be_read() -> None:
    with small_disk() as disk:
        (disk.root / "data").mkdir()
        subprocess.run(["mount", "-o", "remount,ro", str(disk.root)], check=True)
        assert "cannot be made or written" in refusal(disk.root / "data")
        assert list((disk.root / "data").iterdir()) == []


def test_a_damaged_database_is_left_as_it_is(data: Path) -> None:
    file = data / "easel.db"
    content = bytearray(file.read_bytes())
    content[4096:12288] = b"\xa5" * 8192
    file.write_bytes(content)
    before = fingerprints(data)
    assert "damaged. It was left as it is: restore a backup" in refusal(data)
    assert fingerprints(data) == before


def test_a_database_of_a_newer_easel_is_left_as_it_is(data: Path) -> None:
    with closing(sqlite3.connect(data / "easel.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    before = fingerprints(data)
    assert "newer Easel" in refusal(data)
    assert fingerprints(data) == before


def test_somebody_elses_file_is_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "easel.db").write_bytes(b"a letter to my aunt, not a database at all " * 100)
    before = fingerprints(folder)
    assert "damaged" in refusal(folder)
    assert fingerprints(folder) == before


@pytest.mark.parametrize("models", [b"[[model]]\nid = 3", b"\xff\xfe nothing", b"[[endpoint"])
def test_a_models_file_with_a_mistake_is_named(tmp_path: Path, models: bytes) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(models)
    said = refusal(tmp_path / "data", EASEL_MODELS=str(file))
    assert "mine.toml, which EASEL_MODELS names" in said
    assert not (tmp_path / "data").exists()


@pytest.fixture
def running(easel: Easel, upstream: Upstream) -> Iterator[str]:
    """A reply that the first Easel is writing."""
    gate = Gate()
    upstream.says("still ", gate, "writing")
    started = easel.ask(easel.begin(), "go")
    assert gate.reached.wait(PATIENCE_S)
    yield started["reply"]
    gate.open()


def test_a_second_easel_does_not_take_the_replies_of_the_first(
    easel: Easel, disk: Disk, running: str
) -> None:
    assert "Another Easel is using this data folder" in refusal(easel.folder)
    assert disk.message(running).status in {"queued", "streaming"}
    assert easel.post(f"/api/messages/{running}/stop") == {"stopped": True}


def test_help_tells_how_to_start_and_starts_nothing(tmp_path: Path) -> None:
    ended = subprocess.run(
        command("--help"),
        cwd=ROOT,
        env=environ(tmp_path / "data"),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert all(word in ended.stdout for word in ("--port", "--host", "EASEL_DATA", "API_KEY"))
    assert not (tmp_path / "data").exists()


def test_a_folder_that_is_not_there_is_made_for_its_owner_only(easel: Easel) -> None:
    assert easel.folder.stat().st_mode & 0o077 == 0
    assert (easel.folder / "easel.db").stat().st_mode & 0o077 == 0
    assert easel.stop() == 0
