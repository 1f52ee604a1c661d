"""How the server starts and ends: a start that fails is never taken for a good end."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from chat.core.errors import ConfigError
from chat.settings import Settings
from chat.web.serve import serve


@pytest.fixture(autouse=True)
def signals_as_they_were() -> Iterator[None]:
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def fails_to_start(scope: Scope, receive: Receive, send: Send) -> None:
    """An application whose stores cannot be settled."""
    assert scope["type"] == "lifespan"
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "the disk is full"})


async def ends_itself(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that is asked to stop the moment it is up."""
    assert scope["type"] == "lifespan"
    await receive()
    await send({"type": "lifespan.startup.complete"})
    signal.raise_signal(signal.SIGTERM)
    assert (await receive())["type"] == "lifespan.shutdown"
    await send({"type": "lifespan.shutdown.complete"})


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="there is no such signal")
def test_who_was_told_to_outlive_the_terminal_does_so(tmp_path: Path) -> None:
    """As ``nohup`` does it: the signal stays ignored, and a later SIGTERM ends it."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    serve(lambda: ends_itself, Settings(tmp_path, port=0))
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_a_start_that_fails_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        serve(lambda: fails_to_start, Settings(tmp_path, port=0))
    assert ended.value.code not in {0, None}


def test_being_stopped_is_no_error_and_comes_after_the_applications_own_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve(lambda: ends_itself, Settings(tmp_path, port=0))
    assert capsys.readouterr().out.startswith("Easel is at http://127.0.0.1:")


def test_a_port_that_is_taken_is_told_before_anything_is_built(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(ConfigError, match=f"Port {port}"):
            serve(lambda: pytest.fail("it was built"), Settings(tmp_path, port=port))
