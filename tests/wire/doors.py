"""Every door that speaks over a network, with a server of its wire in each state it may be in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chat.core.calling import Provider
from chat.core.models import Endpoint, ModelCard, Timeouts
from chat.providers.registry import open_provider
from tests.loopback import Gate, Reply, json_reply
from tests.wire.drawing import USAGE, answer, drawn
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import responses_stream
from tests.wire.talk import card, endpoint
from tests.wire_shapes import gemini_stream, imagen_answer, openai_stream, tiny_png

RED = tiny_png(200)


@dataclass(frozen=True)
class DoorKind:
    """A wire, and how to stand at both ends of it."""

    kind: str
    good: Callable[[], Reply]
    """A whole answer with a picture."""
    begun: Callable[[Sequence[str | bytes | Gate]], Reply]
    """The beginning of a streamed answer that has no end."""
    streams: bool = True
    talks: bool = True
    """Whether it says words, too."""

    def endpoint(self, url: str, timeouts: Timeouts | None = None, **options: Any) -> Endpoint:
        cloud = {"enterprise": True} if self.kind == "imagen" else {}
        return endpoint(self.kind, url, timeouts, **cloud, **options)

    def card(self, **more: Any) -> ModelCard:
        drafts = ("partial_images",) if self.kind == "openai_images" else ()
        return card(self.kind, images_parameters=drafts, **more)

    def opened(self, url: str, timeouts: Timeouts | None = None, **options: Any) -> Provider:
        return open_provider(self.endpoint(url, timeouts, **options))


def headed(reply: Reply, **headers: str) -> Reply:
    """The reply with more headers; underscores stand for hyphens."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(reply, headers={**reply.headers, **more})


def _drafts(parts: Sequence[str | bytes | Gate]) -> Reply:
    return drawn(*(part for part in parts if not isinstance(part, str)), whole=False)


DOORS: dict[str, DoorKind] = {
    door.kind: door
    for door in (
        DoorKind(
            "gemini",
            lambda: gemini_stream(["Here: ", RED]),
            lambda parts: gemini_stream(parts, finish=None),
        ),
        DoorKind(
            "gemini_interactions",
            lambda: interactions_stream(["Here: ", RED]),
            lambda parts: interactions_stream(parts, None),
        ),
        DoorKind(
            "imagen",
            lambda: json_reply(imagen_answer(RED)),
            lambda _: Reply((), cut=True),
            streams=False,
            talks=False,
        ),
        DoorKind(
            "openai_chat",
            lambda: openai_stream(["Here: ", RED]),
            lambda parts: openai_stream(parts, finish=None),
        ),
        DoorKind(
            "openai_images",
            lambda: answer(RED, usage=USAGE),
            _drafts,
            talks=False,
        ),
        DoorKind(
            "openai_responses",
            lambda: responses_stream(["Here: ", RED]),
            lambda parts: responses_stream(parts, end=None),
        ),
    )
}

STREAMING = [kind for kind, door in DOORS.items() if door.streams]
"""Kinds whose answers come bit by bit."""
