"""Copies a running Easel's data: conversations and the pictures they name. Run as a program.

``python -m storage.backup --data FOLDER TARGET`` copies ``FOLDER/easel.db`` and
``FOLDER/media``; the target is a data folder like any other, and restoring is starting Easel
with it. Never copy ``easel.db`` with a file manager while Easel runs: what is in its log, or
half written, would be missing.
"""

import argparse
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from chat.core.errors import ChatError, ConfigError, Conflict, Damaged, NotFound
from storage.folder import FolderMedia
from storage.open import open_media, path_of
from storage.sqlite import copy_database, file_uri

DATABASE, MEDIA = "easel.db", "media"


def back_up(url: str, media_url: str, target: Path) -> int:
    """Copy a SQLite store and the pictures it names; how many pictures were copied.

    The target appears when all of it is there and checked, or not at all.

    Raises:
        Conflict: the target exists.
        Damaged: the database does not hold together, or names a picture that is gone.
        ConfigError: the address is not SQLite's.
        StorageError: something could not be read or written.
    """
    if not url.startswith("sqlite:"):
        raise ConfigError("Only SQLite is copied so; a PostgreSQL server has pg_dump.")
    if target.exists():
        raise Conflict("The target of the backup exists already.")
    source = path_of(url).absolute()
    if not source.is_file():
        raise NotFound("There is no database to back up.")
    unfinished = target.absolute().with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        # The database first: every picture it names was on the disk before it was named.
        copy_database(source, unfinished / DATABASE)
        named = _named_pictures(unfinished / DATABASE)
        _copy_pictures(named, media_url, unfinished / MEDIA)
        unfinished.rename(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return len(named)


def main(arguments: Sequence[str] | None = None) -> int:
    """The program; 0 when the copy stands."""
    parser = argparse.ArgumentParser(prog="python -m storage.backup", description=back_up.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder of Easel")
    parser.add_argument("target", type=Path, help="a folder that does not exist yet")
    chosen = parser.parse_args(arguments)
    data = chosen.data.absolute()
    try:
        copied = back_up(
            f"sqlite:///{data / DATABASE}", (data / MEDIA).as_uri(), chosen.target.absolute()
        )
    except ChatError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Backed up all conversations and {copied} pictures.\n")
    return 0


def _named_pictures(database: Path) -> list[str]:
    connection = sqlite3.connect(file_uri(database, mode="ro", immutable="1"), uri=True)
    try:
        rows = connection.execute("SELECT DISTINCT sha256 FROM message_media ORDER BY sha256")
        return [str(row[0]) for row in rows]
    finally:
        connection.close()


def _copy_pictures(named: list[str], media_url: str, folder: Path) -> None:
    source, copy = open_media(media_url), FolderMedia(folder)
    for sha256 in named:
        try:
            # The store compares the bytes with their name as it takes them.
            copy.put(sha256, source.get(sha256))
        except (NotFound, ValueError) as error:
            raise Damaged("A picture that a message names is missing or damaged.") from error


if __name__ == "__main__":
    sys.exit(main())
