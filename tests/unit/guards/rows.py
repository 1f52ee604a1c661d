"""Guards as a host would set them up, and what they make of a request or a stream."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence

from chat.core.calling import ModelRequest
from chat.core.events import ProviderEvent, ReasoningDelta, TextDelta
from chat.core.models import Endpoint
from chat.guards.guardrails import RuledGuardrails
from chat.guards.rules import read_rules


def guardrails(toml: str, endpoints: Mapping[str, Endpoint] | None = None) -> RuledGuardrails:
    """Those of a file with this text."""
    return RuledGuardrails(read_rules("guards.toml", toml, endpoints or {}))


async def streamed(*events: ProviderEvent) -> AsyncGenerator[ProviderEvent, None]:
    """A provider's stream."""
    for event in events:
        await asyncio.sleep(0)
        yield event


async def shown(
    guards: RuledGuardrails, request: ModelRequest, events: Sequence[ProviderEvent]
) -> list[ProviderEvent]:
    """What is left of a stream."""
    return [event async for event in guards.screen(request, streamed(*events))]


def words_of(events: Sequence[ProviderEvent], kind: type = TextDelta) -> str:
    """The words in them."""
    return "".join(
        event.text
        for event in events
        if isinstance(event, TextDelta | ReasoningDelta) and isinstance(event, kind)
    )
