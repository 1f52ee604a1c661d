"""Only pictures that nobody can miss are cleared away."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chat.core.messages import now
from storage.folder import FolderMedia
from storage.memory import MemoryConversations
from storage.sweep import sweep
from tests.contracts.samples import ME, conversation, picture, picture_ref, said

Put = Callable[[str, bytes, float], None]


@pytest.fixture
def media(tmp_path: Path) -> FolderMedia:
    return FolderMedia(tmp_path)


@pytest.fixture
def put(media: FolderMedia, tmp_path: Path) -> Put:
    """Store under a name, so many hours ago."""

    def stored(name: str, data: bytes, hours: float) -> None:
        media.put(name, data)
        at = (now() - timedelta(hours=hours)).timestamp()
        os.utime(tmp_path / name[:2] / name, (at, at))

    return stored


def test_what_a_message_names_stays_however_old(media: FolderMedia, put: Put) -> None:
    store = MemoryConversations()
    created = conversation()
    store.create(created)
    store.add([replace(said(created), parts=(picture(b"used", draft=True),))])
    store.delete(ME, created.id)
    name = picture_ref(b"used").sha256
    put(name, b"used", 9999)
    put(f"{name}.t768", b"copy", 9999)
    assert sweep(store, media) == []
    assert media.has(name)
    store.purge(now() + timedelta(seconds=1))
    assert sweep(store, media) == sorted([name, f"{name}.t768"])
    assert not media.has(name)


def test_an_unsent_upload_stays_for_a_day(media: FolderMedia, put: Put) -> None:
    fresh, stale = picture_ref(b"fresh").sha256, picture_ref(b"stale").sha256
    put(fresh, b"fresh", 23)
    put(f"{fresh}.t768", b"copy", 30)
    put(stale, b"stale", 25)
    put(f"{stale}.t768", b"copy", 1)
    assert sweep(MemoryConversations(), media) == sorted([stale, f"{stale}.t768"])
    assert media.has(fresh)
    assert media.has(f"{fresh}.t768")


def test_a_copy_whose_original_is_gone_goes_when_it_is_old(media: FolderMedia, put: Put) -> None:
    name = picture_ref(b"gone").sha256
    put(f"{name}.t768", b"copy", 25)
    put(f"{name}.t96", b"copy", 1)
    assert sweep(MemoryConversations(), media) == []
    assert sweep(MemoryConversations(), media, now()) == [f"{name}.t768", f"{name}.t96"]
