"""Asking, stopping, and choosing among replies."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from chat.turns.outgoing import Outgoing
from chat.turns.question import NamedFile
from chat.web.api.values import Body, ClientId, Handle, Id, Sha


class AlongFile(Body):
    """A stored file that goes along with a message."""

    sha: Sha
    name: str = Field(max_length=500)
    handle: Handle | None = None
    """The number by which the words call it, where it is new to the conversation."""

    @property
    def named(self) -> NamedFile:
        """The file as a turn takes it."""
        return NamedFile(self.sha, self.name, self.handle or 0)


class Question(Body):
    """A message to send, or the new words of an edited one."""

    text: str
    pictures: list[Sha] = Field(default_factory=list, max_length=100)
    masks: list[Sha] = Field(default_factory=list, max_length=100)
    """Pictures too, that say where the first one may change."""
    client_id: ClientId
    """The page's own name for the message: sent twice under one name, it is one message."""
    parent_id: Id | None = None
    replies: int = Field(default=1, ge=1, le=4)
    """How many replies it is to have, side by side."""
    models: list[str] = Field(default_factory=list, max_length=4)
    """The model of each reply, instead of a number of them; empty: the conversation's."""
    handles: dict[Sha, Handle] = Field(default_factory=dict, max_length=100)
    """The numbers by which the words call pictures that are new to the conversation."""
    fresh: bool = False
    """Whether no picture from above goes along with it."""
    files: list[AlongFile] = Field(default_factory=list, max_length=100)
    """Files that are no pictures."""

    @property
    def outgoing(self) -> Outgoing:
        """What is asked."""
        return Outgoing(
            self.client_id,
            self.text,
            self.pictures,
            masks=self.masks,
            files=[file.named for file in self.files],
            handles=self.handles,
            fresh=self.fresh,
        )

    @property
    def answered_by(self) -> list[str]:
        """The model of each reply; an empty one is the conversation's."""
        return self.models or [""] * self.replies


class VariantChoice(Body):
    """What to do with one of several replies."""

    act: Literal["pick", "discard", "keep", "reopen"]


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
class Stopped:
    """Whether the reply was still being written."""

    stopped: bool


@dataclass(frozen=True, kw_only=True)
class VariantShown:
    """The reply that the page goes on from now."""

    reply: str


@dataclass(frozen=True, kw_only=True)
class BranchShown:
    """The conversation whose branch was changed."""

    conversation: str
