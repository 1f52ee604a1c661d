"""Behind a PgBouncer that gives each transaction another connection, everything works."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from storage.open import database_exists, open_conversations
from tests.contracts.samples import ME, conversation, said
from tests.postgresql import postgresql_url
from tests.process.disk import until
from tests.program import lasting_port

__all__ = ["postgresql_url"]

PGBOUNCER = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="there is no PgBouncer on this machine")

SETTINGS = """
[databases]
* = host={host} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
"""


@pytest.fixture
def pooled_url(postgresql_url: str) -> Iterator[str]:
    """The server's database by way of a pooler with three connections."""
    assert PGBOUNCER is not None
    host, port = parse_qs(urlsplit(postgresql_url).query)["host"][0], lasting_port()
    with tempfile.TemporaryDirectory(prefix="easel-pooler-") as folder:
        settings = Path(folder, "pgbouncer.ini")
        settings.write_text(SETTINGS.format(host=host, port=port))
        for path in (Path(folder), Path(host)):
            path.chmod(0o755)
        who = ["-u", "nobody"] if os.geteuid() == 0 else []  # it does not run as root
        with subprocess.Popen(
            [PGBOUNCER, *who, settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as pooler:
            url = f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
            until(lambda: _answers(url))
            yield url
            pooler.kill()


def _answers(url: str) -> bool | None:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return None
    return True


def test_many_threads_share_few_connections(pooled_url: str) -> None:
    store = open_conversations(pooled_url)
    try:
        assert database_exists(pooled_url)

        def talk(_: int) -> int:
            created = conversation()
            store.create(created)
            last = said(created)
            store.add([last])
            # More often than a statement is sent before a driver prepares it.
            for _ in range(12):
                last = said(created, last)
                store.add([last])
            return len(store.branch(last.id))

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(talk, range(16))) == [13] * 16
        assert len(store.search(ME, limit=50)) == 16
    finally:
        store.close()


def test_processes_behind_a_pooler_know_of_each_other_and_one_keeps_house(pooled_url: str) -> None:
    """A lock that outlived its transaction would stay with a connection that others get."""
    one, other = open_conversations(pooled_url), open_conversations(pooled_url)
    try:
        one.replicas.beat()
        assert other.replicas.beat().living == [one.replicas.own]
        with one.replicas.housekeeping() as first, other.replicas.housekeeping() as second:
            assert (first, second) == (True, False)
        with other.replicas.housekeeping() as later:
            assert later
        one.replicas.leave()
        assert other.replicas.beat().lapsed
    finally:
        one.close()
        other.close()
