"""The folder of pictures on a real disk: where files are, for whom, and what a crash leaves."""

import os
import stat
import time
from pathlib import Path

import pytest

from chat.core.errors import ReadOnly, StorageError
from chat.core.messages import now
from storage.media.folder import FolderMedia
from storage.open import open_media
from tests.contracts.samples import picture_ref
from tests.unit.storage.programs import kill, line_of, start
from tests.unit.storage.rights import open_folder, unprivileged

LATER = now().replace(year=2999)

WRITER = """
import hashlib, sys
from pathlib import Path
from storage.media.folder import FolderMedia
media = FolderMedia(Path(sys.argv[1]))
for number in range(10_000):
    data = number.to_bytes(4, "big") * 100_000
    name = hashlib.sha256(data).hexdigest()
    media.put(name, data)
    print(name)
"""


def test_a_picture_lies_under_its_name_for_its_user_only(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "media"
    media = open_media(root.as_uri())
    name = picture_ref().sha256
    media.put(name, b"fox")
    file = root / name[:2] / name
    assert file.read_bytes() == b"fox"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (root, file.parent)} == {0o700}


def test_what_was_acknowledged_survives_a_kill_and_the_rest_is_not_there(tmp_path: Path) -> None:
    writer = start(WRITER, str(tmp_path))
    named = [line_of(writer) for _ in range(5)] + kill(writer)
    media = FolderMedia(tmp_path)
    for name in {*named, *media.names(LATER)}:
        assert picture_ref(media.get(name)).sha256 == name


def test_only_old_debris_is_cleared_away(tmp_path: Path) -> None:
    """What is young may be another process's, which is about to finish it."""
    FolderMedia(tmp_path)
    young, old = tmp_path / "unfinished" / "young", tmp_path / "unfinished" / "old"
    young.write_bytes(b"1")
    old.write_bytes(b"1")
    two_hours_ago = time.time() - 7200
    os.utime(old, (two_hours_ago, two_hours_ago))
    media = FolderMedia(tmp_path)
    assert young.exists()
    assert not old.exists()
    assert media.names(LATER) == []


def test_files_of_other_names_are_not_pictures(tmp_path: Path) -> None:
    media = FolderMedia(tmp_path)
    media.put(picture_ref().sha256, b"fox")
    (tmp_path / picture_ref().sha256[:2] / "Thumbs.db").write_bytes(b"?")
    (tmp_path / "README").write_bytes(b"?")
    assert media.names(LATER) == [picture_ref().sha256]


def test_putting_again_makes_a_picture_young(tmp_path: Path) -> None:
    """Or what somebody uploads again could be collected before it is sent."""
    media = FolderMedia(tmp_path)
    name = picture_ref().sha256
    media.put(name, b"fox")
    os.utime(tmp_path / name[:2] / name, (0, 0))
    assert media.names(now().replace(year=2000)) == [name]
    media.put(name, b"fox")
    assert media.names(now().replace(year=2000)) == []


def test_a_folder_that_cannot_be_written_can_be_read() -> None:
    with open_folder() as folder:
        media = FolderMedia(folder)
        name, other = picture_ref().sha256, picture_ref(b"owl").sha256
        media.put(name, b"fox")
        for path in [*folder.rglob("*"), folder]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        with unprivileged():
            assert media.get(name) == b"fox"
            with pytest.raises(ReadOnly):
                media.put(other, b"owl")
            with pytest.raises(ReadOnly):
                media.delete(name)
        assert media.has(name)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755)


def test_a_folder_that_may_not_be_read_is_no_missing_picture() -> None:
    """Or a page would say that a picture is gone while it is all there."""
    with open_folder() as folder:
        media = FolderMedia(folder)
        name = picture_ref().sha256
        media.put(name, b"fox")
        shelf = folder / name[:2]
        shelf.chmod(0)
        with unprivileged():
            for ask in (media.get, media.has):
                with pytest.raises(StorageError, match="does not answer"):
                    ask(name)
        shelf.chmod(0o700)
        assert media.get(name) == b"fox"


def test_a_file_in_the_way_is_an_error_fit_to_show(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"")
    with pytest.raises(StorageError) as caught:
        open_media((tmp_path / "media").as_uri())
    assert str(tmp_path) not in str(caught.value)
