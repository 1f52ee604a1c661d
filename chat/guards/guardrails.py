"""The guardrails of a running Easel: its rules, on both sides of every call."""

from collections.abc import AsyncGenerator, Sequence

from chat.core.calling import ModelRequest
from chat.core.events import ProviderEvent
from chat.guards.incoming import screened
from chat.guards.moderation import Moderation
from chat.guards.outgoing import admitted
from chat.guards.rules import Rule
from chat.guards.verdicts import Bench


class RuledGuardrails:
    """Implements ``chat.core.calling.Guardrails``. Without rules it touches nothing."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        """Apply these, in their order."""
        self._rules = tuple(rules)
        self._before = Bench(rules, "before")
        self._after = Bench(rules, "after")

    async def admit(self, request: ModelRequest) -> ModelRequest:
        """The request as it may go out. Raises ``Blocked``."""
        return await admitted(request, self._before) if self._before.rules else request

    def screen(
        self, request: ModelRequest, events: AsyncGenerator[ProviderEvent, None]
    ) -> AsyncGenerator[ProviderEvent, None]:
        """The events as they may be shown. Raises ``Blocked``."""
        del request
        return screened(events, self._after) if self._after.rules else events

    async def aclose(self) -> None:
        """Close the doors that checks keep open."""
        for rule in self._rules:
            if isinstance(rule.check, Moderation):
                await rule.check.aclose()
