"""A moderation endpoint as a guard: what it flags is found as a whole, never by place."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from chat.core.calling import Moderator
from chat.core.models import Endpoint
from chat.guards.checks import SIDES, Finding, Side
from chat.providers.registry import open_moderation


@dataclass(frozen=True)
class Moderation:
    """Asks a server that speaks OpenAI's ``/moderations``."""

    sides: ClassVar[tuple[Side, ...]] = SIDES
    reads: ClassVar[Literal["user", "anyone"]] = "user"
    endpoint: Endpoint
    model: str = "omni-moderation-latest"
    categories: tuple[str, ...] = ()
    """Only these count, with what stands below them: ``violence`` is ``violence/graphic`` too.
    Empty: all do."""
    pictures: bool = True
    """Some servers read words only."""
    _moderation: Moderator = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ``ConfigError`` for an endpoint of another kind, or one without its key."""
        object.__setattr__(self, "_moderation", open_moderation(self.endpoint, self.model))

    @property
    def reach_chars(self) -> int | None:
        """Judges whole passages."""
        return None

    async def read(self, text: str) -> list[Finding]:
        """What the text is flagged for. Raises ``ProviderError``."""
        if not text.strip():
            return []
        return self._counted(await self._moderation.text(text))

    async def look(self, picture: bytes) -> list[Finding]:
        """What the picture is flagged for. Raises ``ProviderError``."""
        return self._counted(await self._moderation.picture(picture)) if self.pictures else []

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
