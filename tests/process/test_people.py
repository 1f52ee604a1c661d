"""Started as hosts start it: who comes in by what is printed finds what was there before."""

import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.program import ROOT, command, environ

pytestmark = pytest.mark.process

PASSWORD = "nine red herons"


def printed(easel: Easel) -> str:
    """What the link carries that is printed beside the address."""
    return easel.printed().partition("=")[2].strip()


def test_from_local_to_users_nothing_is_lost_and_a_restart_signs_nobody_out(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Easel(data) as easel:
        conversation = easel.begin()
        easel.ask(conversation, "Draw a heron")
        easel.stop()
    with Easel(data, EASEL_LOGIN="users") as easel:
        setup = printed(easel)
        path = f"/api/conversations/{conversation}/settings"
        assert easel.http.get(path).status_code == 401
        fields = {"name": "ada", "password": PASSWORD, "again": PASSWORD}
        made = easel.http.post("/access/begin", data={**fields, "setup": setup})
        assert made.status_code == 303
        assert easel.http.get(path).status_code == 200
        cookie = made.headers["set-cookie"].partition(";")[0].partition("=")[2]
        easel.stop()
        easel.start()
        easel.http.cookies.clear()
        sent = {"Cookie": f"easel-session-{easel.port}={cookie}"}
        assert easel.http.get(path, headers=sent).status_code == 200
        assert easel.http.get(f"/?setup={setup}").status_code == 410
        for secret in (setup, PASSWORD, cookie):
            assert secret not in easel.log()
    # And back: what is hers is the local user's.
    with Easel(data) as easel:
        assert easel.http.get(path).status_code == 200


def test_guests_come_in_by_the_printed_link_on_a_network_too(tmp_path: Path) -> None:
    with Easel(tmp_path / "data", EASEL_LOGIN="guests", HOST="0.0.0.0") as easel:
        link = printed(easel)
        assert easel.http.get("/").status_code == 401
        assert easel.http.post("/access/enter", data={"guest": link}).status_code == 303
        easel.begin()
        easel.stop()
        easel.start()
        assert printed(easel) == link
        assert link not in easel.log()


def test_who_is_named_by_a_proxy_is_let_in_and_its_administrator_has_what_was_there(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    with Easel(data) as easel:
        conversation = easel.begin()
        easel.ask(conversation, "Draw a heron")
        easel.stop()
    proxy = {"EASEL_LOGIN_PROXIES": "127.0.0.1", "EASEL_ADMINISTRATORS": "ada"}
    path = f"/api/conversations/{conversation}/settings"
    with Easel(data, EASEL_LOGIN="header", HOST="0.0.0.0", **proxy) as easel:
        for name, status in (("", 401), ("bob", 404), ("ada", 200)):
            assert easel.http.get(path, headers={"Remote-User": name}).status_code == status
    # An Easel whose proxy is elsewhere believes nobody on this machine.
    proxy["EASEL_LOGIN_PROXIES"] = "192.0.2.1"
    with Easel(data, EASEL_LOGIN="header", **proxy) as easel:
        sent = {"Remote-User": "ada", "X-Forwarded-For": "192.0.2.1"}
        assert easel.http.get(path, headers=sent).status_code == 401


WRONG = [
    ({"EASEL_LOGIN": "everyone"}, "EASEL_LOGIN is one of local, guests, users"),
    ({"EASEL_LOGIN": "users", "EASEL_PASSPHRASE": "a long phrase"}, "EASEL_PASSPHRASE"),
    ({"EASEL_LOGIN": "guests", "EASEL_NO_LOGIN": "1"}, "EASEL_NO_LOGIN"),
    ({"EASEL_LOGIN": "header"}, "needs EASEL_LOGIN_PROXIES"),
    ({"EASEL_LOGIN": "users", "EASEL_LOGIN_PROXIES": "127.0.0.1"}, "goes with EASEL_LOGIN=header"),
    ({"EASEL_LOGIN": "guests", "EASEL_PASSPHRASE": "short"}, "EASEL_PASSPHRASE must have"),
]


@pytest.mark.parametrize(("more", "told"), WRONG)
def test_what_contradicts_itself_does_not_start(
    more: dict[str, str], told: str, tmp_path: Path
) -> None:
    ended = subprocess.run(
        command(), cwd=ROOT, env=environ(tmp_path / "data", PORT="0", **more), capture_output=True,
        text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
