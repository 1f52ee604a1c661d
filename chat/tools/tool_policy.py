"""Which tools a conversation lets a model use, and which of them only after a question."""

from collections.abc import Iterable, Mapping
from typing import get_args

from chat.core.calling import ToolSpec
from chat.core.conversation_settings import EVERY_TOOL, ToolPolicy
from chat.core.rights import Allowed
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


SERVER_ENDS = "__"
"""In the name of a server's tool, between the server's id and the tool's own name."""


def permitted(tools: Mapping[str, Tool], allowed: Allowed) -> dict[str, Tool]:
    """The tools that somebody may use.

    Those by which a relay has another model draw go with the first of them.
    """
    if allowed.everything:
        return dict(tools)
    kept = {name: tool for name, tool in tools.items() if may_use(name, tool, allowed)}
    return kept if any(not tool.facts.for_relay for tool in kept.values()) else {}


def may_use(name: str, tool: Tool, allowed: Allowed) -> bool:
    """Whether somebody may use a tool, as long as they may use any."""
    return tool.facts.for_relay or _called(name) in allowed


def may_use_server(server_id: str, tools: Iterable[str], allowed: Allowed) -> bool:
    """Whether somebody may use a server, or any of its tools; ``tools`` names those they may."""
    begins = f"{server_id}{SERVER_ENDS}"
    return server_id in allowed or any(name.startswith(begins) for name in tools)


def _called(name: str) -> tuple[str, ...]:
    """A tool by its name, and one of a server by the server's id as well."""
    server, ends, _ = name.partition(SERVER_ENDS)
    return (name, server) if ends else (name,)


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
