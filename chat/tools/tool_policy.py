"""Which tools a conversation lets a model use, and which of them only after a question."""

from collections.abc import Mapping
from typing import get_args

from chat.core.calling import ToolSpec
from chat.core.conversation_settings import EVERY_TOOL, ToolPolicy
from chat.core.tool_digests import tool_digest
from chat.core.tools import Tool


def policy_of(
    name: str,
    tool: Tool,
    policy: Mapping[str, ToolPolicy],
    schemas: Mapping[str, str] | None = None,
) -> ToolPolicy:
    """What holds for a tool: what was decided of it, of all, or what its facts say.

    A word that is not known, as a newer version may write it, allows nothing. A tool that always
    asks is never simply allowed, and one that asks by itself only as the very tool that was shown.

    Args:
        name: what models call it by.
        tool: the tool.
        policy: what was decided, by name.
        schemas: the digests of tools as they were shown to who allowed them, by name.
    """
    decided = policy.get(name, policy.get(EVERY_TOOL, tool.facts.policy))
    if decided not in get_args(ToolPolicy):
        return "deny"
    if decided != "allow":
        return decided
    shown = (schemas or {}).get(name) if name in policy else None
    granted = tool.facts.policy == "allow" if shown is None else shown == tool_digest(tool)
    return "allow" if granted and not tool.facts.always_asks else "ask"


def outgrown(
    name: str, tool: Tool, policy: Mapping[str, ToolPolicy], schemas: Mapping[str, str]
) -> bool:
    """Whether a tool was allowed as it was then, and is another now. Arguments as above."""
    digest = tool_digest(tool)
    return policy.get(name) == "allow" and schemas.get(name, digest) != digest


def acts(tool: Tool) -> bool:
    """Whether a call may have changed something in the world: to run it twice is not the same."""
    return tool.facts.always_asks or tool.facts.policy != "allow"


def offered(tools: Mapping[str, Tool], policy: Mapping[str, ToolPolicy]) -> tuple[ToolSpec, ...]:
    """What a model is told of: what it may ask for, be it run at once or after a question."""
    return tuple(
        tool.spec for name, tool in tools.items() if policy_of(name, tool, policy) != "deny"
    )
