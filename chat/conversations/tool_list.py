"""The tools there are, as people read of them before they let a model use them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from chat.core.conversation_settings import EVERY_TOOL, ConversationSettings, ToolPolicy
from chat.core.messages import Conversation
from chat.core.tool_digests import tool_digest
from chat.core.tools import Tool
from chat.tools.tool_policy import outgrown, policy_of

MAX_ABOUT_CHARACTERS = 240
MAX_KNOWN = 2000


@dataclass(frozen=True, slots=True)
class KnownTool:
    """What holds of a tool in every conversation."""

    name: str
    title: str
    about: str
    """What it does, in its first sentence."""
    reach: str
    source: str
    usual: ToolPolicy
    """What holds until somebody decides."""
    always_asks: bool
    digest: str
    """Of the tool as it is told here: what is allowed now is allowed of this one."""


@dataclass(frozen=True, slots=True)
class ListedTool:
    """A tool and what holds for it in a conversation."""

    tool: KnownTool
    policy: ToolPolicy
    changed: bool
    """It was allowed as it was then, and is another now."""


class ToolList:
    """Lists them. What is the same for all is written once for each tool."""

    def __init__(self, tools: Callable[[str], Mapping[str, Tool]]) -> None:
        """List those there are for somebody whenever they look."""
        self._tools = tools
        self._known: dict[str, tuple[Tool, KnownTool]] = {}

    def of(self, settings: Conversation, *, relays: bool = False) -> Sequence[ListedTool]:
        """Every tool, in order, with what holds for it; some are for relays alone."""
        tools = {
            name: tool
            for name, tool in self._tools(settings.owner).items()
            if relays or not tool.facts.for_relay
        }
        found = {name: self._described(name, tool) for name, tool in tools.items()}
        self._known = {**self._known, **found} if len(self._known) < MAX_KNOWN else found
        policy, schemas = settings.tool_policy, settings.tool_schemas
        listed = []
        for name, (tool, known) in found.items():
            holds = policy_of(name, tool, policy, schemas)
            listed.append(ListedTool(known, holds, outgrown(name, tool, policy, schemas)))
        return listed

    def _described(self, name: str, tool: Tool) -> tuple[Tool, KnownTool]:
        held = self._known.get(name)
        if held is not None and held[0] is tool:
            return held
        facts = tool.facts
        known = KnownTool(
            name,
            tool.title,
            about(tool),
            facts.reach,
            facts.source,
            facts.policy,
            facts.always_asks,
            tool_digest(tool),
        )
        return tool, known


def decided_elsewhere(settings: ConversationSettings) -> bool:
    """Whether a newer Easel decided on tools in words that this one does not know."""
    words = settings.tool_policy
    return EVERY_TOOL in words or any(word not in get_args(ToolPolicy) for word in words.values())


def about(tool: Tool) -> str:
    """What it does, in its first sentence."""
    line = " ".join(tool.spec.description.split("\n\n", 1)[0].split())
    end = line.find(". ")
    line = line if end < 0 else line[: end + 1]
    return line if len(line) <= MAX_ABOUT_CHARACTERS else f"{line[:MAX_ABOUT_CHARACTERS].rstrip()}…"
