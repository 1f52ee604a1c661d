"""Every store that is registered, empty and ready. A new row needs an address here, no test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis

from chat.core.ports import Conversations, MediaStore
from storage.open import CONVERSATIONS, MEDIA, open_conversations, open_media
from tests.contracts import planted_store
from tests.postgresql import postgresql_url
from tests.redis_server import redis_url
from tests.s3 import BUCKET, S3, s3

__all__ = ["postgresql_url", "redis_url", "s3"]

NOT_HERE = frozenset({"gs", "az", "rediss"})
"""Rows whose servers cannot be started from a package of Python, or not here; they share the code
of "s3" and "redis"."""


@pytest.fixture
def emptied_postgresql_url(postgresql_url: str) -> str:
    """The server's database without a table in it."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgresql_url


@pytest.fixture
def address_of(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """From a registered scheme to an address where nothing is kept yet."""

    def folder_of_bucket() -> str:
        server: S3 = request.getfixturevalue("s3")
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        return f"s3://{BUCKET}/{uuid4().hex}"

    def empty_redis() -> str:
        url: str = request.getfixturevalue("redis_url")
        with redis.Redis.from_url(url) as client:
            client.flushall()
        return url

    addresses: dict[str, Callable[[], str]] = {
        "redis": empty_redis,
        "memory": lambda: "memory:",
        "sqlite": lambda: f"sqlite:///{tmp_path / 'data' / 'easel.db'}",
        "postgresql": lambda: str(request.getfixturevalue("emptied_postgresql_url")),
        "file": lambda: (tmp_path / "media").as_uri(),
        "s3": folder_of_bucket,
    }

    def address(scheme: str) -> str:
        # Any other is taken to keep its things on this disk; one on a server gets a row above.
        return addresses[scheme]() if scheme in addresses else f"{scheme}://{tmp_path / 'kept'}"

    return address


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with every table and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "easel.db"
    open_conversations(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def migrated_postgresql_url(postgresql_url: str) -> str:
    """A database of the server's with every table in it, for one test at a time."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    url = postgresql_url.replace("/postgres?", "/migrated?")
    assert url != postgresql_url
    open_conversations(url).close()
    return url


@pytest.fixture
def migrated_address_of(
    request: pytest.FixtureRequest, address_of: Callable[[str], str], tmp_path: Path
) -> Callable[[str], str]:
    """The same where the tables are there already: to make them takes longer than most tests."""

    def sqlite() -> str:
        url = address_of("sqlite")
        (tmp_path / "data").mkdir(mode=0o700)
        shutil.copyfile(request.getfixturevalue("migrated_file"), tmp_path / "data" / "easel.db")
        return url

    def postgresql() -> str:
        url: str = request.getfixturevalue("migrated_postgresql_url")
        with psycopg.connect(url, autocommit=True) as connection:
            named = "SELECT string_agg(quote_ident(tablename), ',') FROM pg_tables"
            # These two say which form the database has, and which it is.
            own = "schemaname = 'public' AND tablename NOT IN ('alembic_version', 'identity')"
            (tables,) = connection.execute(f"{named} WHERE {own}").fetchone() or ("",)
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")
        return url

    migrated = {"sqlite": sqlite, "postgresql": postgresql}
    return lambda scheme: migrated[scheme]() if scheme in migrated else address_of(scheme)


@pytest.fixture(params=CONVERSATIONS)
def store(
    request: pytest.FixtureRequest, migrated_address_of: Callable[[str], str]
) -> Iterator[Conversations]:
    """An empty store of conversations."""
    opened = open_conversations(migrated_address_of(request.param))
    yield opened
    opened.close()


@pytest.fixture(params=[*(each for each in MEDIA if each not in NOT_HERE), planted_store.SCHEME])
def media(
    request: pytest.FixtureRequest,
    address_of: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> MediaStore:
    """An empty store of pictures, of each kind there is and of one that somebody else wrote."""
    monkeypatch.setitem(MEDIA, planted_store.SCHEME, planted_store.WHERE)
    return open_media(address_of(request.param))
