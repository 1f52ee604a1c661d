"""Easel starts whatever the variables of proxies and certificates say, and tells of them."""

from pathlib import Path

import pytest

from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream

pytestmark = pytest.mark.process

NONSENSE = {
    "HTTPS_PROXY": "http://user:p#ssword@proxy.example:port",
    "ALL_PROXY": "socks4://127.0.0.1:7909",
    "NO_PROXY": "localhost,[::1",
    "SSL_CERT_FILE": "/nonexistent.pem",
    "SSL_CERT_DIR": "/nonexistent",
    "REQUESTS_CA_BUNDLE": "/nonexistent.pem",
    "SSLKEYLOGFILE": "/nonexistent/keys.log",
}
UNUSUAL = {
    "HTTP_PROXY": "http://user:p#ssword@127.0.0.1:1",
    "ALL_PROXY": "socks://127.0.0.1:1/",
    "NO_PROXY": "localhost,127.0.0.1,::1,[::1],fd07:b51a:cc66:f0::/64",
}


def test_it_starts_with_nonsense_in_every_variable_and_names_each(tmp_path: Path) -> None:
    with Easel(tmp_path / "data", **NONSENSE) as easel:
        log = easel.log()
    for name in NONSENSE:
        assert log.count(name) == 1, name
    assert "Traceback" not in log
    assert "p#ssword" not in log


def test_a_server_on_this_machine_answers_past_proxies_that_are_dead(
    tmp_path: Path, upstream: Upstream
) -> None:
    upstream.says("Hello from here.")
    with Easel(tmp_path / "data", **upstream.environ, **UNUSUAL) as easel:
        reply = easel.awaited(easel.ask(easel.begin(), "hello"), Disk(easel.folder).ended)
        assert reply.status == "complete"
        log = easel.log()
    assert "Traceback" not in log
    assert "p#ssword" not in log
    assert log.count("was understood") == len(UNUSUAL)
