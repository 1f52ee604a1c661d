"""What an owner has chosen of tools for conversations that are not begun."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chat.core.conversation_settings import SETTINGS, ToolPolicy
from chat.core.messages import Conversation
from chat.core.parts import Json
from chat.core.ports import Conversations, OwnedRecord

KIND = "usual_tools"
"""Of the owner's record, of which there is one."""
ID = "tools"

KEPT = ("tools_on", "tool_policy", "tool_schemas")
"""The settings that go along."""


@dataclass(frozen=True, slots=True)
class UsualTools:
    """The settings on tools that a new conversation of an owner begins with."""

    tools_on: bool = False
    tool_policy: Mapping[str, ToolPolicy] = field(default_factory=dict)
    tool_schemas: Mapping[str, str] = field(default_factory=dict)

    def begun(self, conversation: Conversation) -> Conversation:
        """A new conversation with them."""
        return replace(
            conversation,
            tools_on=self.tools_on,
            tool_policy=self.tool_policy,
            tool_schemas=self.tool_schemas,
        )


def usual_tools(conversations: Conversations, owner: str) -> UsualTools:
    """What an owner has chosen; what Easel begins with where that is nothing.

    A value that a newer version wrote in another form is as it is in a conversation.
    """
    record = conversations.record(owner, KIND, ID)
    if record is None or not isinstance(record.value, Mapping):
        return UsualTools()
    return UsualTools(**{name: _read(name, record.value) for name in KEPT if name in record.value})


def keep_usual_tools(conversations: Conversations, owner: str, chosen: Conversation) -> None:
    """Have new conversations of an owner begin with the tools of this one."""
    value: dict[str, Json] = {
        "tools_on": chosen.tools_on,
        "tool_policy": dict(chosen.tool_policy),
        "tool_schemas": dict(chosen.tool_schemas),
    }
    record = OwnedRecord(KIND, ID, value)
    conversations.keep_record(owner, KIND, ID, lambda _: record)


def _read(name: str, value: Mapping[str, Json]) -> Json:
    (setting,) = (each for each in SETTINGS if each.name == name)
    if setting.fits(value[name]):
        return value[name]
    return setting.default if setting.row.unreadable is None else setting.row.unreadable
