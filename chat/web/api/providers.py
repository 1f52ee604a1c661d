"""The page “Models and keys”: providers that are set up, and forms for more."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chat.web.api.values import Body
from chat.web.api.words import Words

Value = Annotated[str, StringConstraints(max_length=2_000)]
Key = Annotated[str, StringConstraints(max_length=2_000)]
Name = Annotated[str, StringConstraints(max_length=200)]


class ProviderTrial(Body):
    """A form as it is filled in."""

    provider: Name
    values: dict[Name, Value] = Field(default_factory=dict, max_length=20)
    key: Key | None = None
    """As it was typed; null: the one that is kept."""


class ProviderKept(ProviderTrial):
    """A form that is to be kept."""

    chosen: list[Name] | None = Field(default=None, max_length=2_000)
    """The models to have in the menu, by their wire names; null: as they are."""


class ProviderSwitched(Body):
    """Whether a provider is to be used."""

    on: bool


@dataclass(frozen=True, kw_only=True)
class FieldShown:
    """One thing to fill in."""

    name: str
    use: Literal["title", "address", "key", "option", "names"]
    label: Words
    about: Words
    required: bool
    rare: bool
    """Most people leave it as it is."""
    example: str
    value: str
    """What is filled in; of a key never anything."""


@dataclass(frozen=True, kw_only=True)
class ProviderForm:
    """A provider that may be set up."""

    id: str
    title: Words
    about: Words
    key_page: str
    """Where its maker gives out keys; empty: nowhere that is known."""
    lists: bool
    """Whether models may be chosen from what it lists."""
    fields: list[FieldShown]


@dataclass(frozen=True, kw_only=True)
class ModelOffered:
    """A model of a provider."""

    id: str
    """Of its card; it is in the menu by this once it is kept."""
    name: str
    """Its wire name."""
    title: str
    badges: list[Words]
    known: bool
    """It is in the menu without having been chosen."""
    listed: bool
    """The provider lists it."""


@dataclass(frozen=True, kw_only=True)
class ProviderShown:
    """A provider that is set up."""

    id: str
    title: Words
    state: Literal["ready", "failing", "off", "lacking"]
    reason: Words
    """Why it cannot be used, or what it said when it was asked last; empty: it can."""
    key: Words
    """Where its key comes from, in a few words; never the key."""
    key_from: Literal["environment", "kept", "none"]
    removable: bool
    """Whether something of it was set up here."""
    usage: Words
    """What would miss it, in a sentence; empty: nothing."""
    chosen: list[str] | None
    models: list[ModelOffered]
    """Those in the menu."""
    form: ProviderForm
    asked: str
    """The endpoint whose connection may be tested; empty: none."""
    endpoints: list[str]
    """The ids of all that belongs to it."""
    refused_at: str
    """When its key was refused, with the offset; empty: it was not since it last worked."""


@dataclass(frozen=True, kw_only=True)
class Providers:
    """Everything on the page."""

    closed: Words
    """Why nothing can be changed here; empty: it can."""
    place: Words
    """Where a key goes, as the end of a sentence."""
    trouble: Words
    """What cannot be used of what was set up; empty: nothing."""
    set_up: list[ProviderShown]
    available: list[ProviderForm]
    saved: str = ""
    """The id of the provider that was kept just now."""
    noted: Words = ""
    """What was made of its address as it was typed; empty: nothing."""


@dataclass(frozen=True, kw_only=True)
class ProviderTried:
    """What came of a trial."""

    works: bool
    sentence: Words
    models: list[ModelOffered]
    address: str
    """Where it answered, if that is not as it was typed; empty: it is."""
