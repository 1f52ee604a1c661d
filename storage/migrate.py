"""Moves an Easel from one kind of store to another, and compares every row and every byte.

``EASEL_DATABASE_URL=postgresql://... EASEL_MEDIA_URL=s3://... easel migrate --data FOLDER`` copies
``FOLDER/easel.db`` and ``FOLDER/media`` to where these variables say; ``--back`` copies from there
into the folder. With only one of them set, only that is copied. Easel does not run meanwhile.

What is copied from stays as it is. The pictures go first, because the database names them; what is
there already and right is not sent again, so that what was broken off goes on. The rows go in one
transaction, which ends only when both databases were seen to hold the same.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from chat.core.command_line import Parser
from chat.core.errors import ChatError, ConfigError, Conflict, NotFound, StorageError
from storage.data_dir_lock import DataDirLock
from storage.error_mapping import translated
from storage.media.garbage import remember
from storage.media.names import NAME
from storage.media.objects import Objects
from storage.media.pictures import StoredPictures
from storage.open import database_exists, open_conversations, open_media, path_of
from storage.postgresql import postgresql_engine
from storage.sqlite import PATIENCE, sqlite_engine
from storage.tables import METADATA

ROWS_AT_ONCE = 500
COUNTED = (("message", "seq"), ("library_word", "id"))
"""The columns that count by themselves."""
TABLES = [table for table in METADATA.sorted_tables if table.name != "replica"]
"""What is moved; which processes used a database is of no use in another."""
AT_ONCE = 8
"""So many pictures are on their way: a bucket far away answers each after a while."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an Easel keeps its things: the addresses of two stores."""

    database: str
    media: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What is in both places now."""

    rows: Mapping[str, int]
    """By table."""
    pictures: int
    """Picture files and small copies, those in the bin included."""
    missing: tuple[str, ...]
    """Keys of pictures whose bytes are not those that their names promise; not copied."""


def migrate(source: Place, target: Place, say: Callable[[str], None] = lambda _: None) -> Moved:
    """Copy what differs between two places: the pictures, the database, or both.

    Raises:
        NotFound: there is no database to copy.
        Conflict: the target holds conversations already.
        StorageError: something could not be read or written, or differs after it was copied. The
            target's database is empty then.
        ConfigError, Damaged: an address that names no store, or a store that cannot be opened.
    """
    copied, missing = 0, tuple[str, ...]()
    media = open_media(target.media)
    if source.media != target.media:
        copied, missing = _copy_pictures(_objects(source.media), _objects(target.media), say)
    rows: Mapping[str, int] = {}
    if source.database != target.database:
        rows = _copy_database(source.database, target.database, say)
        opened = open_conversations(target.database)
        try:
            remember(opened, media)
        finally:
            opened.close()
    return Moved(rows, copied, missing)


def _objects(url: str) -> Objects:
    media = open_media(url)
    if not isinstance(media, StoredPictures) or url.startswith("memory:"):
        raise ConfigError("Pictures in memory are gone with the program that holds them.")
    return media.objects


def _copy_pictures(
    source: Objects, target: Objects, say: Callable[[str], None]
) -> tuple[int, tuple[str, ...]]:
    keys = [key for key, _ in source.listing()]

    def copied(key: str) -> bool:
        """Whether its bytes are in both places now; they are not copied where they are damaged."""
        data = source.read(key)
        if not _sound(key, data):
            return False
        if not target.has(key) or target.read(key) != data:
            target.write(key, data)
            if target.read(key) != data:
                raise StorageError(
                    "A picture came back from the new store with other bytes. Nothing of the old "
                    "one was changed."
                )
        return True

    missing: list[str] = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, (key, done) in enumerate(zip(keys, pool.map(copied, keys), strict=True), 1):
            if not done:
                missing.append(key)
            if number % 1000 == 0:
                say(f"{number} of {len(keys)} picture files")
    return len(keys) - len(missing), tuple(missing)


def _sound(key: str, data: bytes) -> bool:
    """Whether bytes are those that a key promises; one that promises none has the right ones."""
    name = key.rpartition("/")[2]
    if key.startswith("damaged/") or not NAME.fullmatch(name) or "." in name:
        return True
    return hashlib.sha256(data).hexdigest() == name


def _copy_database(source: str, target: str, say: Callable[[str], None]) -> Mapping[str, int]:
    if not database_exists(source):
        raise NotFound("There is no database to copy.")
    for url in (source, target):  # brought up to date, or made
        open_conversations(url).close()
    with _engine(source) as old, _engine(target) as new, translated():
        options = {PATIENCE: 5.0}
        writing = new.execution_options(**options)
        with old.connect() as reading, writing.connect() as written, written.begin():
            _still(reading)
            _still(written)
            _require_empty(written)
            for table in TABLES:
                say(f"{table.name} ...")
                _copy_rows(reading, written, table)
            _go_on_counting(reading, written)
            return _compared(reading, written)


@contextmanager
def _engine(url: str) -> Iterator[sa.Engine]:
    sqlite = url.startswith("sqlite:")
    engine = sqlite_engine(path_of(url).absolute()) if sqlite else postgresql_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _still(connection: sa.Connection) -> None:
    """Long statements are meant, and what is read does not change meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        connection.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def _require_empty(target: sa.Connection) -> None:
    for table in TABLES:
        if table.name == "identity":
            target.execute(sa.delete(table))  # it becomes the one that it is a copy of
        elif target.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            raise Conflict(
                f"The new database holds something already: its table {table.name} is not empty. "
                "Nothing was copied. Name an empty database, or a folder without easel.db."
            )


def _copy_rows(source: sa.Connection, target: sa.Connection, table: sa.Table) -> None:
    """In the order of their keys: a message comes after the one that it answers.

    One that does not, as a program of somebody's own may have written it, gets its parent last.
    """
    later: list[dict[str, object]] = []
    for rows in _rows(source, table):
        if table.name == "message":
            later += _without_later_parents(source, rows)
        target.execute(sa.insert(table), rows)
    for each in later:
        target.execute(
            sa.update(table).where(table.c.id == each["id"]).values(parent_id=each["parent_id"])
        )


def _without_later_parents(
    source: sa.Connection, values: Sequence[dict[str, object]]
) -> list[dict[str, object]]:
    message = METADATA.tables["message"]
    parents = {each["parent_id"] for each in values if each["parent_id"]}
    found = source.execute(sa.select(message.c.id, message.c.seq).where(message.c.id.in_(parents)))
    seqs: dict[object, int] = {row.id: row.seq for row in found}
    later = []
    for each in values:
        if each["parent_id"] and seqs.get(each["parent_id"], 0) > int(str(each["seq"])):
            later.append({"id": each["id"], "parent_id": each["parent_id"]})
            each["parent_id"] = None
    return later


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[list[dict[str, object]]]:
    order = list(table.primary_key.columns)
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
        sa.select(table).order_by(*order)
    )
    for rows in found.mappings().partitions(ROWS_AT_ONCE):
        yield [dict(row) for row in rows]


def _go_on_counting(source: sa.Connection, target: sa.Connection) -> None:
    """The next number is one that neither database has given: numbers tell the order of arrival."""
    for table, column in COUNTED:
        last = max(_last_number(source, table, column), _highest(source, table, column))
        if last == 0:
            continue
        if target.dialect.name == "postgresql":
            target.execute(
                sa.text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
                {"table": table, "column": column, "last": last},
            )
        elif table == "message":
            # It has no row for a table that nothing was put into.
            target.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'message'"))
            target.execute(
                sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('message', :last)"),
                {"last": last},
            )


def _last_number(connection: sa.Connection, table: str, column: str) -> int:
    if connection.dialect.name == "postgresql":
        sequence = connection.execute(
            sa.text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": table, "column": column},
        ).scalar_one()
        found = connection.execute(sa.text(f"SELECT last_value, is_called FROM {sequence}")).one()
        return int(found.last_value) if found.is_called else 0
    found_seq = connection.execute(
        sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table}
    ).scalar()
    return int(found_seq or 0)


def _highest(connection: sa.Connection, table: str, column: str) -> int:
    key = METADATA.tables[table].c[column]
    return int(connection.execute(sa.select(sa.func.max(key))).scalar() or 0)


def _compared(source: sa.Connection, target: sa.Connection) -> Mapping[str, int]:
    """The number of rows of each table, which are the same in both. Raises ``StorageError``."""
    counts: dict[str, int] = {}
    for table in TABLES:
        before, after = _sum(source, table), _sum(target, table)
        if before != after:
            raise StorageError(
                f"The table {table.name} differs after it was copied: {before[0]} rows before and "
                f"{after[0]} after. The new database was left empty."
            )
        counts[table.name] = after[0]
    return counts


def _sum(connection: sa.Connection, table: sa.Table) -> tuple[int, int]:
    """How many rows there are, and a sum over all they hold, in whatever order they come."""
    count, total = 0, 0
    for rows in _rows(connection, table):
        for row in rows:
            told = repr([row[column.name] for column in table.c]).encode("utf-8", "surrogatepass")
            total += int.from_bytes(hashlib.sha256(told).digest())
            count += 1
    return count, total % (1 << 256)


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """The program; 0 when everything is in both places and was compared."""
    parser = Parser(
        prog="easel migrate",
        description="Copy the conversations and pictures of a data folder to the database and the "
        "store of pictures that EASEL_DATABASE_URL and EASEL_MEDIA_URL name, and compare them. "
        "Easel must not run.",
    )
    parser.add_argument("--data", type=Path, required=True, help="the data folder of Easel")
    parser.add_argument(
        "--back", action="store_true", help="from there into the data folder instead"
    )
    chosen = parser.parse_args(arguments)
    data = chosen.data.absolute()
    here = Place(
        f"sqlite:///{quote(str(data / 'easel.db'))}", f"file://{quote(str(data / 'media'))}"
    )
    there = Place(
        environ.get("EASEL_DATABASE_URL", "").strip() or here.database,
        environ.get("EASEL_MEDIA_URL", "").strip() or here.media,
    )
    try:
        if here == there:
            raise ConfigError(
                "Say where to: EASEL_DATABASE_URL names the other database, EASEL_MEDIA_URL the "
                "other store of pictures."
            )
        lock = DataDirLock(data)
        try:
            way = (there, here) if chosen.back else (here, there)
            moved = migrate(*way, say=lambda line: print(line, file=sys.stderr))  # noqa: T201
        finally:
            lock.release()
    except ChatError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(_told(moved, back=chosen.back))
    return 0


def _told(moved: Moved, *, back: bool) -> str:
    lines = []
    if moved.rows:
        conversations, messages = moved.rows["conversation"], moved.rows["message"]
        lines.append(
            f"Copied {_many(conversations, 'conversation')} with {_many(messages, 'message')}; "
            "every row was compared."
        )
    lines.append(f"Copied {_many(moved.pictures, 'picture file')}; every byte was compared.")
    if moved.missing:
        lines.append(f"Damaged, and not copied: {', '.join(moved.missing)}")
    lines.append(
        "Start Easel without EASEL_DATABASE_URL and EASEL_MEDIA_URL now."
        if back
        else "Start Easel with the same variables now. What was copied from is still there."
    )
    return "".join(f"{line}\n" for line in lines)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


if __name__ == "__main__":
    sys.exit(main())
