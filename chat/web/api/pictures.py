"""A picture or another file coming in, and what is known of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from chat.web.api.values import Body
from chat.web.api.words import Words


class PictureAddress(Body):
    """Where in the web a picture is that the user wants to add."""

    address: str = Field(min_length=1, max_length=2_000)


@dataclass(frozen=True, kw_only=True)
class StoredPicture:
    """A picture as it is kept."""

    sha: str
    mime: str
    width: int
    height: int
    bytes: int
    note: Words
    """What was done to it on the way in; empty: nothing that anybody would see."""


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file that is no picture, as it is kept."""

    sha: str
    name: str
    kind: str
    """In a word: ``PDF``, ``CSV``, ``Code`` ..."""
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Added:
    """What a user added: one of both."""

    picture: StoredPicture | None = None
    file: StoredFile | None = None


@dataclass(frozen=True, kw_only=True)
class FactsOfPicture:
    """What is known of a picture in a conversation; empty is unknown."""

    sha: str
    mime: str
    width: int
    height: int
    bytes: int
    message: str
    prompt: str
    model_words: str
    """The model's own words for it, where they are not the prompt."""
    model: str
    settings: Mapping[Words, str]
    """What was chosen for the reply beside its words: label to value, in their order."""
    operation: Words
    """What was done without a model, in words."""
    parents: tuple[str, ...]
    new_area: str
    """A mask of canvas that is new in it."""
    cost: Words
    """Of the whole reply, in words."""
    made_at: str
    """UTC, ISO 8601."""
    watermark: str


@dataclass(frozen=True, kw_only=True)
class ChangeOfPicture:
    """What an edit changed, in words."""

    sha: str
    before: str
    """The picture that it came of."""
    words: Words
    """A sentence for under the picture."""
    spoken: Words
    """The same, and what the reply says: for people who cannot see it."""


@dataclass(frozen=True, kw_only=True)
class ChangesOfReply:
    """What the pictures of a reply changed; drawn anew: nothing."""

    changes: list[ChangeOfPicture]


@dataclass(frozen=True, kw_only=True)
class ProvenanceOfPicture:
    """What a picture's file says of its origin, and how far that can be believed."""

    status: Literal["trusted", "unverified", "invalid", "none", "unchecked"]
    signer: str
    generator: str
    signed_at: str
    problems: tuple[str, ...]
    source_type: str
    source_type_from: str
    in_file: bool
    """Whether the stored file says so itself; else the uploaded one did, before it was cleaned."""
