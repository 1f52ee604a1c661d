"""A backup made while Easel writes is whole, and restoring it is starting Easel with it."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from chat.core.errors import ConfigError, Conflict, NotFound
from chat.core.messages import Message
from storage.backup import back_up, main
from storage.media.garbage import named_in_backups
from storage.open import MEDIA, open_conversations, open_media
from storage.sql import SqlConversations
from tests.contracts import planted_store
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
        copied = [back_up(url, media_url, target).pictures for target in targets]
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


def test_a_lost_and_a_damaged_picture_leave_the_rest_backed_up(
    store: SqlConversations,
    path: Path,
    media_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    last = show(store, media_url, 4)
    lost, damaged = sorted(store.media_in_use())[:2]
    media = path.parent / "media"
    (media / lost[:2] / lost).unlink()
    (media / damaged[:2] / damaged).write_bytes(b"something else")
    target = tmp_path / "backup"
    assert main(["--data", str(path.parent), str(target)], {}) == 0
    told = capsys.readouterr()
    assert "2 pictures" in told.out
    assert "2 pictures are lost or damaged" in told.err
    assert "EASEL_MEDIA_URL" not in told.err, "the others are there, so the place is right"
    assert (target / "missing.txt").read_text().split() == [lost, damaged]
    restored = open_conversations(f"sqlite:///{target / 'easel.db'}")
    assert restored.branch(last.id) == store.branch(last.id)
    restored.close()
    copied = open_media((target / "media").as_uri())
    for name in store.media_in_use() - {lost, damaged}:
        assert picture_ref(copied.get(name)).sha256 == name
    assert not copied.has(damaged), "what is damaged is no picture, in a backup least of all"


def test_who_looks_for_the_pictures_in_the_wrong_place_is_told_where_to_say_it(
    store: SqlConversations, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show(store, (tmp_path / "elsewhere").as_uri(), 2)
    assert main(["--data", str(path.parent), str(tmp_path / "backup")], {}) == 0
    assert "give the backup the same EASEL_MEDIA_URL" in capsys.readouterr().err


def test_pictures_in_a_store_that_somebody_else_wrote_are_backed_up_too(
    store: SqlConversations, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MEDIA, planted_store.SCHEME, planted_store.WHERE)
    elsewhere = f"{planted_store.SCHEME}://{tmp_path / 'pictures.db'}"
    show(store, elsewhere, 3)
    assert back_up(url, elsewhere, tmp_path / "backup").pictures == 3
    copied = open_media((tmp_path / "backup" / "media").as_uri())
    assert all(copied.has(name) for name in store.media_in_use())
    assert named_in_backups(open_media(elsewhere)) == store.media_in_use()


@pytest.mark.parametrize("how", ["argument", "environment"])
def test_pictures_that_are_kept_elsewhere_are_backed_up_too(
    store: SqlConversations,
    path: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    how: str,
) -> None:
    elsewhere = (tmp_path / "elsewhere").as_uri()
    show(store, elsewhere, 3)
    more = ["--media", elsewhere] if how == "argument" else []
    environ = {} if how == "argument" else {"EASEL_MEDIA_URL": elsewhere}
    assert main(["--data", str(path.parent), *more, str(tmp_path / "backup")], environ) == 0
    assert "3 pictures" in capsys.readouterr().out
    copied = open_media((tmp_path / "backup" / "media").as_uri())
    assert all(copied.has(name) for name in store.media_in_use())


def test_what_a_backup_holds_heals_a_damaged_picture(
    store: SqlConversations, url: str, path: Path, media_url: str, tmp_path: Path
) -> None:
    show(store, media_url, 1)
    (name,) = store.media_in_use()
    back_up(url, media_url, tmp_path / "backup")
    file = path.parent / "media" / name[:2] / name
    file.write_bytes(b"damaged")
    data = open_media(media_url).get(name)
    assert picture_ref(data).sha256 == name
    assert file.read_bytes() == data
    assert named_in_backups(open_media(media_url)) == {name}


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
