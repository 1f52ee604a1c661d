"""What a running Easel writes to its log when a server gives a key away."""

from pathlib import Path

import pytest

from tests.loopback import Loopback, Reply, Request, json_reply
from tests.process.disk import Disk
from tests.process.easel import Easel

pytestmark = pytest.mark.process

KEY = "correct-horse-battery"
GUESSABLE = "sk-proj-Ab12cd34ef"


def echo(request: Request) -> Reply:
    """A server that refuses, and says what it was sent."""
    said = {"error": {"message": f"refused: {request.headers} {GUESSABLE}"}}
    return json_reply(said, 400)


def test_a_server_that_echoes_the_key_does_not_get_it_logged(tmp_path: Path) -> None:
    with Loopback(echo) as server:
        environ = {
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": f"{server.url}/v1",
            "OPENAI_MODELS": "words",
        }
        with Easel(tmp_path / "data", **environ) as easel:
            started = easel.ask(easel.begin(), "Hello.")
            easel.awaited(started, Disk(easel.folder).ended)
            easel.stop()
            log = easel.log()
    assert f"turn {started['reply']} failed" in log
    assert "BadRequestError" in log  # the cause, in one line
    assert KEY not in log
    assert GUESSABLE not in log
