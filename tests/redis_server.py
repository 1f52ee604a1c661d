"""A Redis server of a test session's own, that keeps nothing on the disk."""

import shutil
import subprocess
from collections.abc import Iterator

import pytest
import redis

from tests.patience import PATIENCE_S
from tests.program import lasting_port

SERVER = shutil.which("redis-server", path="/usr/bin:/usr/sbin:/usr/local/bin:/opt/homebrew/bin")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Where it is."""
    if SERVER is None:
        pytest.skip("there is no redis-server on this machine")
    port = lasting_port()
    settings = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([SERVER, *settings], stdout=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port, socket_timeout=PATIENCE_S) as client:
            while process.poll() is None:  # it tells nobody when it listens
                try:
                    client.ping()
                except redis.ConnectionError:
                    continue
                break
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait(PATIENCE_S)
