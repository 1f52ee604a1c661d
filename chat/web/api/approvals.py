"""Deciding on calls of tools, and answering what tools ask."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from chat.core.forms import MAX_FIELDS
from chat.turns.approvals import MAX_WORD_CHARACTERS
from chat.web.api.values import Body, Id


class DecidedCall(Body):
    """What is decided on one call."""

    call: str = Field(max_length=1_000)
    """Its id."""
    digest: str = Field(pattern=r"^([0-9a-f]{64})?$")
    """Of what was shown, as the card has it: the decision holds for exactly that."""
    choice: Literal["once", "conversation", "deny"]
    word: str = Field(default="", max_length=MAX_WORD_CHARACTERS)
    """To the model, with a denial."""


class Decisions(Body):
    """What is decided on every call that a reply waits for."""

    decisions: list[DecidedCall] = Field(min_length=1, max_length=100)


class QuestionAnswer(Body):
    """The answer to what a running tool asks."""

    question: Id
    values: dict[str, Any] | None = Field(max_length=MAX_FIELDS)
    """What was filled in, by the names of the fields; null: declined."""


@dataclass(frozen=True, kw_only=True)
class DecisionTaken:
    """The reply that goes on, or has ended with this."""

    reply: str
