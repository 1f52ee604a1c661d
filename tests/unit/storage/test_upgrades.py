"""A migration is done once, wholly or not at all, and never without a copy of what was before."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copy
from threading import Barrier

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from chat.core.errors import Damaged, StorageError
from storage.integrity_check import check_integrity
from storage.open import open_conversations
from storage.snapshots import KEPT, newest_snapshot, take_snapshot
from storage.sqlite import sqlite_engine
from storage.upgrade import MIGRATIONS, known_revisions, revisions, upgrade
from tests.contracts.samples import ME, conversation, said
from tests.golden.make import GOLDEN
from tests.unit.storage.programs import end, line_of, start

PRESENT = str(ScriptDirectory.from_config(revisions()).get_current_head())

NEXT = """
import os, signal
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "PRESENT"

def upgrade() -> None:
    op.create_table("first", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO first (id) VALUES (1)")
    MIDDLE
    op.add_column("conversation", sa.Column("colour", sa.String()))
"""

UPGRADER = """
import sys
from pathlib import Path
from storage.sqlite import sqlite_engine
from storage.upgrade import revisions, upgrade
path, versions = Path(sys.argv[1]), Path(sys.argv[2])
upgrade(sqlite_engine(path), revisions(versions), snapshot_of=path)
print("done")
"""


@pytest.fixture
def versions(tmp_path: Path) -> Callable[[str], Path]:
    """A folder of revisions with one more than there is, which does this in its middle."""

    def made(middle: str) -> Path:
        folder = tmp_path / "versions"
        folder.mkdir(exist_ok=True)
        for revision in (MIGRATIONS / "versions").glob("r*.py"):
            copy(revision, folder)
        (folder / "r9999_next.py").write_text(
            NEXT.replace("MIDDLE", middle).replace("PRESENT", PRESENT)
        )
        return folder

    return made


@pytest.fixture
def old(url: str, path: Path) -> Path:
    """A database of today, with a conversation in it."""
    store = open_conversations(url)
    kept = conversation(title="kept")
    store.create(kept)
    store.add([said(kept)])
    store.close()
    return path


def tables(path: Path) -> set[str]:
    engine = sqlite_engine(path)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        names = {str(row[0]) for row in found}
    engine.dispose()
    return names


def upgraded(path: Path, versions: Path) -> None:
    engine = sqlite_engine(path)
    try:
        upgrade(engine, revisions(versions), snapshot_of=path)
    finally:
        engine.dispose()


def test_a_copy_is_made_before_and_can_be_restored(
    old: Path, url: str, versions: Callable[[str], Path]
) -> None:
    upgraded(old, versions(""))
    assert "first" in tables(old)
    snapshot = newest_snapshot(old)
    assert snapshot is not None
    assert f".{PRESENT}." in snapshot.name
    assert snapshot.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Damaged, match="newer Easel"):
        check_integrity(old, known_revisions(revisions()))
    with pytest.raises(Damaged, match="newer Easel"):
        upgraded(old, MIGRATIONS / "versions")
    snapshot.rename(old)
    store = open_conversations(url)
    assert [hit.conversation.title for hit in store.search(ME)] == ["kept"]
    store.close()


def test_nothing_is_copied_where_nothing_changes(old: Path, url: str) -> None:
    open_conversations(url).close()
    assert newest_snapshot(old) is None


def test_only_the_last_copies_are_kept(old: Path) -> None:
    taken = [take_snapshot(old, "0001") for _ in range(KEPT + 2)]
    assert [snapshot.exists() for snapshot in taken] == [False] * 2 + [True] * KEPT
    assert newest_snapshot(old) == taken[-1]


def test_an_upgrade_that_fails_at_every_start_pushes_out_no_copy_of_another_version(
    old: Path,
) -> None:
    first = take_snapshot(old, "0000")
    for _ in range(KEPT + 3):
        last = take_snapshot(old, "0001")
    kept = sorted(old.parent.glob("*.backup"))
    assert len(kept) == KEPT
    assert (kept[0], kept[-1]) == (first, last)


def test_a_failing_migration_changes_nothing(
    old: Path, url: str, versions: Callable[[str], Path]
) -> None:
    with pytest.raises(StorageError, match=r"left as it was\. A copy of it is") as caught:
        upgraded(old, versions("raise RuntimeError('midway')"))
    assert "midway" in str(caught.value.__cause__)
    assert "first" not in tables(old)
    store = open_conversations(url)
    assert len(store.search(ME)) == 1
    store.close()


def test_a_process_killed_midway_leaves_the_old_tables(
    old: Path, url: str, versions: Callable[[str], Path]
) -> None:
    folder = versions("os.kill(os.getpid(), signal.SIGKILL)")
    process = start(UPGRADER, str(old), str(folder))
    assert line_of(process) == ""
    assert end(process) < 0
    assert "first" not in tables(old)
    store = open_conversations(url)
    assert len(store.search(ME)) == 1
    store.close()
    upgraded(old, versions(""))
    assert "first" in tables(old)


def test_of_two_that_start_at_once_one_migrates(old: Path, versions: Callable[[str], Path]) -> None:
    """The second would fail on a table that is there, were it to migrate as well."""
    folder = versions("")
    barrier = Barrier(4)

    def starter(_: int) -> StorageError | None:
        barrier.wait()
        try:
            upgraded(old, folder)
        except StorageError as error:
            return error
        return None

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(starter, range(4))) == [None] * 4
    assert "first" in tables(old)
    assert len(list(old.parent.glob("*.backup"))) == 1


def test_what_was_kept_beside_a_conversation_is_its_own_afterwards_or_gone_with_it(
    url: str, path: Path
) -> None:
    """Records of the revision 0004 name their conversation at most in their value."""
    path.parent.mkdir()
    copy(GOLDEN / "0004" / "easel.db", path)
    conversation_id, question = "a" * 32, "a1".ljust(32, "0")
    rows = [
        ("variants", question, "{}"),
        ("variants", "f" * 32, "{}"),
        ("replay", "kept", f'{{"conversation":"{conversation_id}"}}'),
        ("replay", "gone", f'{{"conversation":"{"f" * 32}"}}'),
        ("replay", "odd", '["no", "object"]'),
        ("replay", "broken", "{"),
        ("preset", "p1", "{}"),
    ]
    with sqlite3.connect(path) as old:
        old.executemany(
            "INSERT INTO owned_record VALUES (?, ?, ?, ?, '2026-11-26 12:00:00.000000')",
            [(ME, *row) for row in rows],
        )
        old.execute(
            "INSERT INTO owned_record_media VALUES (?, 'replay', 'gone', 0, ?)", (ME, "e" * 64)
        )
    old.close()
    store = open_conversations(url)
    kept = {
        (each.kind, each.id): each.conversation_id
        for kind in ("variants", "replay", "preset")
        for each in store.records(ME, kind)
    }
    assert kept == {
        ("variants", question): conversation_id,
        ("replay", "kept"): conversation_id,
        ("preset", "p1"): "",
    }
    assert "e" * 64 not in store.media_in_use()
    store.close()
