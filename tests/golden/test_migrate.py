"""What is moved to a database server and a bucket, and back, is all there, to the byte."""

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copytree
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from chat.core.errors import Conflict, StorageError
from chat.core.messages import Conversation, Message, new_id
from chat.core.parts import Text
from storage.data_dir_lock import TAKEN, DataDirLock
from storage.migrate import Place, main, migrate
from storage.open import open_conversations, open_media
from storage.tables import METADATA
from tests.golden.make import GOLDEN, OWNER
from tests.golden.test_golden import RELEASES, assert_all_there, url_of
from tests.postgresql import postgresql_url
from tests.s3 import BUCKET, S3, s3

__all__ = ["postgresql_url", "s3"]


def place(data: Path) -> Place:
    return Place(url_of(data), (data / "media").as_uri())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the newest data folder that a release wrote: something of everything."""
    return copytree(GOLDEN / RELEASES[-1], tmp_path / "data")


@pytest.fixture
def elsewhere(postgresql_url: str, s3: S3, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An empty database and an empty bucket."""
    for name, value in s3.environ.items():
        monkeypatch.setenv(name, value)
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return Place(postgresql_url, f"s3://{BUCKET}/{uuid4().hex}")


def rows(url: str) -> dict[str, set[str]]:
    """Every row of every table, as text."""
    address = url.replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(address)
    try:
        with engine.connect() as connection:
            return {
                table.name: {repr(tuple(row)) for row in connection.execute(sa.select(table))}
                for table in METADATA.sorted_tables
            }
    finally:
        engine.dispose()


def files(url: str) -> dict[str, bytes]:
    objects = open_media(url).objects  # type: ignore[attr-defined]
    return {key: objects.read(key) for key, _ in objects.listing() if "records/" not in key}


def say_more(url: str) -> Message:
    """The newest message of a store, said just now."""
    store = open_conversations(url)
    last = store.search(OWNER)[0].conversation
    message = Message(new_id(), last.id, last.head_id, "user", (Text("and on"),))
    store.add([message])
    store.close()
    return message


def newest(url: str) -> tuple[int, str]:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.connect() as connection:
            row = connection.execute(
                sa.text("SELECT seq, id FROM message ORDER BY seq DESC LIMIT 1")
            ).one()
            return int(row.seq), str(row.id)
    finally:
        engine.dispose()


def test_there_and_back_nothing_is_lost(data: Path, elsewhere: Place, tmp_path: Path) -> None:
    open_conversations(url_of(data)).close()  # as this version keeps it
    before, bytes_before = rows(url_of(data)), files(place(data).media)
    moved = migrate(place(data), elsewhere)
    assert moved.missing == ()
    assert moved.rows["message"] == len(before["message"]) > 3
    assert rows(elsewhere.database) == before
    assert files(elsewhere.media) == bytes_before
    assert rows(url_of(data)) == before, "what was copied from is as it was"

    last = newest(elsewhere.database)[0]
    said = say_more(elsewhere.database)
    assert newest(elsewhere.database) == (last + 1, said.id), "it comes after all the rest"

    home = tmp_path / "home"
    home.mkdir()
    migrate(elsewhere, place(home))
    assert rows(url_of(home)) == rows(elsewhere.database)
    assert files(place(home).media) == bytes_before
    assert newest(url_of(home)) == (last + 1, said.id)
    said = say_more(url_of(home))
    assert newest(url_of(home)) == (last + 2, said.id)


def test_numbers_go_on_after_all_that_had_one_is_gone(data: Path, tmp_path: Path) -> None:
    """Or a database would look older than its pictures remember it, and they would be in doubt."""
    last = newest(url_of(data))[0]
    with closing(sqlite3.connect(data / "easel.db", isolation_level=None)) as emptied:
        emptied.execute("PRAGMA foreign_keys = ON")
        emptied.execute("DELETE FROM message")
    home = tmp_path / "home"
    home.mkdir()
    migrate(place(data), place(home))
    store = open_conversations(url_of(home))
    begun = Conversation(new_id(), OWNER, "Anew")
    store.create(begun)
    store.add([Message(new_id(), begun.id, None, "user", (Text("anew"),))])
    store.close()
    assert newest(url_of(home))[0] == last + 1


def test_what_a_release_wrote_is_there_after_a_move(data: Path, elsewhere: Place) -> None:
    migrate(place(data), elsewhere)
    assert_all_there(data, elsewhere.database, elsewhere.media)


def test_a_database_that_holds_something_is_left_alone(data: Path, elsewhere: Place) -> None:
    migrate(place(data), elsewhere)
    say_more(elsewhere.database)
    there = rows(elsewhere.database)
    with pytest.raises(Conflict, match="not empty"):
        migrate(place(data), elsewhere)
    assert rows(elsewhere.database) == there


def test_a_move_that_was_broken_off_goes_on(data: Path, elsewhere: Place) -> None:
    nowhere = Place("postgresql://127.0.0.1:9/none", elsewhere.media)
    with pytest.raises(StorageError):
        migrate(place(data), nowhere)
    sent = files(elsewhere.media)
    assert sent == files(place(data).media), "the pictures were first"
    migrate(place(data), elsewhere)
    assert files(elsewhere.media) == sent


def test_a_damaged_picture_stops_nothing_and_is_named(data: Path, elsewhere: Place) -> None:
    whole = files(place(data).media)
    damaged = next(key for key in sorted(whole) if "." not in key)
    (data / "media" / damaged).write_bytes(b"damaged")
    moved = migrate(place(data), elsewhere)
    assert moved.missing == (damaged,)
    del whole[damaged]
    assert files(elsewhere.media) == whole


def test_the_program_moves_a_data_folder(
    data: Path, elsewhere: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"EASEL_DATABASE_URL": elsewhere.database, "EASEL_MEDIA_URL": elsewhere.media}
    assert main(["--data", str(data)], {}) == 1
    assert "EASEL_DATABASE_URL" in capsys.readouterr().err
    lock = DataDirLock(data)
    assert main(["--data", str(data)], environ) == 1
    assert TAKEN in capsys.readouterr().err
    lock.release()
    assert main(["--data", str(data)], environ) == 0
    assert "every row was compared" in capsys.readouterr().out
    assert main(["--data", str(data), "--back"], environ) == 1
    assert "not empty" in capsys.readouterr().err
    (data / "easel.db").unlink()
    assert main(["--data", str(data), "--back"], environ) == 0
    assert "without EASEL_DATABASE_URL" in capsys.readouterr().out
    assert rows(url_of(data)) == rows(elsewhere.database)
