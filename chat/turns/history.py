"""What stands above a question, kept while the conversation goes on.

A question is priced again and again while it is written, then asked, and the next one stands
under it. What has ended never changes, so a reply that ends here makes its branch known, and of
any other only the new end is read.
"""

import asyncio
from collections.abc import Mapping, Sequence

from chat.core.messages import UNENDED, Message
from chat.core.parts import Echo, Part, Reasoning, Text
from chat.core.ports import Conversations
from chat.core.recent import Recent

HISTORY_MESSAGES = 1_000
"""The most that a model is told; far beyond what any of them takes."""

END_MESSAGES = 8
"""How much of a branch is read in the hope that what stands above it is known."""

KEPT_BRANCHES = 8
KEPT_CHARACTERS = 8_000_000
"""Of all branches that are kept, what their messages share counted again; the newest always is."""


class History:
    """The branches that were asked for last, as far as they have ended."""

    def __init__(self, conversations: Conversations) -> None:
        """Read from this store; nothing is kept yet."""
        self._conversations = conversations
        self._kept = Recent[str, tuple[Message, ...]](KEPT_CHARACTERS, KEPT_BRANCHES)

    async def above(self, parent_id: str | None) -> Sequence[Message]:
        """The way from the root to the message above a question, oldest first.

        Raises:
            NotFound: there is no such message.
        """
        if parent_id is None:
            return ()
        if (known := self._kept.get(parent_id)) is not None:
            return known
        branch = await self._read(parent_id)
        if all(message.status not in UNENDED for message in branch):
            self._keep(parent_id, branch)
        return branch

    def ended(self, question: Message, reply: Message) -> None:
        """Know the branch of a reply that has ended and is stored, if what is above it is known."""
        above = self._kept.get(question.parent_id) if question.parent_id is not None else ()
        if above is not None:
            self._keep(reply.id, (*above, question, reply)[-HISTORY_MESSAGES:])

    async def _read(self, leaf_id: str) -> tuple[Message, ...]:
        store = self._conversations
        if len(self._kept):
            end = await asyncio.to_thread(store.branch, leaf_id, END_MESSAGES)
            if end[0].parent_id is None:
                return tuple(end)
            for at, message in enumerate(end):
                known = self._kept.get(message.parent_id or "")
                if known is not None:
                    return (*known, *end[at:])[-HISTORY_MESSAGES:]
        return tuple(await asyncio.to_thread(store.branch, leaf_id, HISTORY_MESSAGES))

    def _keep(self, leaf_id: str, branch: tuple[Message, ...]) -> None:
        characters = sum(_characters(part) for message in branch for part in message.parts)
        self._kept.keep(leaf_id, branch, characters)


def _characters(part: Part) -> int:
    """Of its words, and of what a provider wants back with them."""
    words = len(part.text) if isinstance(part, Text | Reasoning) else 0
    echo = getattr(part, "echo", None)
    return words + (_in(echo.data) if isinstance(echo, Echo) else 0)


def _in(value: object) -> int:
    """Of every text in a value of JSON."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(_in, value.values()))
    return sum(map(_in, value)) if isinstance(value, list | tuple) else 0
