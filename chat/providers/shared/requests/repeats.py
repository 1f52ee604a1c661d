"""A picture that stands in several places of a conversation is sent once, where it stands last.

Sent twice it would cost its tokens twice, and more pictures would travel than the card allows.
"""

from collections.abc import Sequence
from dataclasses import replace

from chat.core.messages import Message
from chat.core.parts import Image, Text, with_pictures

AGAIN = "[The picture that stood here is shown again below.]"


def once(messages: Sequence[Message]) -> list[Message]:
    """The messages with each picture where it stands last, and a remark where it stood before.

    A message that repeats itself is left alone, and so is a reply whose picture the very next
    question shows again: the provider knows which of them it has to send. A reply that was altered
    is nobody's: its model would miss signatures in it.
    """
    last: dict[str, int] = {}
    kept: list[Message] = []
    for at in range(len(messages) - 1, -1, -1):
        message = messages[at]
        here: set[str] = set()

        def told(
            image: Image, at: int = at, role: str = message.role, here: set[str] = here
        ) -> Image | Text:
            name = image.media.sha256
            if image.mask:
                return image
            asked_next = last.get(name) == at + 1 and role == "assistant"
            if name in last and not asked_next:
                return Text(AGAIN)
            here.add(name)
            return image

        parts = with_pictures(message.parts[::-1], told)[::-1]
        if parts != message.parts:
            message = replace(message, parts=parts, origin=None)
        kept.append(message)
        last.update(dict.fromkeys(here, at))
    return kept[::-1]
