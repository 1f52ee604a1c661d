"""Brings a database to the newest revision, or leaves it as it was.

Everything happens in one transaction that holds the database's own lock: a crash leaves the old
tables or the new ones, and of two programs that start at once the second finds the work done.
On SQLite foreign keys are let go before it begins, because a revision that makes a table anew
drops the old one. Afterwards rows are counted, links followed and the tables compared with the
models; a revision that lost something is undone. One that means to change the number of rows of
a table names it in ``changes_rows``. There is no way down: to go back, restore the copy taken
before.
"""

import logging
import threading
import warnings
from collections import Counter
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from chat.core.errors import ChatError, Damaged, StorageError
from chat.core.replicas import LEASE_S
from storage.error_mapping import named, translated
from storage.integrity_check import restoring
from storage.migrations.batch import HANDLED_WARNINGS
from storage.schema import (
    broken_links,
    columns_of,
    differences,
    lack,
    lost_rows,
    row_counts,
    version_trouble,
)
from storage.snapshots import take_snapshot
from storage.sql_replicas import CLOCK
from storage.sqlite import PATIENCE, UNLINKED
from storage.tables import REVISION

log = logging.getLogger("easel")

MIGRATIONS = Path(__file__).with_name("migrations")
PATIENCE_S = 60.0
"""How long a starter waits while another one migrates."""

ADVISORY_LOCK = 0x4561_7365_6C
"""The number under which PostgreSQL keeps our starters apart."""


OLDER = (
    "An Easel is at work in the database that is older than the version before this one, by "
    "{steps} forms of it. Beside one that runs only the next version can be started: start those "
    "between in turn, or stop all that run."
)

_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it works on in globals: a process migrates one database at a time."""


def revisions(versions: Path = MIGRATIONS / "versions") -> Config:
    """Alembic's configuration for a folder of revisions."""
    config = Config()
    # Alembic's own parser reads a per cent sign as the start of a variable.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def known_revisions(config: Config) -> set[str]:
    """Every revision that this program knows."""
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def upgrade(
    engine: Engine, config: Config, snapshot_of: Path | None = None, lease_s: float = LEASE_S
) -> None:
    """Bring the database to the newest revision, unless it is there.

    ``snapshot_of`` is the SQLite file to copy first, where there is one. After ``lease_s`` nobody
    who was killed seems to live any more.

    Raises:
        ReadOnly: it cannot be written, even if nothing needs to be.
        StorageError: it stayed locked, or a revision failed or lost something. The database is
            as it was.
        Damaged: it is newer than this program, lacks something, or its copy does not hold
            together.
    """
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    writer = engine.execution_options(**{PATIENCE: PATIENCE_S, UNLINKED: True})
    with _ONE_AT_A_TIME, translated(), writer.connect() as connection:
        if connection.dialect.name == "sqlite":
            # It does not go back to the others, which rely on foreign keys.
            connection.detach()
        with connection.begin():
            if connection.dialect.name == "postgresql":
                # Both the wait for another starter and a migration may take their time.
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK}
                )
            name = "The database" if snapshot_of is None else snapshot_of.name
            advice = "Restore a backup." if snapshot_of is None else restoring(snapshot_of)
            current = _present(connection, name, config, advice)
            if current == head:
                # A lock may be had where nothing can be written: better to hear of it now.
                connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
                return
            _require_next(connection, script, current, lease_s)
            snapshot = None
            if snapshot_of is not None and current is not None:
                snapshot = take_snapshot(snapshot_of, current)
            try:
                _migrate(connection, config, script, current)
            except Exception as error:
                if isinstance(error, ChatError) or named(getattr(error, "orig", error)):
                    raise
                log.exception("the upgrade from %s to %s failed", current, head)
                copied = f" A copy of it is {snapshot.name}." if snapshot else ""
                raise StorageError(
                    f"{name} could not be brought to the form of this Easel, so it was left as "
                    f"it was.{copied} The log has the cause. Until it is found, the Easel that "
                    "wrote it goes on working with it."
                ) from error


def _require_next(
    connection: Connection, script: ScriptDirectory, current: str | None, lease_s: float
) -> None:
    """Raises ``StorageError`` where one is at work that is older than the version before."""
    if connection.dialect.name != "postgresql" or current is None:
        return
    steps = len(list(script.iterate_revisions("heads", current)))
    if steps < 2 or not inspect(connection).has_table("replica"):
        return
    living = text(f"SELECT count(*) FROM replica WHERE until > {CLOCK}")
    if not connection.execute(living).scalar():
        return
    # One that was killed just now seems to live for as long as its last word holds.
    connection.execute(text("SELECT pg_sleep(:lease_s)"), {"lease_s": lease_s})
    if connection.execute(living).scalar():
        raise StorageError(OLDER.format(steps=steps))


def _present(connection: Connection, name: str, config: Config, advice: str) -> str | None:
    """The revision of a database that can be used; ``None``: it is empty. Raises: Damaged."""
    columns = columns_of(connection)
    if not columns:
        return None
    versions = set(MigrationContext.configure(connection).get_current_heads())
    trouble = version_trouble(name, versions, known_revisions(config), columns, advice)
    if not trouble and REVISION not in versions:
        # No copy is made of what is not whole: it would push out one that is.
        trouble = lack(name, columns, _columns_at(config, next(iter(versions))), advice)
    if trouble:
        raise Damaged(trouble)
    return versions.pop()


def _columns_at(config: Config, revision: str) -> list[tuple[str, str]]:
    """Every column that a database of this revision has, as table and column."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            _run(config, connection, revision)
            found = columns_of(connection)
        # What SQLite keeps for itself is in no other database.
        return [(table, column) for table, column in found if not table.startswith("sqlite_")]
    finally:
        engine.dispose()


def _run(config: Config, connection: Connection, to: str) -> None:
    config.attributes["connection"] = connection
    with warnings.catch_warnings():
        for beginning in HANDLED_WARNINGS:
            warnings.filterwarnings("ignore", message=beginning)
        command.upgrade(config, to)


def _migrate(
    connection: Connection, config: Config, script: ScriptDirectory, current: str | None
) -> None:
    """Run the revisions, and make sure that nothing was lost on the way."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite and connection.exec_driver_sql("PRAGMA foreign_keys").scalar():
        raise RuntimeError("foreign keys are held while tables are made anew")
    if not sqlite and current is not None:
        # An Easel of the version before may be at work: it waits, or its rows would be miscounted.
        quote = connection.dialect.identifier_preparer.quote
        tables = ", ".join(map(quote, sorted(inspect(connection).get_table_names())))
        connection.execute(text(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE"))
    rows = row_counts(connection)
    broken = broken_links(connection) if sqlite else Counter()
    declared: set[str] = set()
    for revision in script.iterate_revisions("heads", current or "base"):
        declared |= set(getattr(revision.module, "changes_rows", ()))
    _run(config, connection, "head")
    lost = lost_rows(rows, row_counts(connection), declared)
    if sqlite:
        now_broken = broken_links(connection) - broken
        lost += [f"{table}: rows that lead to no {parent}" for table, parent, _ in now_broken]
    if script.get_current_head() == REVISION:
        lost += differences(connection)
    if lost:
        raise RuntimeError("; ".join(lost))
