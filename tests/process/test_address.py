"""Under which addresses Easel answers: this machine, the whole network, a hosted space."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.easel import Easel
from tests.process.upstream import Upstream

pytestmark = pytest.mark.process

SPACE = "me-easel.hf.example"


def free_for_all(easel: Easel) -> bool:
    """Whether the port is open beyond loopback, told by the system's own table."""
    table = Path("/proc/net/tcp").read_text()
    return re.search(rf" 00000000:{easel.port:04X} 00000000:0000 0A ", table) is not None


def status(easel: Easel, **headers: str) -> int:
    return easel.http.post("/api/conversations", headers=headers).status_code


@pytest.fixture(scope="module")
def space(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    folder = tmp_path_factory.mktemp("space") / "data"
    told = {"SPACE_ID": "me/easel", "SPACE_HOST": SPACE, "PORT": "0", "EASEL_NO_LOGIN": "1"}
    with Easel(folder, "--host", "0.0.0.0", **upstream.environ, **told) as easel:
        yield easel


def test_by_itself_it_listens_to_this_machine_only(easel: Easel) -> None:
    if Path("/proc/net/tcp").exists():
        assert not free_for_all(easel)
    assert status(easel, Host=SPACE) == 400
    assert status(easel, Host=f"localhost:{easel.port}") == 200


def test_a_hosted_space_answers_its_own_page_through_the_hosts_door(space: Easel) -> None:
    if Path("/proc/net/tcp").exists():
        assert free_for_all(space)
    assert status(space, Host=SPACE, Origin=f"https://{SPACE}") == 200
    assert status(space, Host=SPACE, Origin=f"http://{SPACE}") == 403
    assert status(space, Host=SPACE, Origin="https://evil.example") == 403
    assert status(space, Host="evil.example") == 400
    # The host's door ends TLS and says so; a page that named plain addresses would not load.
    page = space.http.get("/", headers={"Host": SPACE, "X-Forwarded-Proto": "https"})
    assert page.status_code == 200
    assert (
        "frame-ancestors 'self' https://huggingface.co" in page.headers["content-security-policy"]
    )
    assert f"http://{SPACE}" not in page.text
    assert f"https://{SPACE}" in page.text


def test_a_host_who_knows_may_open_the_door_to_the_network(tmp_path: Path) -> None:
    arguments = ("--port", "0", "--host", "0.0.0.0", "--i-know-there-is-no-login")
    with Easel(tmp_path / "data", *arguments) as easel:
        if Path("/proc/net/tcp").exists():
            assert free_for_all(easel)
        assert easel.http.get("/").status_code == 200
        assert status(easel, Host="evil.example") == 400
