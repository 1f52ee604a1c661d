"""An upgrade that is killed at any of its steps leaves the old tables or the new ones."""

import sqlite3
from pathlib import Path
from shutil import copy, copytree

from storage.migrations.batch import AUTOINCREMENT
from storage.open import open_conversations
from storage.tables import REVISION
from storage.upgrade import MIGRATIONS
from tests.golden.make import GOLDEN, OWNER
from tests.unit.storage.programs import end, line_of, start

NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{REVISION}"

def upgrade() -> None:
    for name in ("conversation", "message"):
        with op.batch_alter_table(name, recreate="always") as batch:
            batch.add_column(sa.Column("added", sa.String(), nullable=True))
    op.create_table("first", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("UPDATE conversation SET added = 'x'")
"""

KILLER = """
import os, shutil, signal, sys
from pathlib import Path
from sqlalchemy import event
from storage.sqlite import sqlite_engine
from storage.upgrade import revisions, upgrade

source, versions, folder = map(Path, sys.argv[1:4])

def upgraded(path, steps):
    '''Upgrade, and be killed before this step.'''
    engine, config = sqlite_engine(path), revisions(versions)
    done = 0
    def count(*step):
        nonlocal done
        if len(step) > 2 and step[2].lstrip().startswith(("SELECT", "PRAGMA", "WITH")):
            return
        done += 1
        if done == steps:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    upgrade(engine, config, snapshot_of=path)
    os._exit(0)

steps = 0
while True:
    steps += 1
    place = folder / f"{steps:03}"
    place.mkdir()
    shutil.copy(source, place / "easel.db")
    child = os.fork()
    if child == 0:
        upgraded(place / "easel.db", steps)
    if os.waitpid(child, 0)[1] == 0:
        break
print(steps)
"""


def versions_in(folder: Path) -> Path:
    folder.mkdir()
    for revision in (MIGRATIONS / "versions").glob("r*.py"):
        copy(revision, folder)
    (folder / "r9999_next.py").write_text(NEXT)
    return folder


def state(path: Path) -> tuple[str, int, int, bool, bool, bool]:
    """Version, messages, links, the new table, the new column, and the counter of a database."""
    connection = sqlite3.connect(path)
    try:
        execute = connection.execute
        tables = dict(execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        columns = [row[1] for row in execute("PRAGMA table_info(message)")]
        assert execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert execute("PRAGMA foreign_key_check").fetchall() == []
        assert not any(name.startswith("_alembic_tmp") for name in tables)
        return (
            execute("SELECT version_num FROM alembic_version").fetchone()[0],
            execute("SELECT count(*) FROM message").fetchone()[0],
            execute("SELECT count(*) FROM message_media").fetchone()[0],
            "first" in tables,
            "added" in columns,
            AUTOINCREMENT.search(tables["message"]) is not None,
        )
    finally:
        connection.close()


def test_a_kill_at_any_step_leaves_the_old_tables_or_the_new_ones_and_the_next_start_works(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    source = GOLDEN / "0001" / "easel.db"
    process = start(KILLER, str(source), str(versions_in(tmp_path / "versions")), str(folder))
    steps = int(line_of(process))
    assert end(process) == 0
    assert steps > 15
    old = state(source)
    new = ("9999", *old[1:3], True, True, True)
    assert old == ("0001", *old[1:3], False, False, True)
    killed = [copytree(path, tmp_path / "seen" / path.name) for path in sorted(folder.iterdir())]
    states = [state(path / "easel.db") for path in killed]
    assert set(states) == {old, new}
    assert states[-1] == new
    # Before the last step, the commit, everything is as it was.
    assert states.count(new) == 1
    for step in (1, steps // 2):
        data = copytree(folder / f"{step:03}", tmp_path / f"data{step}")
        store = open_conversations(f"sqlite:///{data / 'easel.db'}")
        assert store.get(OWNER, "a" * 32).system == "Always draw\nin ink."
        assert len(store.unfinished()) == 2
        store.close()
        assert not list(data.glob("*.part"))
