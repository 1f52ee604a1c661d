"""Message bodies as HTML, drawn once and kept; long ones are drawn beside the event loop.

An ended message never changes, so every page and every opening of a conversation shares its
drawing. A long text may take a tenth of a second: meanwhile the server goes on.
"""

import asyncio
from collections.abc import Iterable

from chat.core.display_names import DisplayNames
from chat.core.languages import language
from chat.core.messages import ALIVE, Message
from chat.core.parts import Reasoning, Text
from chat.core.recent import Recent
from chat.render.messages import body_html

KEPT_CHARACTERS = 8_000_000
LONG_CHARACTERS = 4_000
"""From here on, in one message or many, a thread costs less than the wait."""


class RenderCache:
    """The bodies that were drawn last, up to a total length."""

    def __init__(self, names: DisplayNames) -> None:
        """Draw with these names; nothing is kept yet."""
        self._names = names
        self._kept = Recent[tuple[object, ...], str](KEPT_CHARACTERS)

    def body(self, message: Message) -> str:
        """The body of a message, from what is kept or drawn on the spot."""
        html = self._kept.get(_key(message))
        if html is not None:
            return html
        html = body_html(message, self._names)
        self._keep(message, html)
        return html

    async def prepare(self, messages: Iterable[Message]) -> None:
        """Have these ready for ``body``: if they are long together, drawn in a thread."""
        missing = [message for message in messages if _key(message) not in self._kept]
        if sum(map(_length, missing)) <= LONG_CHARACTERS:
            return
        drawn = await asyncio.to_thread(
            lambda: [body_html(message, self._names) for message in missing]
        )
        for message, html in zip(missing, drawn, strict=True):
            self._keep(message, html)

    def _keep(self, message: Message, html: str) -> None:
        if message.status in ALIVE:
            return  # it will look different in a moment
        self._kept.keep(_key(message), html, len(html))


def _key(message: Message) -> tuple[object, ...]:
    return (message.id, message.status, message.finished_at, language())


def _length(message: Message) -> int:
    return sum(len(part.text) for part in message.parts if isinstance(part, Text | Reasoning))
