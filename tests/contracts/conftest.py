"""Every store that is registered, empty and ready. A new row needs an address here, no test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from chat.core.ports import Conversations, MediaStore
from storage.open import CONVERSATIONS, MEDIA, open_conversations, open_media
from tests.contracts import planted_store
from tests.postgresql import postgresql_url

__all__ = ["postgresql_url"]


@pytest.fixture
def emptied_postgresql_url(postgresql_url: str) -> str:
    """The server's database without a table in it."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgresql_url


@pytest.fixture
def address_of(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """From a registered scheme to an address where nothing is kept yet."""
    addresses: dict[str, Callable[[], str]] = {
        "memory": lambda: "memory:",
        "sqlite": lambda: f"sqlite:///{tmp_path / 'data' / 'easel.db'}",
        "postgresql": lambda: str(request.getfixturevalue("emptied_postgresql_url")),
        "file": lambda: (tmp_path / "media").as_uri(),
        planted_store.SCHEME: lambda: f"{planted_store.SCHEME}://{tmp_path / 'pictures.db'}",
    }
    return lambda scheme: addresses[scheme]()


@pytest.fixture(params=CONVERSATIONS)
def store(
    request: pytest.FixtureRequest, address_of: Callable[[str], str]
) -> Iterator[Conversations]:
    """An empty store of conversations."""
    opened = open_conversations(address_of(request.param))
    yield opened
    opened.close()


@pytest.fixture(params=[*MEDIA, planted_store.SCHEME])
def media(
    request: pytest.FixtureRequest,
    address_of: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> MediaStore:
    """An empty store of pictures, of each kind there is and of one that somebody else wrote."""
    monkeypatch.setitem(MEDIA, planted_store.SCHEME, planted_store.WHERE)
    return open_media(address_of(request.param))
