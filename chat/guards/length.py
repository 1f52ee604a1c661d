"""A limit to how long a question may be, in characters: tokens depend on the model."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from chat.guards.checks import Check, Example, Finding, Side, WrongOption


@dataclass(frozen=True)
class MaxLength(Check):
    """Finds what goes beyond the limit."""

    sides: ClassVar[tuple[Side, ...]] = ("before",)
    """How long an answer may be is between the user and the model."""
    reads: ClassVar[Literal["user", "anyone"]] = "user"
    example: ClassVar[Example] = Example("max_chars = 8", "123456789")
    max_chars: int = 10_000

    def __post_init__(self) -> None:
        """Raises ``WrongOption`` for a limit that lets nothing through."""
        if self.max_chars < 1:
            raise WrongOption("max_chars", "must be 1 or more.")

    async def check_text(self, text: str) -> list[Finding]:
        """The part beyond the limit."""
        if len(text) <= self.max_chars:
            return []
        label = f"more than {self.max_chars:,} characters"
        return [Finding(label, self.max_chars, len(text))]
