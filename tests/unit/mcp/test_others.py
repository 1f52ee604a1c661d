"""Servers that others have written, as people use them."""

import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from chat.core.errors import ToolFailed
from chat.core.tools import Picture
from chat.mcp.insertable import Insertable
from chat.mcp.settings import Program, ServerSettings
from tests.unit.mcp.connecting import Asked, connected

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.deep
async def test_the_time_server_tells_the_time() -> None:
    place = Program(sys.executable, ("-m", "mcp_server_time", "--local-timezone=UTC"))
    async with connected(ServerSettings("time", "Time", place)) as time:
        assert set(time.servers.tools()) == {"time__get_current_time", "time__convert_time"}
        (told,) = await time.call(
            "time__convert_time",
            source_timezone="Europe/Berlin",
            time="12:00",
            target_timezone="Asia/Tokyo",
        )
        assert "Asia/Tokyo" in str(told)
        assert "19:00" in str(told) or "20:00" in str(told)


@pytest.mark.deep
async def test_the_fetch_server_refuses_this_machine_in_its_own_words() -> None:
    place = Program(sys.executable, ("-m", "mcp_server_fetch"))
    async with connected(ServerSettings("fetch", "Fetch", place)) as fetch:
        assert "fetch__fetch" in fetch.servers.tools()
        offers = fetch.servers.offers("fetch")
        assert offers is not None
        assert [(each.kind, each.name) for each in offers.insertable] == [("prompt", "fetch")]
        assert await fetch.failed("fetch__fetch", url="http://127.0.0.1:9/")


@pytest.fixture(scope="module")
def everything() -> Program:
    """The reference server, on whatever Node.js there is."""
    done = subprocess.run([ROOT / ".ci/mcp-everything"], capture_output=True, text=True)
    node = shutil.which("node")
    if done.returncode != 0 or node is None:
        pytest.skip(f"the reference server is not here: {done.stderr.strip()}")
    return Program(node, (done.stdout.strip(), "stdio"))


@pytest.mark.deep
async def test_the_reference_server_is_understood(everything: Program) -> None:
    async with connected(ServerSettings("all", "Everything", everything)) as easel:
        tools = easel.servers.tools()
        assert len(tools) >= 10
        assert await easel.call("all__echo", message="heron") == ["Echo: heron"]
        assert any(isinstance(each, Picture) for each in await easel.call("all__get-tiny-image"))
        waiting = Asked()
        await easel.call("all__trigger-long-running-operation", waiting, duration=1, steps=2)
        assert [share for _, share in waiting.told][-1:] == [1.0]
        offers = easel.servers.offers("all")
        assert offers is not None
        ready: dict[str, list[Insertable]] = defaultdict(list)
        for each in offers.insertable:
            ready[each.kind].append(each)
        (first, *_) = ready["resource"]
        assert (await easel.servers.insert("all", "resource", first.name, {})).text
        text, blob = (each.name for each in ready["template"])
        one = {"resourceId": "1"}
        assert "Resource 1" in (await easel.servers.insert("all", "template", text, one)).text
        named = (await easel.servers.insert("all", "template", blob, one)).text
        assert named.startswith("[A file of the type")
        with pytest.raises(ToolFailed, match=r"^Everything refused: “"):
            await easel.servers.insert("all", "template", text, {"resourceId": "no number"})
        team = next(each for each in ready["prompt"] if each.name == "completable-prompt")
        (department, name) = (each.name for each in team.blanks)
        begun = {department: "Eng", name: ""}
        completions = easel.servers.completions
        assert await completions("all", "prompt", team.name, department, begun) == ("Engineering",)
        chosen = {department: "Engineering", name: ""}
        assert "Alice" in await completions("all", "prompt", team.name, name, chosen)
