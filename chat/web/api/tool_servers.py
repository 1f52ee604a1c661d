"""Servers of tools, and what of theirs can be put into a message."""

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from chat.web.api.values import Body
from chat.web.api.words import Words

Kind: TypeAlias = Literal["prompt", "resource", "template"]
Name = Annotated[str, Field(min_length=1, max_length=2_000)]
Blanks = Annotated[
    dict[str, Annotated[str, Field(max_length=20_000)]], Field(default_factory=dict, max_length=20)
]


class InsertionWanted(Body):
    """What a server has ready, with its blanks filled in."""

    kind: Kind
    name: Name
    blanks: Blanks


class CompletionsWanted(Body):
    """A blank that is being filled in."""

    kind: Kind
    name: Name
    blank: Name
    blanks: Blanks
    """What stands in all of them so far, in that one too."""


@dataclass(frozen=True, kw_only=True)
class Completions:
    """What a blank may be filled with, in the server's order."""

    values: list[str]


@dataclass(frozen=True, kw_only=True)
class BlankOffered:
    """What is to be filled in."""

    name: str
    about: str
    required: bool


@dataclass(frozen=True, kw_only=True)
class Offered:
    """Words or pictures that a server has ready."""

    kind: Kind
    name: str
    """Of a prompt; else the address, of a template with blanks in it."""
    title: str
    about: str
    mime: str
    blanks: list[BlankOffered]


@dataclass(frozen=True, kw_only=True)
class ToolServer:
    """A server of tools, which the host has set up."""

    id: str
    title: str
    state: Literal["off", "connecting", "ready", "failed"]
    words: Words
    """A sentence: how many tools it has, or why it has none."""
    tools: int
    offered: list[Offered]
    completes: bool
    """Whether it can be asked what a blank may be filled with."""


@dataclass(frozen=True, kw_only=True)
class ToolServers:
    """All of them, in the order of the host's file."""

    servers: list[ToolServer]


@dataclass(frozen=True, kw_only=True)
class Insertion:
    """What goes into the message box: words, and pictures that are kept by now."""

    text: str
    pictures: list[str]
