"""What releases wrote into PostgreSQL is there after an upgrade, and after a broken one."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from chat.core.errors import ChatError
from chat.core.messages import Message, new_id
from chat.core.parts import Text
from storage.open import open_conversations
from storage.postgresql import postgresql_engine
from storage.schema import row_counts
from storage.sqlite import sqlite_engine
from storage.tables import REVISION
from storage.upgrade import MIGRATIONS, revisions, upgrade
from tests.golden.make import GOLDEN, OWNER
from tests.golden.test_golden import RELEASES, assert_all_there
from tests.postgresql import postgresql_url
from tests.process.disk import until

__all__ = ["postgresql_url"]

NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{REVISION}"

def upgrade() -> None:
    for name in ("conversation", "message"):
        op.add_column(name, sa.Column("added", sa.String(), nullable=True))
    op.create_table("first", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("UPDATE conversation SET added = 'x'")
    op.execute("UPDATE message SET added = 'x'")
"""


def versions_in(folder: Path, last: str, *more: str) -> Path:
    """A folder of the revisions up to one, and of others given by their text."""
    folder.mkdir()
    for revision in (MIGRATIONS / "versions").glob("r*.py"):
        if revision.name[1:5] <= last:
            copy(revision, folder)
    for number, text in enumerate(more):
        (folder / f"r9{number}_next.py").write_text(text)
    return folder


def written_by(release: str, url: str, folder: Path) -> None:
    """The database of a release, as its program would have made it in PostgreSQL."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    source = sqlite_engine(Path(copy(GOLDEN / release / "easel.db", folder)))
    target = postgresql_engine(url)
    upgrade(target, revisions(versions_in(folder / "old", _version(source))))
    old, new = sa.MetaData(), sa.MetaData()
    old.reflect(source)
    new.reflect(target)
    with source.connect() as reading, target.begin() as writing:
        for table in new.sorted_tables:
            if table.name == "alembic_version":
                continue
            first = next(iter(table.primary_key.columns)).name
            found = reading.execute(sa.select(old.tables[table.name]).order_by(first))
            rows = [{key: _aware(held) for key, held in row.items()} for row in found.mappings()]
            if rows:
                writing.execute(sa.insert(table), rows)
        writing.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('message', 'seq'), max(seq)) FROM message"
        )
    source.dispose()
    target.dispose()


def _version(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return str(found)


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


@pytest.mark.parametrize("release", RELEASES)
def test_a_later_version_finds_everything_and_goes_on_writing(
    release: str, postgresql_url: str, tmp_path: Path
) -> None:
    written_by(release, postgresql_url, tmp_path)
    assert_all_there(GOLDEN / release, postgresql_url)
    assert_all_there(GOLDEN / release, postgresql_url)
    store = open_conversations(postgresql_url)
    question = Message(new_id(), "a" * 32, None, "user", (Text("And now?"),))
    store.add([question])
    assert store.get(OWNER, "a" * 32).head_id == question.id
    assert [hit.conversation.id[0] for hit in store.search(OWNER, "and now")] == ["a"]
    store.close()


AFTER_NEXT = """
from alembic import op

revision = "99999"
down_revision = "9999"

def upgrade() -> None:
    op.execute("UPDATE message SET words = words")
"""


def test_beside_an_easel_that_runs_only_the_version_that_follows_it_is_started(
    postgresql_url: str, tmp_path: Path
) -> None:
    """Whoever was killed just now seems to run while its lease holds, and is waited for."""
    written_by(RELEASES[-1], postgresql_url, tmp_path)
    open_conversations(postgresql_url).close()
    engine = postgresql_engine(postgresql_url)
    alone, two = (
        revisions(versions_in(tmp_path / name, REVISION, *more))
        for name, more in (("one", [NEXT]), ("two", [NEXT, AFTER_NEXT]))
    )

    def runs(seconds: int) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO replica (id, until) VALUES ('older', clock_timestamp() AT TIME ZONE "
                f"'UTC' + make_interval(secs => {seconds})) ON CONFLICT (id) DO UPDATE "
                "SET until = excluded.until"
            )

    runs(3600)
    before = _version(engine)
    with pytest.raises(ChatError, match="older than the version before this one, by 2 forms"):
        upgrade(engine, two, lease_s=0.1)
    assert _version(engine) == before
    upgrade(engine, alone, lease_s=0.1)
    assert _version(engine) == "9999"
    upgrade(engine, two, lease_s=0.1)
    assert _version(engine) == "99999"
    engine.dispose()
    again = tmp_path / "again"
    again.mkdir()
    written_by(RELEASES[-1], postgresql_url, again)
    engine = postgresql_engine(postgresql_url)
    runs(1)
    upgrade(engine, two, lease_s=1.5)
    assert _version(engine) == "99999", "it had ended"
    engine.dispose()


@pytest.mark.parametrize("kill_before", ["CREATE TABLE", "UPDATE message", "COMMIT"])
def test_a_server_that_is_killed_amid_an_upgrade_loses_nothing_and_the_next_start_works(
    kill_before: str, postgresql_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    release = RELEASES[0]
    written_by(release, postgresql_url, tmp_path)
    config = revisions(versions_in(tmp_path / "next", REVISION, NEXT))
    engine = postgresql_engine(postgresql_url)
    with engine.connect() as connection:
        before = row_counts(connection)

    def kill(connection: sa.Connection) -> None:
        (pid,) = connection.exec_driver_sql("SELECT pg_backend_pid()").one()
        os.kill(pid, signal.SIGKILL)

    def before_statement(connection: sa.Connection, _: object, statement: str, *__: object) -> None:
        if statement.lstrip().startswith(kill_before):
            kill(connection)

    def before_commit(connection: sa.Connection) -> None:
        if kill_before == "COMMIT":
            kill(connection)

    event.listen(engine, "before_cursor_execute", before_statement)
    event.listen(engine, "commit", before_commit)
    running = checkpointer(postgresql_url)
    with pytest.raises(ChatError):
        upgrade(engine, config)
    engine.dispose()
    caplog.clear()

    came_back(postgresql_url, running)
    again = postgresql_engine(postgresql_url)
    with again.connect() as connection:
        assert row_counts(connection) == before
        assert not sa.inspect(connection).has_table("first")
        columns = [column["name"] for column in sa.inspect(connection).get_columns("message")]
        assert "added" not in columns
    assert_all_there(GOLDEN / release, postgresql_url)
    upgrade(again, config)
    assert _version(again) == "9999"
    again.dispose()


def checkpointer(url: str) -> int | None:
    """The process that a server starts anew when it recovers; ``None`` while it lets nobody in."""
    asked = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"
    try:
        with psycopg.connect(url) as connection:
            found = connection.execute(asked).fetchone()
    except psycopg.OperationalError:
        return None
    return int(found[0]) if found else None


def came_back(url: str, before: int | None) -> None:
    """Wait until the server has recovered.

    For a moment after the kill it goes on as if nothing had happened; then it ends all of its
    processes.
    """
    assert until(lambda: checkpointer(url) not in (None, before) or None)
