"""What people show each other."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from chat.core.people import MAX_GROUP_CHARACTERS
from chat.core.shares import MAX_SHARED_WITH
from chat.web.api.values import Body, Id


class NewShare(Body):
    """Something that others shall be able to look at."""

    kind: Literal["conversation", "board"]
    subject: Id
    """The conversation or the board."""
    leaf: Id | Literal[""] = ""
    """Of a conversation, the last message that is shown; empty: as it was left."""
    link: bool = False
    """Whoever has the link may look."""
    everybody: bool = False
    """All who sign in here may."""
    names: list[Annotated[str, Field(max_length=200)]] = Field(
        default_factory=list, max_length=1_000
    )
    """By which people sign in who may."""
    groups: list[Annotated[str, Field(max_length=MAX_GROUP_CHARACTERS)]] = Field(
        default_factory=list, max_length=MAX_SHARED_WITH
    )
    """Whoever is in one of them may; of those that whoever shares is in."""
    days: Annotated[int, Field(ge=1, le=3_650)] | None = None
    """For how long; ``None``: until it is ended."""


@dataclass(frozen=True, kw_only=True)
class ShareListed:
    """Something that is shown to others, or by others."""

    id: str
    kind: Literal["conversation", "board"]
    subject: str
    """The conversation or the board; empty: it is somebody else's."""
    title: str
    by: str
    """Who shares it, as people call them."""
    address: str
    """Under which it is seen, from the page's own."""
    link: bool
    everybody: bool
    names: list[str]
    """Of the people it is shared with, for its owner."""
    groups: list[str]
    """That it is shared with, likewise."""
    since: str
    """When it was shared: UTC, ISO 8601."""
    until: str
    """Until when; empty: until it is ended."""
    views: int
    """How often others have opened it, for its owner."""


@dataclass(frozen=True, kw_only=True)
class ShareLists:
    """What somebody shows others, and what others show them."""

    mine: list[ShareListed]
    with_me: list[ShareListed]
    people: bool
    """Whether people sign in here, with whom to share by name."""
    groups: list[str]
    """With which whoever asks may share: theirs; of an administrator all that somebody is in."""
