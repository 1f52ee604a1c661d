"""How a server is, in words."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["off", "connecting", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """One server, for people."""

    id: str
    title: str
    state: State
    words: str
    """A sentence: how many tools it has, or why it has none."""
    tools: int
