"""What Google says an answer used, whichever of its wires said it."""

from dataclasses import dataclass

from chat.core.messages import Usage
from chat.providers.shared.replies.figures import count


@dataclass(frozen=True, slots=True)
class Told:
    """Tokens as a wire counts them, each whatever the server wrote there.

    The tokens of pictures are ``None`` where they are not told apart.
    """

    sent: object
    sent_images: int | None
    by_tools: object
    """What tools brought in, which is beside what was sent."""
    came: object
    came_images: int | None
    thought: object
    cached: object
    sent_audio: int | None = None
    """Of speech, where it is told apart and there was any."""


def usage_of(told: Told, *, drew: bool) -> Usage:
    """The usage; ``drew``: whether there was a picture in the answer."""
    sent, by_tools, came = count(told.sent), count(told.by_tools), count(told.came)
    if by_tools:
        sent = (sent or 0) + by_tools
    came_images = told.came_images
    if came_images is None and drew:
        came_images = came  # no split was told; a picture outweighs the words around it
    return Usage(
        input_text_tokens=_less(sent, (told.sent_images or 0) + (told.sent_audio or 0)),
        input_image_tokens=told.sent_images,
        output_text_tokens=_less(came, came_images),
        output_image_tokens=came_images,
        reasoning_tokens=count(told.thought),
        cached_tokens=count(told.cached),
        input_audio_tokens=told.sent_audio or None,
    )


def _less(total: int | None, part: int | None) -> int | None:
    return None if total is None else max(0, total - (part or 0))
