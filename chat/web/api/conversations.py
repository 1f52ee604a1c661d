"""The list of conversations, and conversations as files."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from chat.web.api.values import Body
from chat.web.api.words import Words

UNTITLED = "New conversation"
"""What one is called that has no title."""


class Title(Body):
    """A new title."""

    title: str = Field(max_length=2_000)


class Pinning(Body):
    """Whether it stands on top of the list."""

    on: bool


@dataclass(frozen=True, kw_only=True)
class ConversationId:
    """A conversation that was made, copied, or brought back."""

    id: str


@dataclass(frozen=True, kw_only=True)
class ConversationRow:
    """A conversation as the sidebar lists it."""

    id: str
    title: str
    model: str
    at: str
    """When it changed last: UTC, ISO 8601."""
    running: bool
    waits: bool = False
    """Whether something in it waits for its user: a call to decide on, or a question."""
    pinned: str = ""
    """Since when it stands on top of the list, in the form of ``at``; empty: it does not."""
    picture: str = ""
    """The sha256 of the picture that came last in it; empty: there is none."""
    excerpt: str = ""
    """Where the words of a search stand in it."""


@dataclass(frozen=True, kw_only=True)
class ConversationPage:
    """Some rows of the sidebar: those that are pinned, then the others, newest first."""

    conversations: list[ConversationRow]
    more: bool


@dataclass(frozen=True, kw_only=True)
class BinnedRow:
    """A conversation in the bin. Moments are UTC, ISO 8601."""

    id: str
    title: str
    deleted_at: str
    goes_at: str
    """When it is removed for good."""


@dataclass(frozen=True, kw_only=True)
class BinPage:
    """Some rows of the bin, deleted last first."""

    conversations: list[BinnedRow]
    more: bool
    days: int
    """How long the bin keeps."""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """How many conversations were removed for good."""

    erased: int


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """The title as it is kept."""

    title: str


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """Since when it is pinned, as a row says it."""

    pinned: str


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """A conversation lies in the bin."""

    deleted: Literal[True] = True


@dataclass(frozen=True, kw_only=True)
class Exportable:
    """A file can be made: under this name it leaves."""

    name: str


@dataclass(frozen=True, kw_only=True)
class ImportedConversation:
    """A conversation that came in a file."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What came of a file, and what was left out of it, in words."""

    conversations: list[ImportedConversation]
    sentence: Words
