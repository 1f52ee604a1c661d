"""A moderation endpoint as a guard: what it flags is found as a whole, never by place."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from chat.core.calling import Moderator
from chat.core.errors import ConfigError
from chat.core.models import Endpoint
from chat.guards.checks import Check, Example, Finding, WrongOption
from chat.providers.registry import open_moderation


@dataclass(frozen=True)
class Moderation(Check):
    """Asks a server that speaks OpenAI's ``/moderations``."""

    reads: ClassVar[Literal["user", "anyone"]] = "user"
    example: ClassVar[Example] = Example('endpoint = "openai"', "I will hurt you.")
    endpoint: Endpoint
    model: str = "omni-moderation-latest"
    categories: tuple[str, ...] = ()
    """Only these count, with what stands below them: ``violence`` is ``violence/graphic`` too.
    Empty: all do."""
    pictures: bool = True
    """Some servers read words only."""
    _moderation: Moderator = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ``WrongOption`` for an endpoint that has no moderation, or lacks its key."""
        try:
            moderation = open_moderation(self.endpoint, self.model)
        except ConfigError as error:
            raise WrongOption("endpoint", f"cannot be asked. {error}") from error
        object.__setattr__(self, "_moderation", moderation)

    async def check_text(self, text: str) -> list[Finding]:
        """What the text is flagged for. Raises ``ProviderError``."""
        if not text.strip():
            return []
        return self._counted(await self._moderation.text(text))

    async def check_image(self, data: bytes) -> list[Finding]:
        """What the picture is flagged for. Raises ``ProviderError``."""
        return self._counted(await self._moderation.picture(data)) if self.pictures else []

    def _counted(self, flagged: tuple[str, ...]) -> list[Finding]:
        wanted = self.categories
        return [
            Finding(category)
            for category in flagged
            if not wanted or category in wanted or category.partition("/")[0] in wanted
        ]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._moderation.aclose()
