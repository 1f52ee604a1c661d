"""What the Interactions API wants to hear again: the signatures of its thoughts and calls.

A signature comes with a thought, before what the model says because of it; in an older revision of
the API also with a call. Both go back in their place to the model that made them, or not at all.
"""

import base64

from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import Echo, Part
from chat.providers.shared.requests.thought_signatures import family

KIND = "gemini_interactions"

_TO_STANDARD = str.maketrans("-_", "+/")


def signature_echo(signature: object, *, late: bool = False) -> Echo | None:
    """An echo of a signature; ``None`` where there is none, or what is no base64.

    Thoughts that come with a summary may have an empty one.
    Source: https://github.com/googleapis/js-genai/issues/1735 (2026-06-25).

    Args:
        signature: as it came; sent back otherwise than as base64, it would be refused for good.
        late: it came at the end of the answer, and belongs before what was said.
    """
    if not signature or not isinstance(signature, str) or not _is_base64(signature):
        return None
    return Echo(KIND, {"signature": signature, **({"late": True} if late else {})})


def is_late(part: Part) -> bool:
    """Whether the signature of a part came after what was said because of it."""
    return bool(signature_of(part)) and part.echo is not None and part.echo.data.get("late") is True


def _is_base64(text: str) -> bool:
    digits = text.translate(_TO_STANDARD).rstrip("=")
    try:
        base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except ValueError:
        return False
    return True


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
