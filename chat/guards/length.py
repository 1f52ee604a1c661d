"""A limit to how long a question may be. Counts characters, not tokens: it knows no model."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from chat.core.errors import ConfigError
from chat.guards.checks import Finding, Side


@dataclass(frozen=True, slots=True)
class MaxLength:
    """Finds what goes beyond the limit."""

    sides: ClassVar[tuple[Side, ...]] = ("before",)
    """How long an answer may be is between the user and the model."""
    reads: ClassVar[Literal["user", "anyone"]] = "user"
    max_chars: int = 10_000

    def __post_init__(self) -> None:
        """Raises ``ConfigError`` for a limit that lets nothing through."""
        if self.max_chars < 1:
            raise ConfigError("“max_chars” must be 1 or more.")

    @property
    def reach_chars(self) -> int | None:
        """Counts from the beginning, so it must see the passage whole."""
        return None

    async def read(self, text: str) -> list[Finding]:
        """The part beyond the limit."""
        if len(text) <= self.max_chars:
            return []
        label = f"more than {self.max_chars:,} characters"
        return [Finding(label, self.max_chars, len(text))]

    async def look(self, picture: bytes) -> list[Finding]:
        """A picture has no characters."""
        del picture
        return []
