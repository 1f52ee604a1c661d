"""The steps that led to a picture, and doing them again."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from chat.turns.question import MAX_TEXT_CHARACTERS
from chat.web.api.values import Body, Sha
from chat.web.api.words import Words


class StepWanted(Body):
    """A step to be done again."""

    number: int = Field(ge=1, le=1_000)
    """Its place on the way to the picture, from 1."""
    words: str = Field(default="", max_length=MAX_TEXT_CHARACTERS)
    """What a model is told instead; empty: the same as before."""


class StepsWanted(Body):
    """Steps that led to a picture, for other pictures or by another model."""

    picture: Sha
    """The picture that they led to."""
    steps: list[StepWanted] = Field(min_length=1, max_length=50)
    targets: list[Sha] = Field(min_length=1, max_length=10)
    """The pictures to which they are to be done."""
    model: str = Field(default="", max_length=500)
    """Who does them; empty: the model of the conversation."""


@dataclass(frozen=True, kw_only=True)
class StepTaken:
    """One of the steps that led to a picture."""

    number: int
    words: Words
    asks_model: bool
    """Whether a model did it by these words; else it is a picture operation."""
    marked: bool
    """Whether it was for a marked region, which fits pictures of that size alone."""


@dataclass(frozen=True, kw_only=True)
class StepsTaken:
    """What was done to a picture, from its original on."""

    steps: list[StepTaken]


@dataclass(frozen=True, kw_only=True)
class ReplayTarget:
    """One picture to which steps are done again."""

    picture: str
    state: Literal["waiting", "running", "done", "failed", "stopped", "interrupted"]
    done: int
    """So many steps."""
    reply: str
    """The last reply of its branch so far; empty: there is none yet."""
    sentence: Words


@dataclass(frozen=True, kw_only=True)
class ReplayShown:
    """A job that does steps again."""

    id: str
    picture: str
    state: Literal["waiting", "running", "done", "failed", "stopped", "interrupted"]
    words: list[Words]
    """What each step does."""
    targets: list[ReplayTarget]


@dataclass(frozen=True, kw_only=True)
class ReplaysShown:
    """The jobs of a conversation, oldest first."""

    replays: list[ReplayShown]
