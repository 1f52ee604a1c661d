"""A backup made while Easel writes is whole, and restoring it is starting Easel with it."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from chat.core.errors import ConfigError, Conflict, Damaged, NotFound
from chat.core.messages import Message
from storage.backup import back_up, main
from storage.open import open_conversations, open_media
from storage.sql import SqlConversations
from tests.contracts.samples import ME, conversation, picture, picture_ref, said


@pytest.fixture
def media_url(path: Path) -> str:
    return (path.parent / "media").as_uri()


def show(store: SqlConversations, media_url: str, count: int) -> Message:
    """A conversation with as many pictures; its last message."""
    created = conversation()
    store.create(created)
    last = said(created)
    store.add([last])
    media = open_media(media_url)
    for number in range(count):
        data = f"{created.id} {number}".encode()
        media.put(picture_ref(data).sha256, data)
        last = replace(said(created, last), parts=(picture(data),))
        store.add([last])
    return last


def test_a_backup_under_load_is_whole(
    store: SqlConversations, url: str, media_url: str, tmp_path: Path
) -> None:
    kept = show(store, media_url, 3)
    stop, failures = threading.Event(), []

    def load() -> None:
        try:
            while not stop.is_set():
                show(store, media_url, 2)
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=load) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        targets = [tmp_path / f"backup-{number}" for number in range(3)]
        copied = [back_up(url, media_url, target) for target in targets]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert failures == []
    assert copied == sorted(copied)
    for target, count in zip(targets, copied, strict=True):
        assert {entry.name for entry in target.iterdir()} <= {"easel.db", "media"}
        restored = open_conversations(f"sqlite:///{target / 'easel.db'}")
        pictures = open_media((target / "media").as_uri())
        assert restored.branch(kept.id) == store.branch(kept.id)
        named = restored.media_in_use()
        assert len(named) == count >= 3
        assert {picture_ref(pictures.get(name)).sha256 for name in named} == named
        restored.add([said(restored.get(ME, kept.conversation_id), kept)])
        restored.close()


def test_the_program_backs_up_a_data_folder(
    store: SqlConversations,
    path: Path,
    media_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = show(store, media_url, 2)
    target = tmp_path / "a backup"
    assert main(["--data", str(path.parent), str(target)]) == 0
    assert "2 pictures" in capsys.readouterr().out
    restored = open_conversations(f"sqlite:///{target / 'easel.db'}")
    assert restored.branch(kept.id) == store.branch(kept.id)
    restored.close()
    assert main(["--data", str(path.parent), str(target)]) == 1
    told = capsys.readouterr().err
    assert told == "The target of the backup exists already.\n"


def test_a_backup_that_lacks_a_picture_is_none(
    store: SqlConversations, url: str, media_url: str, tmp_path: Path
) -> None:
    """Better to hear of it now than on the day it is needed."""
    last = show(store, media_url, 2)
    (name,) = (part.media.sha256 for part in last.parts if part.kind == "image")
    open_media(media_url).delete(name)
    with pytest.raises(Damaged, match="missing or damaged"):
        back_up(url, media_url, tmp_path / "backup")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["data"]


def test_only_what_is_there_is_backed_up_and_nothing_is_overwritten(
    store: SqlConversations, url: str, media_url: str, tmp_path: Path
) -> None:
    assert store.search(ME) == []
    with pytest.raises(Conflict):
        back_up(url, media_url, tmp_path)
    with pytest.raises(NotFound):
        back_up(f"sqlite:///{tmp_path}/other.db", media_url, tmp_path / "backup")
    with pytest.raises(ConfigError, match="pg_dump"):
        back_up("postgresql://host/name", media_url, tmp_path / "backup")
    assert not (tmp_path / "other.db").exists()
