"""Where the pictures stand that the words of a question call by a handle.

A model sees pictures and no names, so each handle is told its place behind it:
``Put @img3 (picture 2) on @img1 (picture 1)``.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from re import Match

from chat.core.handles import HANDLE
from chat.core.messages import Message
from chat.core.parts import Part, Text, pictures

EARLIER = "shown earlier in this conversation"
NOT_SENT = "not sent with this message"


def calls_pictures(message: Message) -> bool:
    """Whether the words of a question call a picture by its handle."""
    return message.role == "user" and any(
        isinstance(part, Text) and HANDLE.search(part.text) for part in message.parts
    )


def with_places(
    messages: Sequence[Message], numbers: Mapping[str, int], sent: Set[str], *, history: bool
) -> list[Message]:
    """The messages, their questions told where the pictures are that they call.

    Args:
        messages: as they will be sent, oldest first.
        numbers: the number of each picture of the conversation by its sha256.
        sent: the sha256 of the pictures that go along.
        history: whether the model sees more than the last question.
    """
    by_number = {number: sha256 for sha256, number in numbers.items()}
    placed: list[Message] = []
    for at, message in enumerate(messages):
        if not calls_pictures(message):
            placed.append(message)
            continue
        above = messages[at - 1].parts if history and at else ()
        before = {image.media.sha256 for image in pictures(above)}
        own = [image.media.sha256 for image in pictures(message.parts)]
        placed.append(replace(message, parts=_placed(message.parts, by_number, own, before, sent)))
    return placed


def _placed(
    parts: tuple[Part, ...],
    by_number: Mapping[int, str],
    own: Sequence[str],
    above: Set[str],
    sent: Set[str],
) -> tuple[Part, ...]:
    told: set[int] = set()

    def place(found: Match[str]) -> str:
        number = int(found[1])
        sha256 = by_number.get(number)
        if sha256 is None or number in told:
            return found[0]
        told.add(number)
        if sha256 in own:
            # A provider may show it as part of that reply and not once more.
            here = ", of the reply above" if sha256 in above else ""
            return f"{found[0]} (picture {own.index(sha256) + 1}{here})"
        return f"{found[0]} ({EARLIER if sha256 in sent else NOT_SENT})"

    return tuple(
        replace(part, text=HANDLE.sub(place, part.text)) if isinstance(part, Text) else part
        for part in parts
    )
