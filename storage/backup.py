"""Copies a running Easel's data: conversations and the pictures they name. Run as a program.

``python -m storage.backup --data FOLDER TARGET`` copies ``FOLDER/easel.db`` and the pictures,
from ``FOLDER/media`` or from wherever ``--media`` or ``EASEL_MEDIA_URL`` says that they are. The
target is a data folder like any other, and restoring is starting Easel with a copy of it. Never
copy ``easel.db`` with a file manager while Easel runs: what is in its log, or half written, would
be missing.

What was set up on the page "Models and keys" is copied too, and its keys only with ``--with-keys``.

A picture that is lost or damaged stops nothing: all the rest is copied, and ``missing.txt`` in
the target lists what is not there.
"""

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chat.core.command_line import Parser
from chat.core.errors import ChatError, ConfigError, Conflict, NotFound, StorageError
from chat.core.messages import now
from chat.core.ports import MediaStore
from storage.keys.encrypted import HELD, SECRET
from storage.keys.system_keyring import NAMES
from storage.media.folder import FolderMedia, sync_path
from storage.media.pictures import BACKUP
from storage.open import open_media, path_of
from storage.snapshots import named_pictures
from storage.sqlite import copy_database
from storage.written_file import write_file

DATABASE, MEDIA, MISSING = "easel.db", "media", "missing.txt"
ROWS = "models-added.toml"
"""Providers that were set up on the page; no key is in it."""

RECORDS_KEPT = 30
"""So many backups are remembered beside the pictures, the newest; their pictures are spared."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds."""

    pictures: int
    missing: tuple[str, ...] = ()
    """The sha256 of pictures that messages name and that are lost or damaged, sorted."""


def back_up(url: str, media_url: str, target: Path, files: Sequence[Path] = ()) -> BackedUp:
    """Copy a SQLite store, the pictures it names, and those of these files that there are.

    The target appears when all that can be copied is there and checked, or not at all.

    Raises:
        Conflict: the target exists.
        Damaged: the database does not hold together.
        ConfigError: an address that names no store, or a database that is not SQLite's.
        StorageError: something could not be read or written.
    """
    if not url.startswith("sqlite:"):
        raise ConfigError("Only SQLite is copied so; a PostgreSQL server has pg_dump.")
    if target.exists():
        raise Conflict("The target of the backup exists already.")
    source = path_of(url).absolute()
    if not source.is_file():
        raise NotFound("There is no database to back up.")
    media = open_media(media_url)
    unfinished = target.absolute().with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        # The database first: every picture it names was on the disk before it was named.
        copy_database(source, unfinished / DATABASE)
        named = named_pictures(unfinished / DATABASE)
        missing = _copy_pictures(named, media, unfinished / MEDIA)
        if missing:
            (unfinished / MISSING).write_text("".join(f"{name}\n" for name in missing), "ascii")
        for file in files:
            if file.is_file():
                write_file(unfinished / file.name, file.read_bytes())
        sync_path(unfinished)
        unfinished.rename(target)
        sync_path(target.absolute().parent)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    _remember(media, target.absolute(), sorted(set(named) - set(missing)))
    return BackedUp(len(named) - len(missing), tuple(missing))


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """The program; 0 when the copy stands, with or without pictures that are lost."""
    parser = Parser(
        prog="easel backup",
        description="Copy the conversations of an Easel, which may be running, and the pictures "
        "they name.",
    )
    parser.add_argument("--data", type=Path, required=True, help="the data folder of Easel")
    parser.add_argument(
        "--media",
        help="the address of the pictures (or EASEL_MEDIA_URL; the folder media in the data)",
    )
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help="copy the keys that were entered on the page, too, with what decrypts them",
    )
    parser.add_argument("target", type=Path, help="a folder that does not exist yet")
    chosen = parser.parse_args(arguments)
    data = chosen.data.absolute()
    media_url = chosen.media or environ.get("EASEL_MEDIA_URL") or (data / MEDIA).as_uri()
    try:
        url = environ.get("EASEL_DATABASE_URL") or f"sqlite:///{data / DATABASE}"
        files = [data / name for name in (ROWS, *((SECRET, HELD) if chosen.with_keys else ()))]
        done = back_up(url, media_url, chosen.target.absolute(), files)
    except ChatError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"The backup could not be written: {error.strerror}.\n")
        return 1
    sys.stdout.write(f"Backed up all conversations and {_counted(done.pictures)}.\n")
    if chosen.with_keys and (data / NAMES).is_file():
        sys.stderr.write("Keys in the keyring of this machine stay there, and are not in it.\n")
    if done.missing:
        verb = "is" if len(done.missing) == 1 else "are"
        sys.stderr.write(
            f"{_counted(len(done.missing))} {verb} lost or damaged, and not in the backup; "
            f"{MISSING} in it lists them.\n"
        )
        if not done.pictures:
            sys.stderr.write(
                "None was found. Where Easel keeps its pictures elsewhere, give the backup the "
                "same EASEL_MEDIA_URL, or --media.\n"
            )
    return 0


def _counted(pictures: int) -> str:
    return f"{pictures} picture{'' if pictures == 1 else 's'}"


def _copy_pictures(named: Sequence[str], source: MediaStore, folder: Path) -> list[str]:
    """Copy what is there and sound; the names of the rest.

    Raises:
        StorageError: the store of pictures does not answer, or the target cannot be written.
    """
    copy, missing = FolderMedia(folder, lasting=False), []
    for sha256 in named:
        try:
            data = source.get(sha256)
        except NotFound:
            missing.append(sha256)
        else:
            copy.put(sha256, data)
    copy.sync()
    return missing


def _remember(media: MediaStore, target: Path, names: Sequence[str]) -> None:
    """Note the backup beside the pictures. It stands, even where that cannot be written."""
    at = now()
    try:
        media.note(
            f"{BACKUP}{at.strftime('%Y%m%dt%H%M%S%f').lower()}",
            {"target": str(target), "made_at": at.isoformat(), "names": list(names)},
        )
        titles = [title for title in media.records() if title.startswith(BACKUP)]
        for title in titles[:-RECORDS_KEPT]:
            media.note(title, None)
    except StorageError as error:
        sys.stderr.write(f"The backup stands, but could not be noted down: {error}\n")


if __name__ == "__main__":
    sys.exit(main())
