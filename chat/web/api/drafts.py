"""A message that is being written, and what it would cost and take along."""

from dataclasses import dataclass, field

from pydantic import Field

from chat.turns.question import MAX_TEXT_CHARACTERS
from chat.web.api.turns import AlongFile
from chat.web.api.values import Body, Handle, Id, Sha
from chat.web.api.words import Words


class Draft(Body):
    """A message that is being written."""

    text: str = Field(default="", max_length=MAX_TEXT_CHARACTERS)
    pictures: list[Sha] = Field(default_factory=list, max_length=100)
    masks: list[Sha] = Field(default_factory=list, max_length=100)
    parent_id: Id | None = None
    """The message above; ``None``: it will be the first."""
    handles: dict[Sha, Handle] = Field(default_factory=dict, max_length=100)
    fresh: bool = False
    files: list[AlongFile] = Field(default_factory=list, max_length=100)
    tray: list[Sha] = Field(default_factory=list, max_length=100)
    """All pictures that stand by the message, also those that do not go along."""
    replies: int = Field(default=1, ge=1, le=4)
    models: list[str] = Field(default_factory=list, max_length=4)
    """As of a question."""


@dataclass(frozen=True, kw_only=True)
class TrayPicture:
    """What a picture is to the model that would be asked."""

    sha: str
    handle: int | None
    """Its number, where the conversation shows it already."""
    width: int
    height: int
    bytes: int
    tokens: int
    """About so many it counts as."""
    smaller: bool
    """Whether a copy goes to the model, because it does not take the picture as it is."""


@dataclass(frozen=True, kw_only=True)
class TrayFile:
    """What a file is to the model that would be asked."""

    sha: str
    handle: int | None
    """Its number, where the conversation shows it already."""
    tokens: int
    """About so many its text counts as that goes along."""
    words: Words
    """What of its text does not go, in a sentence; empty: all of it goes, or the model reads it."""
    by_tool: bool
    """Whether the model reads it with a tool."""


@dataclass(frozen=True, kw_only=True)
class NumberedFile:
    """A file of the conversation by its number."""

    sha: str
    handle: int
    name: str
    kind: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class NumberedPicture:
    """A picture of the conversation by its number."""

    sha: str
    handle: int
    alt: str
    goes: bool
    """Whether it goes along with the draft."""


@dataclass(frozen=True, kw_only=True)
class HistoryShare:
    """What of the conversation above goes along with a draft."""

    words: Words
    """In a sentence."""
    messages: int
    of_messages: int
    pictures: int
    of_pictures: int
    dropped: list[NumberedPicture]
    """The newest of those that stay behind, the newest first."""


@dataclass(frozen=True, kw_only=True)
class NearLimit:
    """A limit on what its owner may spend that is near, or reached."""

    words: Words
    reached: bool


@dataclass(frozen=True, kw_only=True)
class Estimated:
    """What a draft may cost, in words, and how that was reckoned; empty where nobody can say."""

    words: Words = ""
    why: Words = ""
    pictures: list[TrayPicture] = field(default_factory=list)
    """What is known of the pictures that stand by the draft."""
    shown: list[NumberedPicture] = field(default_factory=list)
    """The newest pictures of the conversation above the draft, the newest first."""
    next_handle: int = 1
    """The number of the next picture that is new to the conversation."""
    files: list[TrayFile] = field(default_factory=list)
    """What is known of the files of the draft."""
    shown_files: list[NumberedFile] = field(default_factory=list)
    """The newest files of the conversation above the draft, the newest first."""
    next_file_handle: int = 1
    """The number of the next file that is new to the conversation."""
    history: HistoryShare | None = None
    """``None`` where nothing stands above, or nobody can say."""
    limit: NearLimit | None = None
    """``None``: none is near."""
