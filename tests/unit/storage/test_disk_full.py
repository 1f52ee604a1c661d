"""A full disk is said to be full, costs nothing that was acknowledged, and is got over."""

import resource
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from chat.core.errors import Full
from chat.core.messages import Message, new_id, now
from chat.core.parts import Text
from storage import sqlite_search_index
from storage.media.folder import FolderMedia
from storage.open import open_conversations
from storage.sql import SqlConversations
from storage.sqlite import WriteQueue, sqlite_engine
from tests.contracts.samples import ME, conversation, picture_ref, said

BIG = b"\x89" * 2_000_000
LATER = now().replace(year=2999)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 3 MB."""
    with tempfile.TemporaryDirectory(prefix="easel-disk-") as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("mounting a small disk needs root on Linux")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


@contextmanager
def small_files(limit_bytes: int) -> Iterator[None]:
    """Let no file grow beyond a size: what every user may do to themselves."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def fill(store: SqlConversations, conversation_id: str, parent: Message) -> list[Message]:
    """Add messages until the store says that it is full; those it took."""
    taken = [parent]
    for _ in range(1_000):
        parts = (Text("x" * 20_000),)
        message = Message(new_id(), conversation_id, taken[-1].id, "user", parts)
        try:
            store.add([message])
        except Full as error:
            assert "disk is full" in str(error)  # noqa: PT017 - where it comes is not known before
            return taken
        taken.append(message)
    pytest.fail("the disk never became full")


def test_a_database_that_may_not_grow_keeps_what_it_took(url: str, path: Path) -> None:
    open_conversations(url).close()
    engine = sqlite_engine(path)
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count = 100"))
    store = SqlConversations(engine, WriteQueue().turn)
    created = conversation()
    store.create(created)
    root = said(created)
    store.add([root])
    taken = fill(store, created.id, root)
    assert store.branch(taken[-1].id) == taken
    assert store.get(ME, created.id).head_id == taken[-1].id
    store.close()
    roomy = open_conversations(url)
    roomy.add([said(created, taken[-1])])
    assert roomy.branch(taken[-1].id) == taken
    roomy.close()


def test_without_room_for_an_index_of_searches_all_is_opened_and_found(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_conversations(url)
    assert isinstance(store, SqlConversations)
    sqlite_search_index.make(store._engine, possible=False)
    created = conversation()
    store.create(created)
    # No run of three of them comes twice.
    words = "".join(map(chr, range(0x4E00, 0x9E00)))
    store.add([replace(said(created), parts=(Text(words),))])
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    store.close()

    def nearly_full(raw: Any, _: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages + 3}")

    event.listen(Engine, "connect", nearly_full)
    try:
        opened = open_conversations(url)
    finally:
        event.remove(Engine, "connect", nearly_full)
    assert "no room for an index" in caplog.text
    assert len(opened.search(ME, words[7000:7020])) == 1
    opened.delete(ME, created.id)
    opened.close()


def test_a_full_disk_is_read_and_got_over(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 500_000)
    store = open_conversations(f"sqlite:///{small_disk / 'easel.db'}")
    assert isinstance(store, SqlConversations)
    created = conversation()
    store.create(created)
    root = said(created)
    store.add([root])
    taken = fill(store, created.id, root)
    assert store.branch(taken[-1].id) == taken
    ballast.unlink()
    message = said(created, taken[-1])
    store.add([message])
    assert store.branch(message.id) == [*taken, message]
    store.close()


def test_a_full_disk_leaves_no_half_picture(small_disk: Path) -> None:
    media = FolderMedia(small_disk / "media")
    first, second = picture_ref(BIG), picture_ref(BIG + b"!")
    media.put(first.sha256, BIG)
    with pytest.raises(Full, match="disk is full"):
        media.put(second.sha256, BIG + b"!")
    assert media.names(LATER) == [first.sha256]
    assert not list((small_disk / "media" / "unfinished").iterdir())
    media.delete(first.sha256)
    media.put(second.sha256, BIG + b"!")
    assert media.get(second.sha256) == BIG + b"!"


def test_a_write_cut_short_leaves_no_half_picture(tmp_path: Path) -> None:
    media = FolderMedia(tmp_path)
    ref = picture_ref(BIG)
    with small_files(1_000_000), pytest.raises(Full, match="disk is full"):
        media.put(ref.sha256, BIG)
    assert not media.has(ref.sha256)
    assert media.names(LATER) == []
    assert not list((tmp_path / "unfinished").iterdir())
    media.put(ref.sha256, BIG)
    assert media.get(ref.sha256) == BIG
