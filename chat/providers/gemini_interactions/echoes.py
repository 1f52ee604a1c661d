"""What the Interactions API wants to hear again: the signatures of its thoughts and calls.

A signature comes with a thought, before what the model says because of it; in an older revision of
the API also with a call. Both go back in their place to the model that made them, or not at all.
"""

from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import Echo, Part
from chat.providers.thought_signatures import family

KIND = "gemini_interactions"


def signature_echo(signature: object) -> Echo | None:
    """An echo of a signature, which is base64; ``None`` where there is none.

    Thoughts that come with a summary may have an empty one.
    Source: https://github.com/googleapis/js-genai/issues/1735 (2026-06-25).
    """
    return (
        Echo(KIND, {"signature": signature}) if signature and isinstance(signature, str) else None
    )


def signature_of(part: Part) -> str:
    """The signature that came with a part, in base64; empty where it has none."""
    if part.echo is None or part.echo.provider != KIND:
        return ""
    value = part.echo.data.get("signature")
    return value if isinstance(value, str) else ""


def is_own(message: Message, card: ModelCard) -> bool:
    """Whether this model, in whatever edition, wrote the message over this wire."""
    origin = message.origin
    return origin is not None and origin.kind == KIND and family(origin.model) == family(card.id)
