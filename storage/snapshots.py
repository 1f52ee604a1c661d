"""Copies of a SQLite file kept beside it, one before each migration."""

import logging
import sqlite3
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from storage.sqlite import copy_database, file_uri

log = logging.getLogger(__name__)

KEPT = 5


def take_snapshot(path: Path, revision: str) -> Path:
    """Copy a database beside itself, named by its revision and the time; the oldest go.

    Raises: Damaged, StorageError.
    """
    # Only who holds the database's lock takes one, so what is unfinished is a crash's.
    for debris in path.parent.glob(f"{escape(path.name)}.*.part"):
        debris.unlink(missing_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = path.with_name(f"{path.name}.{stamp}.{revision}.backup")
    unfinished = target.with_suffix(".part")
    copy_database(path, unfinished)
    unfinished.rename(target)
    for old in _surplus(_snapshots(path)):
        old.unlink(missing_ok=True)
    return target


def _surplus(snapshots: list[Path]) -> list[Path]:
    """Those to let go, of copies with the oldest first.

    Of each revision the newest stays longest: an upgrade that fails at each of many starts makes
    a copy at each, and they must not push out what an older Easel left.
    """
    newest = {_revision(each): each for each in snapshots}
    repeated = [each for each in snapshots if newest[_revision(each)] != each]
    once = [each for each in snapshots if newest[_revision(each)] == each]
    return [*repeated, *once][: max(0, len(snapshots) - KEPT)]


def _revision(snapshot: Path) -> str:
    return snapshot.name.split(".")[-2]


def newest_snapshot(path: Path) -> Path | None:
    """The copy to go back to, if there is one."""
    return next(iter(_snapshots(path)[::-1]), None)


def named_in_snapshots(path: Path) -> set[str]:
    """The sha256 of every picture that a copy beside a database names.

    A copy that cannot be read is left out: nobody can go back to it.
    """
    named: set[str] = set()
    for snapshot in _snapshots(path):
        try:
            named.update(named_pictures(snapshot))
        except sqlite3.DatabaseError as error:
            log.warning("the copy %s cannot be read: %s", snapshot.name, error)
    return named


def named_pictures(database: Path) -> list[str]:
    """The sha256 of every picture that a message in a closed SQLite file names, sorted."""
    connection = sqlite3.connect(file_uri(database, mode="ro", immutable="1"), uri=True)
    try:
        rows = connection.execute("SELECT DISTINCT sha256 FROM message_media ORDER BY sha256")
        return [str(row[0]) for row in rows]
    finally:
        connection.close()


def _snapshots(path: Path) -> list[Path]:
    """Oldest first: the time leads the name."""
    return sorted(path.parent.glob(f"{escape(path.name)}.*.backup"))
