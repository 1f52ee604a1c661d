"""Words to use again, and better words."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from chat.web.api.values import Body
from chat.web.api.words import Words


class PresetKept(Body):
    """Words to be kept for use again."""

    title: str = Field(max_length=400)
    group: str = Field(default="", max_length=400)
    text: str = Field(max_length=20_000)


class PresetPack(Body):
    """A file of presets, as one Easel writes it and another reads it."""

    easel_presets: Literal[1]
    presets: list[PresetKept] = Field(min_length=1, max_length=200)


class PromptDraft(Body):
    """Words that could be better."""

    text: str = Field(min_length=1, max_length=20_000)


@dataclass(frozen=True, kw_only=True)
class PresetShown:
    """Words to use again; ``{{subject}}`` in them stands for what is filled in."""

    id: str
    title: str
    group: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PresetsShown:
    """The owner's own presets, by group and title."""

    presets: list[PresetShown]


@dataclass(frozen=True, kw_only=True)
class PresetsAdded:
    """How many presets of a pack were new."""

    added: int


@dataclass(frozen=True, kw_only=True)
class EarlierPrompts:
    """What was asked before, the newest conversation first."""

    prompts: list[str]


@dataclass(frozen=True, kw_only=True)
class PromptHelp:
    """Whether words can be improved here: by which model, or why not."""

    model: str
    """Its title; empty: none can."""
    reason: Words


@dataclass(frozen=True, kw_only=True)
class Rewording:
    """Other words for a question."""

    text: str
