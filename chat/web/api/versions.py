"""The pictures of one conversation, and how each came of another."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from chat.web.api.values import Body
from chat.web.api.words import Words


class PictureName(Body):
    """What a picture is to be called; empty: nothing any more."""

    name: str = Field(max_length=2_000)


class Mark(Body):
    """Whether something holds."""

    on: bool


@dataclass(frozen=True, kw_only=True)
class PictureVersion:
    """A picture of a conversation, where it came first. Places are counted from 0."""

    sha: str
    mime: str
    width: int
    height: int
    bytes: int
    parents: tuple[int, ...]
    """The places of the versions that it came of, all earlier; the first was changed."""
    message: str
    prompt: int
    """The place of the words that it answers."""
    model: int
    """The place of the title of the model that made it; -1: none did."""
    operation: Words
    """What was done without a model, in words."""
    settings: Mapping[Words, str]
    """What was chosen for the reply beside its words: label to value, in their order."""
    cost: Words
    """Of the whole reply; empty: unknown, or nothing to pay for."""
    made_at: str
    """UTC, ISO 8601."""
    name: str
    favourite: bool
    base: bool
    """Whether edits are counted from it."""
    shown: bool
    """Whether any message of the branch that was asked for has it."""
    on_branch: bool
    """Whether ``message`` is one of that branch."""


@dataclass(frozen=True, kw_only=True)
class VersionsOfConversation:
    """Every picture of a conversation once, parents before children."""

    conversation: str
    current: int
    """The place of the picture that the shown branch ends with; -1: it has none."""
    prompts: tuple[str, ...]
    """Each once, long ones cut short."""
    models: tuple[str, ...]
    versions: tuple[PictureVersion, ...]


@dataclass(frozen=True, kw_only=True)
class EditOfChain:
    """One edit on the way from an original to a version."""

    sha: str
    """What it made."""
    words: Words
    """All words of the instruction, or of what was done without a model."""
    by_model: bool


@dataclass(frozen=True, kw_only=True)
class ChainOfVersion:
    """How a version came of a clean original."""

    original: str
    question: str
    """The message that asked for the first edit; empty: there was none."""
    above: str | None
    """The message above that one; ``None``: it is the first."""
    edits: tuple[EditOfChain, ...]
    """From the original on."""


@dataclass(frozen=True, kw_only=True)
class PictureNamed:
    """The name as it is kept."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Whether it holds now."""

    on: bool
