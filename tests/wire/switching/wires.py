"""Which wires there are: how a server of each answers, and how it reads what it is asked."""

from collections.abc import Callable
from dataclasses import dataclass

from chat.core.models import ModelCard
from tests.loopback import Reply, Request, json_reply
from tests.wire.drawing import answer
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import responses_stream
from tests.wire.switching.google import GeminiRules, InteractionsRules, imagen_rules
from tests.wire.switching.openai import ChatRules, ResponsesRules, images_rules
from tests.wire.switching.sent import Sent
from tests.wire_shapes import gemini_stream, imagen_answer, openai_stream, tiny_png


@dataclass(frozen=True)
class Wire:
    """One wire."""

    reply: Callable[[], Reply]
    """A short answer."""
    read: Callable[[ModelCard, Request], Sent]
    """What was said in a request; it fails where a real server would refuse it."""


TALKERS: dict[str, Wire] = {
    "gemini": Wire(
        lambda: gemini_stream(["Yes."]),
        lambda card, asked: GeminiRules(signatures=card.signatures).read(asked),
    ),
    "gemini_interactions": Wire(
        lambda: interactions_stream(["Yes."]),
        lambda card, asked: InteractionsRules(signatures=card.signatures).read(asked),
    ),
    "openai_chat": Wire(
        lambda: openai_stream(["Yes."]),
        lambda card, asked: ChatRules(signs=card.signatures).read(asked),
    ),
    "openai_responses": Wire(
        lambda: responses_stream(["Yes."]), lambda _, asked: ResponsesRules().read(asked)
    ),
}
"""These see the history."""

DRAWERS: dict[str, Wire] = {
    "openai_images": Wire(lambda: answer(tiny_png(1)), lambda _, asked: images_rules(asked)),
    "imagen": Wire(
        lambda: json_reply(imagen_answer(tiny_png(1))), lambda _, asked: imagen_rules(asked)
    ),
}
"""These see the last question."""

WIRELESS = frozenset({"sketch"})
