"""The settings of a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass

from chat.core.parts import Json
from chat.web.api.words import Words


@dataclass(frozen=True, kw_only=True)
class AboutModel:
    """The model that answers next, among the settings."""

    title: Words
    note: Words


@dataclass(frozen=True, kw_only=True)
class SettingShown:
    """One setting: its value, whether the model has it, and what may be chosen."""

    value: Json
    offered: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ToolsAtTheBox:
    """What the switch for tools says."""

    usable: int
    """How many may be used while they are on."""
    reason: Words
    """Why none can be used with the model that answers next; empty: they can."""
    note: Words
    """How they will run, where the model does not call them itself."""


@dataclass(frozen=True, kw_only=True)
class SettingsOfConversation:
    """All settings of a conversation."""

    stamp: str
    """Differs where a setting does."""
    model: AboutModel | None
    settings: Mapping[str, SettingShown]
    tools: ToolsAtTheBox
    no_uploads: Words
    """Why whoever looks may add no pictures and files; empty: they may."""
    no_sharing: Words
    """Why they may share nothing; empty: they may."""
