"""The library of pictures, and its boards."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from chat.web.api.values import Body, Id, Sha


class PicturesOfLibrary(Body):
    """Pictures that something is done to."""

    pictures: list[Sha] = Field(min_length=1, max_length=5_000)


class Favourites(PicturesOfLibrary):
    """Pictures that become favourites, or no more."""

    favourite: bool


class NewBoard(Body):
    """A board to make."""

    name: str = Field(max_length=2_000)
    pictures: list[Sha] = Field(default_factory=list, max_length=2_000)


class BoardName(Body):
    """A board's new name."""

    name: str = Field(max_length=2_000)


class BoardPictures(PicturesOfLibrary):
    """Pictures to put on a board."""

    at: int | None = Field(default=None, ge=0, le=2_000)
    """Before the picture that stands there, counted from 0; ``None``: at its end."""


class BoardOrder(Body):
    """The ids of boards, as they shall stand."""

    boards: list[Id] = Field(max_length=500)


@dataclass(frozen=True, kw_only=True)
class LibraryEntry:
    """A picture of the library, where it came first."""

    sha: str
    width: int
    height: int
    bytes: int
    mime: str
    origin: Literal["upload", "model", "tool"]
    alt: str
    prompt: str
    """The words that it answers, shortened; for an upload, those it came with."""
    model: str
    """The id of the model card; empty: no model made it."""
    model_title: str
    at: str
    """When it was made: UTC, ISO 8601."""
    conversation: str
    """Empty, with ``message``, where no conversation shows it any more."""
    message: str
    title: str
    """Of that conversation."""
    deleted: bool
    """Whether that conversation is in the bin."""
    favourite: bool


@dataclass(frozen=True, kw_only=True)
class LibraryEntries:
    """Some pictures of the library."""

    pictures: list[LibraryEntry]
    after: str
    """What continues the list; empty: this is its end."""


@dataclass(frozen=True, kw_only=True)
class LibraryMonth:
    """A month in which pictures were made."""

    month: str
    """``2026-11``."""
    pictures: int


@dataclass(frozen=True, kw_only=True)
class LibraryCounted:
    """How many pictures there are of what is asked for."""

    pictures: int
    months: list[LibraryMonth]
    """Newest first; none of a board, which has an order of its own."""


@dataclass(frozen=True, kw_only=True)
class ModelName:
    """A model that drew pictures of the library."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class LibraryModels:
    """The models that drew pictures of the library."""

    models: list[ModelName]


@dataclass(frozen=True, kw_only=True)
class BoardShown:
    """A board, with its pictures in order."""

    id: str
    name: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Boards:
    """Every board, in order."""

    boards: list[BoardShown]


@dataclass(frozen=True, kw_only=True)
class UsedInConversation:
    """A conversation that shows a picture."""

    id: str
    title: str
    messages: int


@dataclass(frozen=True, kw_only=True)
class UsesOfPicture:
    """What still uses a picture."""

    sha: str
    conversations: list[UsedInConversation]
    boards: list[str]


@dataclass(frozen=True, kw_only=True)
class PictureUses:
    """What still uses some pictures."""

    pictures: list[UsesOfPicture]
