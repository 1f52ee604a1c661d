"""The HTTP API: the bodies that it takes, and what it answers.

The page has these types too: ``.ci/page-types`` writes ``assets/js/protocol.js`` from them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from chat.core.parts import Json
from chat.turns.question import MAX_TEXT_CHARACTERS

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # in the year 1, east of Greenwich
        raise ValueError("no such moment in UTC") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]

PRIVATE = {"Cache-Control": "private, no-store"}


class Body(BaseModel):
    """A request body that takes nothing it does not know."""

    model_config = ConfigDict(extra="forbid")


class Question(Body):
    """A message to send, or the new words of an edited one."""

    text: str
    pictures: list[Sha] = Field(default_factory=list, max_length=100)
    masks: list[Sha] = Field(default_factory=list, max_length=100)
    """Pictures too, that say where the first one may change."""
    client_id: ClientId
    """The page's own name for the message: sent twice under one name, it is one message."""
    parent_id: Id | None = None


class Title(Body):
    """A new title."""

    title: str = Field(max_length=2_000)


class Draft(Body):
    """A message that is being written."""

    text: str = Field(default="", max_length=MAX_TEXT_CHARACTERS)
    pictures: list[Sha] = Field(default_factory=list, max_length=100)
    masks: list[Sha] = Field(default_factory=list, max_length=100)
    parent_id: Id | None = None
    """The message above; ``None``: it will be the first."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The answer to whatever is refused or fails: one sentence for the user."""

    error: str


@dataclass(frozen=True, kw_only=True)
class ConversationId:
    """A conversation that was made, or brought back."""

    id: str


@dataclass(frozen=True, kw_only=True)
class DrawnTurn:
    """One message of a turn, as the transcript shows it."""

    id: str
    html: str


@dataclass(frozen=True, kw_only=True)
class TurnStarted:
    """A turn that is under way, or was already."""

    conversation: str
    question: str
    reply: str
    above: str | None
    """The message that ``drawn`` follows; ``None``: it is at the top."""
    drawn: list[DrawnTurn]
    """What the page does not show yet, from the top."""


@dataclass(frozen=True, kw_only=True)
class ConversationRow:
    """A conversation as the sidebar lists it."""

    id: str
    title: str
    model: str
    at: str
    """When it changed last: UTC, ISO 8601."""
    running: bool
    excerpt: str = ""
    """Where the words of a search stand in it."""


@dataclass(frozen=True, kw_only=True)
class ConversationPage:
    """Some rows of the sidebar, newest first."""

    conversations: list[ConversationRow]
    more: bool


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """The title as it is kept."""

    title: str


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """A conversation lies in the bin."""

    deleted: Literal[True] = True


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """Whether the reply was still being written."""

    stopped: bool


@dataclass(frozen=True, kw_only=True)
class BranchShown:
    """The conversation whose branch was changed."""

    conversation: str


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """What a draft may cost, in words, and how that was reckoned; empty where nobody can say."""

    words: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Rewording:
    """Other words for a question."""

    text: str


@dataclass(frozen=True, kw_only=True)
class StoredPicture:
    """A picture as it is kept."""

    sha: str
    mime: str
    width: int
    height: int
    bytes: int
    note: str
    """What was done to it on the way in; empty: nothing that anybody would see."""


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """What the message box must know of the model that answers next."""

    id: str
    title: str
    history: bool
    takes_pictures: bool
    draws: bool
    tools: bool
    mask: bool


@dataclass(frozen=True, kw_only=True)
class AboutModel:
    """The model that answers next, among the settings."""

    title: str
    note: str
    tools: bool


@dataclass(frozen=True, kw_only=True)
class SettingShown:
    """One setting: its value, whether the model has it, and what may be chosen."""

    value: Json
    offered: bool
    choices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SettingsOfConversation:
    """All settings of a conversation."""

    stamp: str
    """Differs where a setting does."""
    model: AboutModel | None
    settings: Mapping[str, SettingShown]


@dataclass(frozen=True, kw_only=True)
class ModelRow:
    """A model in the menu; every text is words for people."""

    id: str
    title: str
    label: str
    """The title, or one that tells it from all others."""
    short: str
    """For the button."""
    note: str
    badges: list[str]
    price: str
    source: str
    """What stands behind the price."""
    reason: str
    """Why it cannot be chosen; empty: it can."""
    ends: str
    notice: str
    successor: str
    aliases: list[str]


@dataclass(frozen=True, kw_only=True)
class ModelGroup:
    """An endpoint in the menu, with its models."""

    id: str
    title: str
    reason: str
    """Why it cannot be used; empty: it can."""
    models: list[ModelRow]


@dataclass(frozen=True, kw_only=True)
class ModelMenu:
    """Every endpoint with its models."""

    default: str
    """The model of a new conversation; empty: none can be used."""
    groups: list[ModelGroup]
    more_to_come: bool = False
    """Whether an endpoint is still listing its models."""


@dataclass(frozen=True, kw_only=True)
class ModelMissing:
    """What to say of a model that is not in the menu, and who may take its place."""

    title: str
    notice: str
    successor: str


@dataclass(frozen=True, kw_only=True)
class VariableHelp:
    """A variable, and whether it is set; never its value."""

    name: str
    set: bool


@dataclass(frozen=True, kw_only=True)
class VariablesHelp:
    """Some variables under a word that says what they are for."""

    word: str
    variables: list[VariableHelp]


@dataclass(frozen=True, kw_only=True)
class EndpointHelp:
    """An endpoint: what it is, what it wants, and an example row."""

    id: str
    title: str
    kind: str
    what: str
    reason: str
    wants: list[VariablesHelp]
    example: str


@dataclass(frozen=True, kw_only=True)
class EndpointsHelp:
    """Every endpoint, in the order of the files."""

    endpoints: list[EndpointHelp]


@dataclass(frozen=True, kw_only=True)
class ConnectionTested:
    """Whether an endpoint answers, in a sentence."""

    works: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Health:
    """The server answers."""

    status: Literal["ok"] = "ok"


def answer(value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of this API as JSON, without a pass of validation over what we made ourselves."""
    text = json.dumps(value, default=vars, ensure_ascii=False, separators=(",", ":"))
    return Response(
        text.encode("utf-8", "replace"), media_type="application/json", headers=dict(headers or {})
    )
