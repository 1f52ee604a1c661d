"""A tool that someone switched off is neither offered nor run."""

from chat.tools.policy import allowed, offered
from chat.tools.registry import load_tools


def test_with_tools_off_nothing_is_offered_or_runs() -> None:
    assert offered(load_tools(), False, {}) == ()
    assert not allowed("clock", False, {"clock": "allow"})


def test_a_tool_that_nobody_mentioned_is_allowed() -> None:
    tools = load_tools()
    assert [spec.name for spec in offered(tools, True, {})] == list(tools)


def test_a_denied_tool_is_not_offered_and_does_not_run() -> None:
    names = [spec.name for spec in offered(load_tools(), True, {"clock": "deny"})]
    assert "clock" not in names
    assert "calculator" in names
    assert not allowed("clock", True, {"clock": "deny"})
