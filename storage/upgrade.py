"""Brings a database to the newest revision. Knows Alembic and locks; never what a revision does.

Everything happens in one transaction that holds the database's own lock: a crash leaves the old
tables or the new ones, and of two programs that start at once the second finds the work done.
There is no way down: to go back, restore the copy taken before.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from chat.core.errors import Damaged
from storage.faults import translated
from storage.snapshots import take_snapshot
from storage.sqlite import PATIENCE

MIGRATIONS = Path(__file__).with_name("migrations")
PATIENCE_S = 60.0
"""How long a starter waits while another one migrates."""

ADVISORY_LOCK = 0x4561_7365_6C
"""The number under which PostgreSQL keeps our starters apart."""


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


def upgrade(engine: Engine, config: Config, snapshot_of: Path | None = None) -> None:
    """Bring the database to the newest revision, unless it is there.

    ``snapshot_of`` is the SQLite file to copy first, where there is one.

    Raises:
        ReadOnly: it cannot be written, even if nothing needs to be.
        StorageError: it stayed locked.
        Damaged: it is newer than this program, or its copy does not hold together.
    """
    head = ScriptDirectory.from_config(config).get_current_head()
    writer = engine.execution_options(**{PATIENCE: PATIENCE_S})
    with translated(), writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Both the wait for another starter and a migration may take their time.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        current = _revision(connection)
        if current == head:
            # A lock may be had where nothing can be written: better to hear of it now.
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            return
        if current is not None and current not in known_revisions(config):
            raise Damaged("The database was written by a newer Easel: start that one.")
        if snapshot_of is not None and current is not None:
            take_snapshot(snapshot_of, current)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
