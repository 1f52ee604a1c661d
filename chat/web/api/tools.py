"""The tools of a conversation, and what a model may do with each."""

from dataclasses import dataclass
from typing import Literal

from chat.core.conversation_settings import ToolPolicy
from chat.web.api.values import Body, Id
from chat.web.api.words import Words


class UsualToolsOf(Body):
    """The conversation whose tools new ones shall begin with."""

    conversation: Id


@dataclass(frozen=True, kw_only=True)
class ToolShown:
    """One tool, as people are told of it."""

    name: str
    title: Words
    about: Words
    reach: Words
    usual: ToolPolicy
    """What holds until somebody decides."""
    policy: ToolPolicy
    always_asks: bool
    changed: bool
    """It was allowed as it was then, and is another now: it asks again."""
    digest: str
    """Goes along where it is allowed: that holds for the tool that was shown."""


@dataclass(frozen=True, kw_only=True)
class AbsentTool:
    """A tool of the house that this Easel is not set up for."""

    title: Words
    about: Words
    setup: Words
    """What is to be done to have it."""


@dataclass(frozen=True, kw_only=True)
class ToolGroup:
    """The tools that come from one place."""

    title: Words
    state: Literal["", "off", "connecting", "ready", "failed"]
    """Of a server; empty: no server is behind it."""
    words: Words
    """How the server is, in a sentence."""
    tools: list[ToolShown]


@dataclass(frozen=True, kw_only=True)
class ToolsOfConversation:
    """All tools there are now, with what holds for them in a conversation."""

    on: bool
    note: Words
    """How they will run, where the model does not call them itself."""
    reason: Words
    """Why none can be used with the model that answers next; empty: they can."""
    decided_elsewhere: bool
    """A newer Easel decided in words that this one does not know: those tools stay off."""
    groups: list[ToolGroup]
    absent: list[AbsentTool]
