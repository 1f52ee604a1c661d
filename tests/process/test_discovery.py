"""What a server lists joins the menu soon after the start; one that is away delays nothing."""

from pathlib import Path
from typing import Any

import pytest

from tests.loopback import Gate, Loopback, Reply, Request, json_reply
from tests.process.disk import until
from tests.process.easel import Easel
from tests.process.test_outgoing import RECORDER, calls

pytestmark = pytest.mark.process

NAMES = ("brush-image", "parrot")
LISTED = json_reply({"data": [{"id": name, "object": "model"} for name in NAMES]})


def answers(listing: Reply) -> Loopback:
    """A compatible server with this list and nothing else."""

    def answer(asked: Request) -> Reply:
        return listing if asked.path == "/v1/models" else json_reply({}, 404)

    return Loopback(answer)


def shelf(easel: Easel) -> dict[str, Any]:
    """The compatible server's part of the menu."""
    groups: list[dict[str, Any]] = easel.http.get("/api/models").json()["groups"]
    return next(group for group in groups if group["id"] == "openai")


def titles(easel: Easel) -> set[str] | None:
    """The models that it has listed, once there are any."""
    return {row["title"] for row in shelf(easel)["models"]} or None


def test_a_server_that_is_only_named_fills_the_menu_by_itself(tmp_path: Path) -> None:
    record = tmp_path / "calls"
    watched = {"EASEL_CALLS": str(record), "PYTHONPATH": str(RECORDER)}
    with answers(LISTED) as server:
        address = {"OPENAI_BASE_URL": f"{server.url}/v1"}
        with Easel(tmp_path / "data", **address, **watched) as easel:
            assert until(lambda: titles(easel)) == set(NAMES)
        called = {what for event, what in calls(record) if event == "socket.connect"}
        assert called == {repr(("127.0.0.1", server.port))}


def test_a_server_that_does_not_answer_delays_neither_start_nor_end(tmp_path: Path) -> None:
    gate = Gate()
    with answers(Reply((gate,))) as server:
        address = {"OPENAI_API_KEY": "x", "OPENAI_BASE_URL": f"{server.url}/v1"}
        with Easel(tmp_path / "data", **address) as easel:
            server.wait_for_requests(1)
            assert shelf(easel)["models"] == []
            assert easel.http.get("/api/models").json()["more_to_come"] is True
            assert easel.stop() == 0
        assert "Traceback" not in easel.log()
        gate.open()


def test_a_server_that_refuses_is_a_line_in_the_log(tmp_path: Path) -> None:
    refusal = json_reply({"error": {"message": "Who are you? sk-secret-key"}}, 401)
    with answers(refusal) as server:
        address = {"OPENAI_API_KEY": "sk-secret-key", "OPENAI_BASE_URL": f"{server.url}/v1"}
        with Easel(tmp_path / "data", **address) as easel:
            until(lambda: "openai did not list its models" in easel.log() or None)
            assert easel.http.get("/healthz").status_code == 200
        log = easel.log()
        assert "Traceback" not in log
        assert "sk-secret-key" not in log
