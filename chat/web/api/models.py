"""The models and endpoints that there are."""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from chat.web.api.values import Body
from chat.web.api.words import Words


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """What the message box must know of the model that answers next."""

    id: str
    title: Words
    history: bool
    takes_pictures: bool
    draws: bool
    mask: bool
    most_pictures: int
    """So many it takes with one message; 0: none."""
    most_bytes: int
    """Of the pictures of one message together."""
    dictation: str
    """Where what is said to it is written down, such as “Google AI Studio”; empty: nowhere."""


@dataclass(frozen=True, kw_only=True)
class ModelRow:
    """A model in the menu; every text is words for people."""

    id: str
    title: Words
    label: Words
    """The title, or one that tells it from all others."""
    short: str
    """For the button."""
    note: Words
    badges: list[Words]
    price: Words
    source: Words
    """What stands behind the price."""
    reason: Words
    """Why it cannot be chosen; empty: it can."""
    ends: Words
    notice: Words
    successor: str
    aliases: list[str]


@dataclass(frozen=True, kw_only=True)
class ModelGroup:
    """An endpoint in the menu, with its models."""

    id: str
    title: Words
    reason: Words
    """Why it cannot be used; empty: it can."""
    offline: bool
    """Nobody is asked, so there is no connection to test."""
    models: list[ModelRow]
    trouble: Words = ""
    """Why it did not list its models when it was asked last; empty: it did, or was not asked."""


@dataclass(frozen=True, kw_only=True)
class ModelMenu:
    """Every endpoint with its models."""

    default: str
    """The model of a new conversation; empty: none can be used."""
    groups: list[ModelGroup]
    more_to_come: bool = False
    """Whether an endpoint is still listing its models."""
    sets_up: bool = False
    """Whether the page “Models and keys” is open to whoever asks."""
    favourites: list[str] = field(default_factory=list)
    """Ids of models, in the order in which they became favourites."""
    recent: list[str] = field(default_factory=list)
    """Ids of models, the one that was chosen last in front."""


class FavouriteModel(Body):
    """A model that becomes a favourite, or no more."""

    model: Annotated[str, Field(max_length=300)]
    favourite: bool


@dataclass(frozen=True, kw_only=True)
class ModelMissing:
    """What to say of a model that is not in the menu, and who may take its place."""

    title: str
    notice: Words
    successor: str


@dataclass(frozen=True, kw_only=True)
class VariableHelp:
    """A variable, and whether it is set; never its value."""

    name: str
    set: bool


@dataclass(frozen=True, kw_only=True)
class VariablesHelp:
    """Some variables under a word that says what they are for."""

    word: Words
    variables: list[VariableHelp]


@dataclass(frozen=True, kw_only=True)
class EndpointHelp:
    """An endpoint: what it is, what it wants, and an example row."""

    id: str
    title: str
    kind: str
    what: Words
    reason: Words
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
    sentence: Words
