"""Which tools a conversation lets a model use."""

from collections.abc import Mapping

from chat.core.calling import ToolSpec
from chat.core.conversation_settings import ToolPolicy
from chat.core.ports import Tool


def allowed(name: str, tools_on: bool, policy: Mapping[str, ToolPolicy]) -> bool:
    """Whether a tool may run; one that the policy does not name may."""
    return tools_on and policy.get(name, "allow") == "allow"


def offered(
    tools: Mapping[str, Tool], tools_on: bool, policy: Mapping[str, ToolPolicy]
) -> tuple[ToolSpec, ...]:
    """What a model is told of: exactly what it may run."""
    return tuple(tool.spec for name, tool in tools.items() if allowed(name, tools_on, policy))
