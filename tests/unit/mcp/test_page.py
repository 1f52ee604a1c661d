"""The examples of ``docs/mcp.md`` are what Easel takes: the file, and a server of one's own."""

import re
import sys
from pathlib import Path

from chat.mcp.reading import read_servers
from chat.mcp.settings import Address, Program, ServerSettings
from tests.unit.mcp.connecting import connected

PAGE = Path(__file__).resolve().parents[3] / "docs" / "mcp.md"


def test_the_example_is_taken_as_it_stands() -> None:
    (example,) = re.findall(
        r"^```toml\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    names = re.findall(r"[A-Z_]+_(?:TOKEN|KEY|SECRET|PROXY)", example)
    servers = read_servers("mcp.toml", example, dict.fromkeys(names, "value"))
    assert [each.id for each in servers] == ["time", "tickets", "files", "robot", "notes"]
    assert [type(each.place) for each in servers] == [Program, Address, Program, Address, Address]
    assert all(not each.lacking for each in servers)
    tickets = servers[1]
    assert tickets.rule_for("delete_ticket").always_asks
    assert tickets.rule_for("delete_ticket").timeout_s == 120
    assert tickets.rule_for("purge").policy == "deny"


async def test_the_server_of_ones_own_is_connected_and_answers(tmp_path: Path) -> None:
    (example,) = re.findall(
        r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    (tmp_path / "weights.py").write_text(example, "utf-8")
    place = Program(sys.executable, ("-I", str(tmp_path / "weights.py")))
    async with connected(ServerSettings("weights", "Weights", place)) as own:
        assert own.status.words == "1 tool."
        assert await own.call("weights__heavier", first_g=3, second_g=5) == ["the second"]
