"""Only pictures that nobody can miss are collected, into a bin, and never while in doubt."""

import io
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chat.archive.importing import Importer
from chat.core.messages import Conversation, Message, now
from chat.core.parts import Image, MediaRef
from chat.core.ports import Conversations, MediaStore, WholeConversation
from chat.turns.pictures import THUMBNAIL, Pictures
from storage.media.folder import FolderMedia
from storage.media.garbage import (
    OLDER_COPY,
    OTHER_DATABASE,
    Collected,
    collect_garbage,
    doubt,
    keep_all,
    named_in_backups,
    remember,
    remove_unheld,
)
from storage.media.memory import MemoryMedia
from storage.memory import MemoryConversations
from storage.open import open_conversations
from storage.snapshots import named_in_snapshots, take_snapshot
from storage.stored_form import JsonForm
from tests.contracts.samples import ME, conversation, picture, picture_ref, said
from tests.unit.archive.conversations import House
from tests.unit.turns.workshop import EDITOR, INGEST, png

Put = Callable[[str, bytes, float], None]
NOTHING = Collected()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def media(root: Path) -> FolderMedia:
    return FolderMedia(root)


@pytest.fixture
def put(media: FolderMedia, root: Path) -> Put:
    """Store under a name, so many hours ago."""

    def stored(name: str, data: bytes, hours: float) -> None:
        media.put(name, data)
        at = (now() - timedelta(hours=hours)).timestamp()
        os.utime(root / name[:2] / name, (at, at))

    return stored


@pytest.fixture
def store(media: FolderMedia) -> Conversations:
    """A store that the record beside the pictures knows."""
    known = MemoryConversations()
    remember(known, media)
    return known


def shown(store: Conversations, put: Put, count: int) -> list[str]:
    """So many old pictures, each in a message of one conversation; their names."""
    created = conversation()
    store.create(created)
    above: Message | None = None
    names = []
    for number in range(count):
        data = f"{created.id} {number}".encode()
        ref = picture_ref(data)
        put(ref.sha256, data, 9999)
        put(f"{ref.sha256}.t768", b"copy", 9999)
        store.grant_media(ME, ref)
        above = replace(said(created, above), parts=(picture(data),))
        store.add([above])
        names.append(ref.sha256)
    return names


def start(store: Conversations, media: MediaStore, spared: set[str] | None = None) -> Collected:
    """What a start does with the pictures."""
    doubted = doubt(store, media)
    return collect_garbage(store, media, doubted=doubted, spared=spared or set())


def test_what_a_message_names_stays_however_old(
    store: Conversations, media: FolderMedia, put: Put
) -> None:
    created = conversation()
    store.create(created)
    store.add([replace(said(created), parts=(picture(b"used", draft=True),))])
    store.grant_media(ME, picture_ref(b"used"))
    store.delete(ME, created.id)
    name = picture_ref(b"used").sha256
    put(name, b"used", 9999)
    put(f"{name}.t768", b"copy", 9999)
    assert start(store, media) == NOTHING
    store.purge(now() + timedelta(seconds=1))
    assert start(store, media).binned == (name, f"{name}.t768")
    assert media.names(now() + timedelta(days=1)) == []


def test_an_unsent_upload_stays_for_a_day(
    store: Conversations, media: FolderMedia, put: Put
) -> None:
    fresh, stale = picture_ref(b"fresh"), picture_ref(b"stale")
    store.grant_media(ME, fresh)
    store.grant_media(ME, stale)
    put(fresh.sha256, b"fresh", 23)
    put(f"{fresh.sha256}.t768", b"copy", 30)
    put(stale.sha256, b"stale", 25)
    put(f"{stale.sha256}.t768", b"copy", 1)
    assert start(store, media).binned == (stale.sha256, f"{stale.sha256}.t768")
    assert media.names(now() + timedelta(days=1)) == [fresh.sha256, f"{fresh.sha256}.t768"]


def test_a_picture_comes_back_from_the_bin_when_it_is_asked_for(
    store: Conversations, media: FolderMedia, put: Put, root: Path
) -> None:
    ref = picture_ref(b"thrown away")
    store.grant_media(ME, ref)
    put(ref.sha256, b"thrown away", 25)
    assert start(store, media).binned == (ref.sha256,)
    assert (root / "bin" / now().date().isoformat() / ref.sha256).is_file()
    assert media.has(ref.sha256)
    assert media.get(ref.sha256) == b"thrown away"
    assert media.names(now() + timedelta(days=1)) == [ref.sha256]
    assert not list((root / "bin").rglob(ref.sha256))


def test_the_bin_keeps_a_picture_for_a_month(
    store: Conversations, media: FolderMedia, put: Put
) -> None:
    ref, needed = picture_ref(b"thrown away"), picture_ref(b"named by a backup")
    for each, data in ((ref, b"thrown away"), (needed, b"named by a backup")):
        store.grant_media(ME, each)
        put(each.sha256, data, 25)
    assert len(start(store, media).binned) == 2
    later = now() + timedelta(days=29)
    assert collect_garbage(store, media, at=later).removed == ()
    later = now() + timedelta(days=32)
    spared = {needed.sha256}
    assert collect_garbage(store, media, spared=spared, at=later).removed == (ref.sha256,)
    assert not media.has(ref.sha256)
    assert media.get(needed.sha256) == b"named by a backup"


def test_nothing_is_collected_where_the_database_is_another(
    media: FolderMedia, put: Put, store: Conversations
) -> None:
    names = shown(store, put, 8)
    remember(store, media)
    other = MemoryConversations()
    assert start(other, media).doubt
    assert all((media.names(now()).count(name)) for name in names)
    assert doubt(store, media) == OTHER_DATABASE
    assert start(store, media).doubt
    assert start(store, media) == NOTHING


def test_an_older_copy_of_the_database_costs_no_picture(
    tmp_path: Path, media: FolderMedia, put: Put
) -> None:
    path = tmp_path / "easel.db"
    database = open_conversations(f"sqlite:///{path}")
    assert start(database, media).doubt, "nothing is known yet at the very first start"
    before = shown(database, put, 2)
    # An upload that was waiting in the composer when the copy was made, and was sent later.
    waiting = picture_ref(b"waiting")
    put(waiting.sha256, b"waiting", 9999)
    database.grant_media(ME, waiting)
    database.close()
    shutil.copy(path, tmp_path / "copy.db")
    database = open_conversations(f"sqlite:///{path}")
    after = shown(database, put, 6)
    created = conversation()
    database.create(created)
    database.add([replace(said(created), parts=(picture(b"waiting"),))])
    remember(database, media)
    database.close()
    shutil.copy(tmp_path / "copy.db", path)
    older = open_conversations(f"sqlite:///{path}")
    assert doubt(older, media) == OLDER_COPY
    assert start(older, media).doubt == OLDER_COPY
    held = media.names(now())
    assert {*before, *after, waiting.sha256} <= set(held)
    # At the next start it is the database. What it does not need waits in the bin for the other.
    assert waiting.sha256 in start(older, media).binned
    older.close()
    for name in [*before, *after, waiting.sha256]:
        assert picture_ref(media.get(name)).sha256 == name


def test_an_older_copy_is_known_by_its_pictures_where_a_crash_left_no_note(
    tmp_path: Path, media: FolderMedia, put: Put
) -> None:
    path = tmp_path / "easel.db"
    database = open_conversations(f"sqlite:///{path}")
    start(database, media)
    database.close()
    shutil.copy(path, tmp_path / "copy.db")
    database = open_conversations(f"sqlite:///{path}")
    names = shown(database, put, 3)
    database.close()
    shutil.copy(tmp_path / "copy.db", path)
    older = open_conversations(f"sqlite:///{path}")
    assert doubt(older, media) == ""
    assert "does not know" in start(older, media).doubt
    older.close()
    assert set(names) <= set(media.names(now()))


def test_what_a_crash_left_is_collected_at_the_second_start(
    store: Conversations, media: FolderMedia, put: Put
) -> None:
    name = picture_ref(b"stored, and never told to the database").sha256
    put(name, b"stored, and never told to the database", 25)
    assert start(store, media).doubt
    assert start(store, media).binned == (name,)


def test_a_copy_whose_original_is_gone_goes_when_all_of_its_kind_are_old(
    store: Conversations, media: FolderMedia, put: Put
) -> None:
    ref = picture_ref(b"gone")
    store.grant_media(ME, ref)
    put(f"{ref.sha256}.t768", b"copy", 25)
    put(f"{ref.sha256}.t96", b"copy", 1)
    assert start(store, media) == NOTHING
    put(f"{ref.sha256}.t96", b"copy", 25)
    assert start(store, media).binned == (f"{ref.sha256}.t768", f"{ref.sha256}.t96")


def test_pictures_of_a_database_that_was_given_up_are_kept_for_good(
    media: FolderMedia, put: Put, store: Conversations
) -> None:
    names = shown(store, put, 3)
    assert keep_all(media) == 3
    new = MemoryConversations()
    assert start(new, media).doubt
    assert start(new, media) == NOTHING
    assert start(new, media) == NOTHING
    assert set(names) <= set(media.names(now()))


def test_what_a_copy_beside_the_database_names_is_spared(
    tmp_path: Path, media: FolderMedia, put: Put
) -> None:
    """It is the copy that Easel itself tells to go back to."""
    path = tmp_path / "easel.db"
    database = open_conversations(f"sqlite:///{path}")
    start(database, media)
    names = shown(database, put, 2)
    take_snapshot(path, "0001")
    (hit,) = database.search(ME)
    database.delete(ME, hit.conversation.id)
    database.purge(now() + timedelta(seconds=1))
    assert named_in_snapshots(path) == set(names)
    remember(database, media)
    assert start(database, media, named_in_snapshots(path)) == NOTHING
    assert len(start(database, media).binned) == 4
    database.close()


def test_a_record_that_cannot_be_read_is_doubt_and_no_crash(
    store: Conversations, media: FolderMedia, root: Path
) -> None:
    for damage in (
        b"",
        b"{",
        b"[]",
        b'{"database": 5}',
        b'{"newest": "x", "unknown": 5, "names": 5}',
    ):
        (root / "records" / "database.json").write_bytes(damage)
        assert start(store, media).doubt
        (root / "records" / "backup-1.json").write_bytes(damage)
        assert named_in_backups(media) == set()


class _Meanwhile(FolderMedia):
    """Somebody else does something at a moment of what is done with a picture."""

    def __init__(self, root: Path, moment: str, done: Callable[["_Meanwhile"], None]) -> None:
        super().__init__(root)
        self._moment, self._done = moment, done

    def _reached(self, moment: str) -> None:
        if moment == self._moment:
            self._moment = ""
            self._done(self)

    def get(self, name: str) -> bytes:
        data = super().get(name)
        self._reached("read")
        return data

    def names(self, older_than: datetime) -> list[str]:
        self._reached("listed")
        return super().names(older_than)

    def delete(self, name: str) -> None:
        super().delete(name)
        self._reached("deleted")


@pytest.mark.parametrize("moment", ["never", "listed", "read", "deleted"])
async def test_a_removal_for_good_takes_no_picture_that_somebody_else_uploads_meanwhile(
    root: Path, moment: str
) -> None:
    store, data = MemoryConversations(), png("red", 16)
    gone = INGEST.ingest(data, "upload").ref

    def upload(media: _Meanwhile) -> None:
        for name, made in ((gone.sha256, data), (f"{gone.sha256}{THUMBNAIL}", b"small")):
            media.put(name, made)
        store.grant_media(ME, gone)

    media = _Meanwhile(root, moment, upload)
    media.put(gone.sha256, data)
    remove_unheld(store, media, [gone.sha256])
    assert media.has(gone.sha256) is (moment != "never")


class _Removing(MemoryConversations):
    """Somebody is removed for good right before another is granted what was theirs."""

    def __init__(self, media: MemoryMedia) -> None:
        super().__init__()
        self._media_store = media

    def grant_media(self, owner: str, ref: MediaRef) -> None:
        remove_unheld(self, self._media_store, [ref.sha256])
        super().grant_media(owner, ref)

    def add_whole(
        self,
        owner: str,
        wholes: Sequence[WholeConversation],
        pictures: Sequence[MediaRef] = (),
        *,
        lender: str = "",
    ) -> list[Conversation]:
        remove_unheld(self, self._media_store, [ref.sha256 for ref in pictures])
        return super().add_whole(owner, wholes, pictures, lender=lender)


@pytest.mark.parametrize("what", ["picture", "file", "import"])
async def test_what_was_taken_between_the_bytes_and_the_grant_is_put_again(what: str) -> None:
    media = MemoryMedia()
    store = _Removing(media)
    pictures = Pictures(INGEST, media, store)
    try:
        if what == "picture":
            ref, _ = await pictures.keep(ME, png("red", 16), "upload")
        elif what == "file":
            ref = await pictures.keep_file(ME, b"words", "text/plain")
        else:
            house = House()
            ref, _ = await house.pictures.keep(ME, png("red", 16), "upload")
            made = conversation()
            house.store.create(made)
            house.store.add([replace(said(made), parts=(Image(ref, "upload"),))])
            zipped = await house.zipped(made.id)
            house.close()
            importer = Importer(store, pictures, JsonForm(), lambda _: "usual", EDITOR)
            await importer.take(ME, io.BytesIO(zipped))
            assert store.media(ME, ref.sha256) == ref
        assert media.has(ref.sha256)
    finally:
        pictures.close()
