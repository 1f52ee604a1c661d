"""The check of a SQLite file before it is opened for good; it never writes to the file."""

import sqlite3
from collections.abc import Collection
from pathlib import Path

from chat.core.errors import Damaged
from storage.error_mapping import translated
from storage.schema import SQLITE_COLUMNS, VERSION_TABLE, version_trouble
from storage.snapshots import newest_snapshot
from storage.sqlite import BUSY_TIMEOUT_S, file_uri

VERSIONS = "SELECT version_num FROM alembic_version"


def check_integrity(path: Path, known_revisions: Collection[str]) -> None:
    """Make sure that a file is a sound Easel database of ours, or empty.

    Raises:
        Damaged: it is corrupt, not Easel's, or newer than this program.
    """
    if path.stat().st_size == 0:
        return
    before = path.stat().st_mtime_ns
    trouble = _trouble(path, known_revisions, alone=not _in_use(path))
    if trouble and (_in_use(path) or path.stat().st_mtime_ns != before):
        # Another Easel began to write under the look that took no lock.
        trouble = _trouble(path, known_revisions, alone=False)
    if trouble:
        raise Damaged(trouble)


def _in_use(path: Path) -> bool:
    return _beside(path, "-wal") or _beside(path, "-journal")


def _beside(path: Path, tail: str) -> bool:
    return path.with_name(path.name + tail).exists()


def _trouble(path: Path, known_revisions: Collection[str], *, alone: bool) -> str:
    """What is wrong, as a sentence; empty where nothing is.

    ``alone`` reads without a lock, and so leaves nothing beside the file. With a log beside it
    the file is not the whole story. A journal is what a crash in the very first moments leaves;
    only one who may write can read past it.
    """
    options = {"mode": "rw" if _beside(path, "-journal") else "ro"}
    if alone:
        options["immutable"] = "1"
    try:
        connection = sqlite3.connect(
            file_uri(path, **options), uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None
        )
        try:
            verdicts = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
            columns = connection.execute(SQLITE_COLUMNS).fetchall()
            versions = (
                {str(row[0]) for row in connection.execute(VERSIONS)}
                if any(table == VERSION_TABLE for table, _ in columns)
                else set()
            )
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            with translated():
                raise
        return _damaged(path)
    if verdicts != ["ok"]:
        return _damaged(path)
    if not columns:
        return ""
    return version_trouble(path.name, versions, known_revisions, columns, restoring(path))


def _damaged(path: Path) -> str:
    return f"The database {path.name} is damaged. {restoring(path)}"


def restoring(path: Path) -> str:
    """What to do about a damaged file, in sentences."""
    snapshot = newest_snapshot(path)
    backup = f"the backup {snapshot.name}" if snapshot else "a backup"
    return (
        f"It was left as it is: restore {backup}. To do so, move {path.name} and, where "
        f"they are there, {path.name}-wal and {path.name}-shm to another folder, and copy the "
        f"backup to {path.name}. Pictures stay where they are, whatever the backup names."
    )
