"""Started as people start it, Easel asks for its token or its pass phrase, and refusals say why."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.program import ROOT, command, environ

pytestmark = pytest.mark.process

PHRASE = "open, o open"
SPACE = {"SPACE_ID": "me/easel", "SPACE_HOST": "me-easel.hf.example", "PORT": "0"}


def test_a_hosted_space_does_not_start_without_a_choice(tmp_path: Path) -> None:
    ended = subprocess.run(
        command(),
        cwd=ROOT,
        env=environ(tmp_path / "data", **SPACE),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ended.returncode == 2
    assert re.fullmatch(r"Easel cannot start: .*EASEL_PASSPHRASE.*EASEL_NO_LOGIN.*\n", ended.stderr)


def test_a_hosted_space_with_a_phrase_shows_nothing_to_strangers(tmp_path: Path) -> None:
    with Easel(tmp_path / "data", **SPACE, EASEL_PASSPHRASE=PHRASE) as easel:
        told = {"Host": SPACE["SPACE_HOST"], "Origin": "https://me-easel.hf.example"}
        assert easel.http.post("/api/conversations", headers=told).status_code == 401
        assert easel.http.get("/", headers=told).status_code == 401
        form = {"phrase": PHRASE}
        entered = easel.http.post("/access/enter", data=form, headers=told)
        assert entered.status_code == 303
        cookie = {"Cookie": entered.headers["set-cookie"].partition(";")[0]}
        assert easel.http.post("/api/conversations", headers={**told, **cookie}).status_code == 200
        easel.stop()
        easel.start()
        told = {**told, "Cookie": f"easel-access-{easel.port}={cookie['Cookie'].partition('=')[2]}"}
        assert easel.http.post("/api/conversations", headers=told).status_code == 200
        assert PHRASE not in easel.log()


def test_the_printed_address_opens_the_page_and_no_other_does(tmp_path: Path) -> None:
    token = "a-token-of-my-own-for-a-test"
    with Easel(tmp_path / "data", EASEL_TOKEN=token) as easel:
        assert easel.http.get("/").status_code == 401
        assert easel.http.get("/media/" + "0" * 64).status_code == 401
        opened = easel.http.get(f"/?token={token}", follow_redirects=True)
        assert opened.status_code == 200
        assert "gradio" in opened.text
        assert token not in opened.text
        assert token not in easel.log()


def test_what_is_refused_is_in_the_log_once_with_what_helps(tmp_path: Path) -> None:
    refused = (
        ({"Host": "studio.example"}, 400, "EASEL_HOSTS"),
        ({"Origin": "https://studio.example"}, 403, "proxy_set_header Host"),
        ({"Origin": "https://127.0.0.1:{port}"}, 403, "X-Forwarded-Proto"),
        ({"Origin": "http://127.0.0.1"}, 403, "with its port"),
    )
    with Easel(tmp_path / "data") as easel:
        for headers, status, _ in (*refused, *refused):
            sent = {name: value.format(port=easel.port) for name, value in headers.items()}
            answer = easel.http.post("/api/conversations", headers=sent)
            assert answer.status_code == status
        log = easel.log()
    for headers, _, helps in refused:
        (seen,) = headers.values()
        lines = [line for line in log.splitlines() if seen.partition("{")[0] in line]
        assert any(helps in line for line in lines), seen
    assert log.count("was refused") == len(refused)
