"""An S3 server of a test session's own, in an environment of its own."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]
BUCKET = "pictures-of-tests"

SERVES = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
"""It ends when whoever started it is gone."""


@dataclass(frozen=True)
class S3:
    """Where it is, and how a program is told of it."""

    endpoint: str

    @property
    def environ(self) -> dict[str, str]:
        """The variables that obstore reads."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "AKIAOFTESTS",
            "AWS_SECRET_ACCESS_KEY": "secret-of-tests",
            "AWS_REGION": "us-east-1",
        }


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """A server with one empty bucket."""
    found = subprocess.run([ROOT / ".ci/s3"], capture_output=True, text=True)
    if found.returncode != 0:
        pytest.skip(f"there is no S3 server: {found.stderr.strip()}")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with subprocess.Popen(
        [found.stdout.strip(), "-c", SERVES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=plain,
    ) as server:
        assert server.stdout is not None
        endpoint = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        httpx.put(f"{endpoint}/{BUCKET}", trust_env=False).raise_for_status()
        yield S3(endpoint)
        server.kill()
