"""A real haproxy that hands each connection and request to the next of several servers."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.patience import PATIENCE_S
from tests.program import lasting_port

HAPROXY = shutil.which("haproxy", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")

SETTINGS = """
global
    maxconn 500
defaults
    mode http
    option redispatch
    timeout connect 5s
    timeout client 60s
    timeout server 60s
    timeout tunnel 1h
listen easels
    bind 127.0.0.1:{port}
    balance roundrobin
{servers}
"""


@contextmanager
def balanced(folder: Path, ports: Sequence[int]) -> Iterator[int]:
    """A haproxy in turn before servers at these ports; its own port."""
    assert HAPROXY is not None
    port, file = lasting_port(), folder / "haproxy.cfg"
    servers = "\n".join(f"    server easel{at} 127.0.0.1:{at}" for at in ports)
    file.write_text(SETTINGS.format(port=port, servers=servers), encoding="utf-8")
    with (folder / "haproxy.log").open("wb") as log:
        process = subprocess.Popen([HAPROXY, "-db", "-f", str(file)], stdout=log, stderr=log)
    try:
        while process.poll() is None:  # it tells nobody when it listens
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=PATIENCE_S)
            except httpx.ConnectError:
                continue
            break
        else:
            raise AssertionError((folder / "haproxy.log").read_text(encoding="utf-8"))
        yield port
    finally:
        process.kill()
        process.wait(PATIENCE_S)
