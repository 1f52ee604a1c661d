"""The guardrails of a running Easel: its rules, on both sides of every call."""

from collections.abc import AsyncGenerator, Sequence

from chat.core.calling import ModelRequest
from chat.core.events import ProviderEvent
from chat.guards.incoming import screened
from chat.guards.outgoing import admitted
from chat.guards.pipeline import GuardPipeline
from chat.guards.rules import Rule


class RuledGuardrails:
    """Implements ``chat.core.calling.Guardrails``. Without rules it touches nothing."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        """Apply these, in their order."""
        self._every: list[Rule] = []
        self.replace(rules)

    def replace(self, rules: Sequence[Rule]) -> None:
        """Apply these from the next call on; what runs keeps those that it began with."""
        self._every += rules
        self._before = GuardPipeline(rules, "before")
        self._after = GuardPipeline(rules, "after")

    async def admit(self, request: ModelRequest) -> ModelRequest:
        """The request as it may go out. Raises ``Blocked``."""
        return await admitted(request, self._before) if self._before.rules else request

    def screen(
        self, request: ModelRequest, events: AsyncGenerator[ProviderEvent, None]
    ) -> AsyncGenerator[ProviderEvent, None]:
        """The events as they may be shown. Raises ``Blocked``."""
        tools = frozenset(tool.name for tool in request.tools)
        return screened(events, self._after, tools) if self._after.rules else events

    async def aclose(self) -> None:
        """Close the connections that checks keep open."""
        for rule in self._every:
            await rule.check.aclose()
