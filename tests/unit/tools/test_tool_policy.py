"""A tool that someone switched off is neither offered nor run, and one that acts asks first."""

from collections.abc import Mapping
from typing import Any

import pytest

from chat.core.conversation_settings import ToolPolicy
from chat.core.tool_digests import tool_digest
from chat.core.tools import Tool
from chat.tools.registry import load_tools
from chat.tools.schema import FunctionTool, with_facts
from chat.tools.tool_policy import offered, policy_of

CLOCK = load_tools()["clock"]


@with_facts(reach="Rings a bell.", policy="ask")
def ring() -> str:
    """Ring."""
    return "It rang."


@with_facts(reach="Sends a letter.", policy="ask", always_asks=True)
def send() -> str:
    """Send."""
    return "It went."


RING: Tool = FunctionTool("ring", ring)
SEND: Tool = FunctionTool("send", send)


def test_a_tool_that_only_computes_is_allowed_until_somebody_decides() -> None:
    tools = load_tools()
    assert [spec.name for spec in offered(tools, {})] == list(tools)


def test_a_denied_tool_is_not_offered() -> None:
    names = [spec.name for spec in offered(load_tools(), {"clock": "deny"})]
    assert "clock" not in names
    assert "calculator" in names


@pytest.mark.parametrize("word", ["perhaps", "", None, 1, ["allow"], {"allow": True}])
def test_a_word_of_a_newer_version_allows_nothing(word: Any) -> None:
    assert policy_of("clock", CLOCK, {"clock": word}) == "deny"
    assert policy_of("clock", CLOCK, {"other": word}) == "allow"
    assert policy_of("clock", CLOCK, {"*": word}) == "deny"


def test_what_holds_for_all_yields_to_what_is_said_of_one() -> None:
    policy: Mapping[str, ToolPolicy] = {"*": "deny", "clock": "allow"}
    assert [spec.name for spec in offered(load_tools(), policy)] == ["clock"]


def test_a_tool_that_acts_asks_until_somebody_decides() -> None:
    assert policy_of("ring", RING, {}) == "ask"
    assert policy_of("ring", RING, {"ring": "allow"}, {"ring": tool_digest(RING)}) == "allow"
    assert [spec.name for spec in offered({"ring": RING}, {})] == ["ring"]


@pytest.mark.parametrize(
    "schemas",
    [{}, {"ring": ""}, {"ring": tool_digest(CLOCK)}, {"*": tool_digest(RING)}, {"send": "a"}],
)
@pytest.mark.parametrize("name", ["ring", "*"])
def test_a_tool_that_acts_is_allowed_by_nobody_who_was_not_shown_it(
    name: str, schemas: Mapping[str, str]
) -> None:
    assert policy_of("ring", RING, {name: "allow"}, schemas) == "ask"
    assert policy_of("ring", RING, {name: "allow"}) == "ask"


def test_a_tool_that_only_computes_needs_no_showing_but_asks_once_it_is_another() -> None:
    assert policy_of("clock", CLOCK, {"clock": "allow"}) == "allow"
    assert policy_of("clock", CLOCK, {"clock": "allow"}, {"clock": tool_digest(RING)}) == "ask"


@pytest.mark.parametrize("policy", [{}, {"send": "allow"}, {"*": "allow"}, {"send": "ask"}])
def test_what_was_allowed_once_is_asked_again_where_it_acts_in_the_world(policy: Any) -> None:
    assert policy_of("send", SEND, policy, {"send": tool_digest(SEND)}) == "ask"
    assert policy_of("send", SEND, {"send": "deny"}) == "deny"
