"""A database that cannot be trusted is refused in one sentence, and stays as it was."""

import hashlib
import sqlite3
from pathlib import Path

import pytest

from chat.core.errors import ConfigError, Damaged, ReadOnly, StorageError
from storage.open import open_conversations, open_media
from storage.snapshots import take_snapshot
from tests.contracts.samples import ME, conversation, said
from tests.unit.storage.programs import end, line_of, start
from tests.unit.storage.rights import open_folder, unprivileged

CRASHER = """
import os, signal, sys
from storage.open import open_conversations, open_media
from tests.contracts.samples import conversation
store = open_conversations(sys.argv[1])
store.create(conversation())
os.kill(os.getpid(), signal.SIGKILL)
"""


def filled(url: str) -> None:
    """A closed store with something in it."""
    store = open_conversations(url)
    created = conversation()
    store.create(created)
    for _ in range(50):
        store.add([said(created, text="A fox. " * 300)])
    store.close()


def contents(folder: Path) -> dict[str, str]:
    """What every file of a folder holds, by name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def refused(url: str, error: type[StorageError]) -> str:
    """The sentence with which an address is refused."""
    with pytest.raises(error) as caught:
        open_conversations(url)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "/" not in sentence
    assert "\n" not in sentence
    return sentence


def execute(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_corrupt_database_is_left_alone_and_the_backup_named(url: str, path: Path) -> None:
    filled(url)
    snapshot = take_snapshot(path, "0001")
    middle = path.stat().st_size // 2 // 4096 * 4096
    with path.open("r+b") as file:
        file.seek(middle)
        file.write(b"\xa5" * 4096)
    before = contents(path.parent)
    assert snapshot.name in refused(url, Damaged)
    assert contents(path.parent) == before
    path.unlink()
    snapshot.rename(path)
    store = open_conversations(url)
    assert len(store.search(ME, "fox")) == 1
    store.close()


@pytest.mark.parametrize("data", [b"not a database", b"x" * 100_000, b"SQLite format 3\0" * 99])
def test_a_file_of_another_kind_is_left_alone(url: str, path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    before = contents(path.parent)
    assert "easel.db is damaged" in refused(url, Damaged)
    assert contents(path.parent) == before


def test_the_database_of_another_program_is_left_alone(url: str, path: Path) -> None:
    path.parent.mkdir()
    execute(path, "CREATE TABLE conversation (id TEXT)")
    before = contents(path.parent)
    assert "not a database of Easel" in refused(url, Damaged)
    assert contents(path.parent) == before


def test_the_database_of_a_newer_easel_is_left_alone(url: str, path: Path) -> None:
    filled(url)
    execute(path, "UPDATE alembic_version SET version_num = '9999'")
    before = contents(path.parent)
    assert list(before) == ["easel.db"]
    assert "newer Easel" in refused(url, Damaged)
    assert contents(path.parent) == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("DROP TABLE message_media", "lacks message_media"),
        ("DROP TABLE identity", "lacks identity"),
        ("ALTER TABLE message DROP COLUMN usage", "lacks message.usage"),
        ("DELETE FROM alembic_version", "does not say of which version it is"),
        ("DROP TABLE alembic_version", "does not say of which version it is"),
        ("INSERT INTO alembic_version VALUES ('0001')", "of several versions at once"),
        ("UPDATE alembic_version SET version_num = '0000'", "which this Easel never had"),
        ("UPDATE alembic_version SET version_num = 'abc'", "which this Easel never had"),
    ],
)
def test_a_database_that_is_not_whole_is_left_alone_and_no_newer_easel_is_blamed(
    url: str, path: Path, change: str, sentence: str
) -> None:
    filled(url)
    snapshot = take_snapshot(path, "0001")
    execute(path, change)
    before = contents(path.parent)
    said_of_it = refused(url, Damaged)
    assert sentence in said_of_it
    assert snapshot.name in said_of_it
    assert "newer" not in said_of_it
    assert contents(path.parent) == before


def test_a_table_that_somebody_added_keeps_nothing_from_opening(url: str, path: Path) -> None:
    filled(url)
    execute(path, "CREATE TABLE notes (line TEXT)")
    execute(path, "ALTER TABLE message ADD COLUMN mood TEXT")
    open_conversations(url).close()


def test_a_newer_database_keeps_the_log_of_its_crash(url: str, path: Path) -> None:
    """What the log holds was acknowledged: the newer program will want to find it."""
    filled(url)
    execute(path, "UPDATE alembic_version SET version_num = version_num")
    crasher = start(CRASHER, url)
    assert end(crasher) < 0
    log = path.with_name("easel.db-wal")
    assert log.stat().st_size > 0
    keeper = sqlite3.connect(path)
    keeper.execute("UPDATE alembic_version SET version_num = '9999'")
    keeper.commit()
    before = hashlib.sha256(path.read_bytes()).hexdigest(), log.stat().st_size
    assert "newer Easel" in refused(url, Damaged)
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), log.stat().st_size) == before
    keeper.close()


def test_a_crash_before_the_first_table_is_no_damage(url: str, path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    filled(url)
    store = open_conversations(url)
    assert len(store.search(ME)) == 1
    store.close()


@pytest.mark.parametrize(
    ("folder_mode", "file_mode"), [(0o555, 0o444), (0o777, 0o444), (0o555, 0o666)]
)
def test_what_cannot_be_written_is_said_to_be_so(folder_mode: int, file_mode: int) -> None:
    with open_folder() as folder:
        path = folder / "easel.db"
        url = f"sqlite:///{path}"
        filled(url)
        before = contents(folder)
        path.chmod(file_mode)
        folder.chmod(folder_mode)
        with unprivileged():
            assert "not written" in refused(url, ReadOnly)
        assert contents(folder) == before
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_made_is_said_to_be_so() -> None:
    with open_folder() as folder:
        folder.chmod(0o555)
        with unprivileged():
            assert "cannot be written" in refused(f"sqlite:///{folder}/new/easel.db", ReadOnly)
            assert "cannot be written" in refused(f"sqlite:///{folder}/easel.db", ReadOnly)
            with pytest.raises(ReadOnly):
                open_media((folder / "media").as_uri())
        assert contents(folder) == {}
        folder.chmod(0o755)


@pytest.mark.parametrize("url", ["mysql://host/name", "easel.db", "", "sqlite:///", "sqlite:"])
def test_an_address_that_no_store_has_is_a_mistake_of_the_setup(url: str) -> None:
    with pytest.raises(ConfigError):
        open_conversations(url)


def test_a_scheme_that_is_misspelt_is_told_with_the_right_one() -> None:
    with pytest.raises(
        ConfigError, match=r"pictures of the kind “fil”: .*\. Did you mean “file”\?$"
    ):
        open_media("fil:///srv/pictures")
    with pytest.raises(ConfigError, match=r"Did you mean “postgresql”\?$"):
        open_conversations("postgressql://host/name")


def test_a_relative_address_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_conversations("sqlite:///data%20of%20mine/easel.db").close()
    open_media("file:media")
    assert (tmp_path / "data of mine" / "easel.db").is_file()
    assert (tmp_path / "media").is_dir()


@pytest.mark.deep
def test_starters_at_once_make_one_database(url: str) -> None:
    code = (
        "import sys\n"
        "from storage.open import open_conversations\n"
        "from tests.contracts.samples import conversation, said\n"
        "print('ready'); sys.stdin.readline()\n"
        "store = open_conversations(sys.argv[1])\n"
        "mine = conversation(); store.create(mine); store.add([said(mine)]); store.close()\n"
    )
    starters = [start(code, url) for _ in range(4)]
    for starter in starters:
        assert line_of(starter) == "ready"
    for starter in starters:
        assert starter.stdin is not None
        starter.stdin.write("\n")
        starter.stdin.flush()
    assert [end(starter) for starter in starters] == [0, 0, 0, 0]
    store = open_conversations(url)
    assert len(store.search(ME)) == 4
    store.close()
