"""What the host says of a server: how it is reached, how long it may take, what it may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from chat.core.conversation_settings import ToolPolicy

SignIn: TypeAlias = Literal["client_credentials", "browser"]

START_S = 60.0
"""A server that is started may have to be downloaded first, as npx and uvx do."""
CALL_S = 60.0
SIGN_IN_PORT = 7865


@dataclass(frozen=True, slots=True)
class Program:
    """A server that Easel starts, and speaks to over its standard input and output."""

    command: str
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Beside the few variables that every program needs."""
    cwd: str = ""


@dataclass(frozen=True, slots=True)
class OAuth:
    """How Easel signs in where a server asks for it."""

    grant: SignIn
    client_id: str = ""
    """Empty: Easel registers itself, where the server lets it."""
    client_secret: str = field(default="", repr=False)
    issuer: str = ""
    """Whose the client is: its secret is sent to no other."""
    scope: str = ""
    port: int = SIGN_IN_PORT
    """Of the loopback address that the browser comes back to. Servers remember it."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server that runs somewhere, and is spoken to over streamable HTTP."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: str = ""
    """An authority to believe beside the usual ones, as a PEM file."""
    oauth: OAuth | None = None


@dataclass(frozen=True, slots=True)
class ToolRule:
    """What the host decides of one tool, or of all that have no rule."""

    policy: ToolPolicy = "ask"
    always_asks: bool = False
    timeout_s: float = CALL_S


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """A row of ``mcp.toml``."""

    id: str
    """Begins the names of its tools."""
    title: str
    place: Program | Address
    mode: str = "auto"
    """``auto``, ``legacy`` or a version of the protocol."""
    enabled: bool = True
    start_s: float = START_S
    rule: ToolRule = ToolRule()
    rules: Mapping[str, ToolRule] = field(default_factory=dict)
    """By the name that the server gives a tool."""
    lacking: tuple[str, ...] = ()
    """Environment variables that it names and that hold nothing: it cannot be reached without."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What those hold that do: it must not be logged."""

    def rule_for(self, tool: str) -> ToolRule:
        """What holds for a tool."""
        return self.rules.get(tool, self.rule)
