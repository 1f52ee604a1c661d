"""A SQLite store in a folder of its own, and its address."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.open import open_conversations
from storage.sql import SqlConversations


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is going to be."""
    return tmp_path / "data" / "easel.db"


@pytest.fixture
def url(path: Path) -> str:
    """Its address."""
    return f"sqlite:///{path}"


@pytest.fixture
def store(url: str) -> Iterator[SqlConversations]:
    """The store, open."""
    opened = open_conversations(url)
    assert isinstance(opened, SqlConversations)
    yield opened
    opened.close()
