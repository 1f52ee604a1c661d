"""Copies of a SQLite file kept beside it, one before each migration. Knows names and ages."""

from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from storage.sqlite import copy_database

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
    for old in _snapshots(path)[:-KEPT]:
        old.unlink(missing_ok=True)
    return target


def newest_snapshot(path: Path) -> Path | None:
    """The copy to go back to, if there is one."""
    return next(iter(_snapshots(path)[::-1]), None)


def _snapshots(path: Path) -> list[Path]:
    """Oldest first: the time leads the name."""
    return sorted(path.parent.glob(f"{escape(path.name)}.*.backup"))
