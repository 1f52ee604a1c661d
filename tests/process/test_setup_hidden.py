"""How a host has set up models is nothing for the guests of the host."""

from pathlib import Path

import pytest

from tests.process.easel import Easel

pytestmark = pytest.mark.process

KEY = "sk-a-key-of-the-host-that-ends-with-wxyz"


def test_a_guest_learns_nothing_of_the_host_s_providers_and_changes_none(tmp_path: Path) -> None:
    more = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    token = {"EASEL_TOKEN": "a-token-of-the-host-0123456789"}
    with Easel(tmp_path / "data", EASEL_LOGIN="guests", **more, **token) as easel:
        easel.http.get(f"/?token={token['EASEL_TOKEN']}")
        assert easel.http.get("/api/providers").json()["set_up"] != []
        easel.http.cookies.clear()
        link = easel.printed().partition("=")[2].strip()
        easel.http.post("/access/enter", data={"guest": link})
        told = easel.http.get("/api/providers")
        assert told.status_code == 200
        assert (told.json()["set_up"], told.json()["available"]) == ([], [])
        assert "127.0.0.1:9" not in told.text
        assert easel.http.get("/api/providers/rows").status_code == 404
        body = {"provider": "openai", "values": {}, "key": "sk-another-key-0123456789"}
        for path in ("/api/providers", "/api/providers/trial"):
            assert easel.http.post(path, json=body).status_code >= 400
