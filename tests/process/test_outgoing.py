"""Easel calls nobody but the servers that it was told of, and looks nobody up."""

import json
from pathlib import Path

import pytest

from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.process

RECORDER = Path(__file__).with_name("recorder")


def calls(file: Path) -> set[tuple[str, str]]:
    """Everything that was called or looked up so far."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {(event, what) for event, what in map(json.loads, lines)}


def browsed(easel: Easel) -> None:
    """What a browser fetches of a page."""
    page = easel.http.get("/").text
    for path in ("/theme.css", "/easel/js/main.js", "/gradio_api/app_id", "/api/conversations"):
        assert easel.http.get(path).status_code == 200, path
    assert "gradio" in page


def turn(easel: Easel, disk: Disk, text: str) -> str:
    """A question with a picture, answered to its end; how it ended."""
    sha = easel.http.post("/api/media", content=tiny_png(9)).json()["sha"]
    started = easel.ask(easel.begin(tools=True), text, pictures=[sha])
    return easel.awaited(started, disk.ended).status


def test_only_the_configured_server_is_called(tmp_path: Path, upstream: Upstream) -> None:
    record = tmp_path / "calls"
    watched = {"EASEL_CALLS": str(record), "PYTHONPATH": str(RECORDER)}
    upstream.says("A picture: ", tiny_png(4))
    with Easel(tmp_path / "data", **upstream.environ, **watched) as easel:
        browsed(easel)
        assert turn(easel, Disk(easel.folder), "draw") == "complete"
    port = upstream.server.port
    assert ("socket.connect", repr(("127.0.0.1", port))) in calls(record), "the recorder works"
    allowed = {
        ("socket.connect", repr(("127.0.0.1", port))),
        ("socket.getaddrinfo", "127.0.0.1"),
    }
    assert calls(record) - allowed == set()


def test_without_a_key_nobody_is_called_at_all(tmp_path: Path) -> None:
    record = tmp_path / "calls"
    watched = {"EASEL_CALLS": str(record), "PYTHONPATH": str(RECORDER)}
    with Easel(tmp_path / "data", **watched) as easel:
        browsed(easel)
        assert turn(easel, Disk(easel.folder), "Draw a fox in the snow") == "complete"
    assert calls(record) == set()
