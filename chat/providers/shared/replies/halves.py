"""Characters that a server cut in two.

JSON writes a character beyond the first 65,536 as two escapes, and a server that streams token by
token may send them in two pieces. Each alone is a lone surrogate, which nothing can carry.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import TypeVar

from chat.core.events import ReasoningDelta, TextDelta

Event = TypeVar("Event")


def joined(text: str) -> str:
    """The text, every two halves that stand side by side as one character; itself if it is sound.

    A half alone stays as it is.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


async def whole_characters(
    events: AsyncGenerator[Event, None],
) -> AsyncGenerator[Event, None]:
    """The events, the first half of a character held back until its other half comes."""
    held = {TextDelta: "", ReasoningDelta: ""}
    async with aclosing(events):
        async for event in events:
            kind = type(event)
            if isinstance(event, TextDelta) and not held[kind] and event.text.isascii():
                yield event
                continue
            if not isinstance(event, TextDelta | ReasoningDelta):
                if any(held.values()):
                    for other, half in _left(held):
                        yield other(half)
                yield event
                continue
            text = held[kind] + event.text
            half = text[-1:] if _is_first_half(text[-1:]) and event.echo is None else ""
            held[kind] = half
            text = joined(text[: len(text) - len(half)])
            if text or event.echo is not None or not (half or event.text):
                yield event if text is event.text else replace(event, text=text)
    for other, half in _left(held):
        yield other(half)


def _left(held: dict[type, str]) -> list[tuple[type, str]]:
    """The halves that are held, which stay halves; afterwards none is."""
    left = [(kind, half) for kind, half in held.items() if half]
    held.update(dict.fromkeys(held, ""))
    return left


def _is_first_half(character: str) -> bool:
    return "\ud800" <= character <= "\udbff"
