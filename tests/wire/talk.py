"""What wire tests say: requests made of messages, and the events that came of them."""

import hashlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, TypeGuard

from chat.core.calling import ModelRequest, Provider, ToolSpec
from chat.core.events import CallDelta, Finished, ProviderEvent, TextDelta
from chat.core.messages import Message, Origin
from chat.core.models import Endpoint, ModelCard, Timeouts
from chat.core.parts import Image, ImageOrigin, MediaRef, Part, Text
from chat.core.provider_spec import UNKNOWN
from chat.providers.registry import specs

KEY = "AIzaNotARealKey0123456789"

PATIENT = Timeouts(30, 30, 30, 60)
"""For all that is not about time, also on a machine that has much else to do."""

WEATHER = ToolSpec(
    "get_weather",
    "The weather at a place.",
    {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
)


def endpoint(kind: str, url: str, timeouts: Timeouts | None = None, **options: Any) -> Endpoint:
    """An endpoint at a loopback server."""
    return Endpoint(
        id=f"{kind}-test",
        kind=kind,
        title="The test server",
        base_url=url,
        api_key=KEY,
        key_env=("TEST_KEY",),
        timeouts=timeouts or PATIENT,
        options=options,
        spec=specs().get(kind, UNKNOWN),
    )


def card(kind: str, **more: Any) -> ModelCard:
    """A card that draws, with signatures where Gemini wants them."""
    told: dict[str, Any] = {
        "id": "gemini-3.1-flash-image",
        "endpoint": f"{kind}-test",
        "wire_name": "gemini-3.1-flash-image",
        "title": "Test model",
        "signatures": kind in {"gemini", "gemini_interactions"},
        "aspect_ratios": ("1:1", "16:9"),
        "image_sizes": ("1K", "2K"),
    }
    return ModelCard(**{**told, **more})


class Media:
    """Pictures by their name, as a request carries them."""

    def __init__(self) -> None:
        self.bytes: dict[str, bytes] = {}

    def image(self, data: bytes, origin: ImageOrigin = "upload", **more: Any) -> Image:
        """A picture part, its bytes remembered."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.bytes[sha256] = data
        return Image(MediaRef(sha256, "image/png", len(data), 8, 8), origin, **more)


def user(*parts: Part | str) -> Message:
    """A message of the user."""
    return _message("user", parts, None)


def assistant(*parts: Part | str, by: str = "", model: str = "gemini-3.1-flash-image") -> Message:
    """A reply; ``by`` is the wire kind that carried it."""
    return _message("assistant", parts, Origin(by, f"{by}-test", model) if by else None)


def _message(role: Any, parts: Sequence[Part | str], origin: Origin | None) -> Message:
    made = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    return Message("m", "c", None, role, made, origin=origin)


def request(
    model: ModelCard, *messages: Message, media: Mapping[str, bytes] | None = None, **more: Any
) -> ModelRequest:
    """A request; without messages, somebody asks for a fox."""
    return ModelRequest(model, messages or (user("Draw a fox"),), media=media or {}, **more)


async def events_of(provider: Provider, asked: ModelRequest) -> list[ProviderEvent]:
    """Everything a provider says, the provider closed afterwards."""
    events, error = await heard(provider, asked)
    if error is not None:
        raise error
    return events


async def heard(
    provider: Provider, asked: ModelRequest
) -> tuple[list[ProviderEvent], Exception | None]:
    """What a provider said, and the error it ended with, if it did.

    Neighbouring words are one event: into how many the network cuts them is chance. What only
    shows how a call grows is left out, see ``tests.wire.test_growing_calls``.
    """
    events: list[ProviderEvent] = []
    try:
        async with aclosing(generator(provider, asked)) as stream:
            async for event in stream:
                if isinstance(event, CallDelta):
                    continue
                last = events[-1] if events else None
                if _is_words(event) and _is_words(last):
                    events[-1] = replace(event, text=last.text + event.text)
                else:
                    events.append(event)
    except Exception as error:  # the test judges it
        return events, error
    finally:
        await provider.aclose()
    return events, None


def _is_words(event: ProviderEvent | None) -> TypeGuard[TextDelta]:
    return isinstance(event, TextDelta) and event.echo is None


def generator(provider: Provider, asked: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
    """A provider's stream as what it is: every one of ours is a generator, and can be closed."""
    stream = provider.stream(asked)
    assert isinstance(stream, AsyncGenerator)
    return stream


def finished(events: Sequence[ProviderEvent]) -> Finished:
    """The last event, which must be ``Finished``."""
    last = events[-1]
    assert isinstance(last, Finished)
    return last
