"""A question to any door that talks, answered in words, pictures or anything else."""

import base64
from collections.abc import Callable, Iterable
from typing import Any

from chat.core.events import ImageBytes, ProviderEvent, TextDelta
from tests.loopback import Loopback, Reply, json_reply
from tests.wire.doors import DOORS
from tests.wire.interactions_shapes import interaction, interactions_stream, output, text
from tests.wire.responses_shapes import event, response, responses_stream, said
from tests.wire.talk import events_of, request
from tests.wire_shapes import (
    data_url,
    gemini_stream,
    openai_message,
    openai_stream,
    tiny_png,
)

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
URL, B64 = data_url(RED), base64.b64encode(RED).decode()


def deltas(*pieces: str) -> Reply:
    """A streamed response whose words come in just these pieces."""
    words = "".join(pieces)
    parts = [event("response.output_text.delta", item_id="m", delta=piece) for piece in pieces]
    return responses_stream([*parts, said(words)])


def spoken(*pieces: str) -> dict[str, Any]:
    """A step whose words come in just these pieces."""
    return output(*map(text, pieces))


TALKS: dict[str, Callable[..., Reply]] = {
    "openai_chat": lambda *pieces: openai_stream(pieces),
    "openai_chat, whole": lambda *pieces: json_reply(openai_message({"content": "".join(pieces)})),
    "gemini": lambda *pieces: gemini_stream(pieces),
    "gemini_interactions": lambda *pieces: interactions_stream([spoken(*pieces)]),
    "gemini_interactions, whole": lambda *pieces: json_reply(interaction([spoken(*pieces)])),
    "openai_responses": deltas,
    "openai_responses, whole": lambda *pieces: json_reply(response([said("".join(pieces))])),
}
"""Every way in which words come, by the door; ``whole`` is one that does not stream."""


def said_parts(*parts: dict[str, Any]) -> dict[str, Any]:
    """A message of a response with these parts."""
    return {**said(""), "content": list(parts)}


async def asked(where: str, reply: Reply, **options: Any) -> list[ProviderEvent]:
    kind, _, whole = where.partition(", ")
    with Loopback([reply]) as server:
        door = DOORS[kind]
        provider = door.opened(server.url, **options)
        return await events_of(provider, request(door.card(stream=not whole, tools=True)))


def words_of(events: Iterable[ProviderEvent]) -> str:
    return "".join(found.text for found in events if isinstance(found, TextDelta))


def pictures_of(events: Iterable[ProviderEvent]) -> list[bytes]:
    return [found.data for found in events if isinstance(found, ImageBytes)]
