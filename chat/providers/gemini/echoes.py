"""What Gemini wants to hear again: thought signatures and call ids, kept in a part's echo.

A signature is bound to the bytes it came with. It goes back on the very part that carried
it, to the model that made it, or not at all.
"""

import base64

from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import Echo, Part
from chat.providers.shared.requests.thought_signatures import family

KIND = "gemini"


def signature_echo(signature: bytes | None, *, unnamed_call: bool = False) -> Echo | None:
    """An echo of a signature, and of whether the call's id is ours; ``None`` if there is none."""
    data: dict[str, str | bool] = {}
    if signature:
        data["thought_signature"] = base64.b64encode(signature).decode("ascii")
    if unnamed_call:
        data["unnamed_call"] = True
    return Echo(KIND, data) if data else None


def signature_of(part: Part) -> bytes | None:
    """The signature that came with a part."""
    if part.echo is None or part.echo.provider != KIND:
        return None
    value = part.echo.data.get("thought_signature")
    return base64.b64decode(value) if isinstance(value, str) else None


def is_unnamed(part: Part) -> bool:
    """Whether the id of a call was made up here, because the model gave none."""
    echo = part.echo
    return echo is not None and echo.provider == KIND and echo.data.get("unnamed_call") is True


def is_own(message: Message, card: ModelCard) -> bool:
    """Whether this model, in whatever edition, wrote the message over this wire."""
    origin = message.origin
    return origin is not None and origin.kind == KIND and family(origin.model) == family(card.id)
