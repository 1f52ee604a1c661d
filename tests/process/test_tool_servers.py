"""Servers that Easel starts: however it comes to its end, they come to theirs."""

import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S
from tests.program import Program
from tests.unit.mcp.connecting import RAW

pytestmark = pytest.mark.process


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_server_outlives_easel(how: signal.Signals, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        file = tmp_path / "mcp.toml"
        file.write_text(
            f'[[server]]\nid = "raw"\ncommand = "{sys.executable}"\n'
            f'args = ["-I", "{RAW}", "stubborn", "{port}"]\nmode = "legacy"\n',
            "utf-8",
        )
        with Program(tmp_path / "data", EASEL_MCP=str(file)) as easel:
            listening.settimeout(PATIENCE_S)
            line, _ = listening.accept()
            line.settimeout(PATIENCE_S)
            with line:
                assert line.recv(100) == b"all are here"
                easel.signal(how)
                # It is closed when all of them, who heed no signal, are no more.
                assert line.recv(100) == b""
            easel.ended()


def test_in_the_list_of_tools_no_server_passes_for_tools_of_the_house(tmp_path: Path) -> None:
    file = tmp_path / "mcp.toml"
    row = '[[server]]\nid = "raw"\ntitle = "Pictures"\ncommand = "none"\nenabled = false\n'
    file.write_text(row, "utf-8")
    with Program(tmp_path / "data", EASEL_MCP=str(file)) as easel:
        groups = easel.http.get("/api/tools").raise_for_status().json()["groups"]
    own, raw = (each for each in groups if each["title"].startswith("Pictures"))
    assert (own["title"], own["state"]) == ("Pictures", "")
    assert (raw["title"], raw["state"]) == ("Pictures (server raw)", "off")
