"""What an owner asked before, to be asked again."""

import asyncio
from collections.abc import Sequence

from chat.core.parts import plain_text
from chat.core.ports import Conversations

LOOKED_THROUGH = 40
"""Conversations."""
LAST_MESSAGES = 100
"""Of each of them."""
MAX_PROMPT_CHARACTERS = 20_000
"""Longer ones were pasted, and are not asked again."""


class Prompts:
    """What an owner asked before."""

    def __init__(self, conversations: Conversations) -> None:
        """Look in this store."""
        self._conversations = conversations

    async def earlier(self, owner: str, query: str, limit: int) -> list[str]:
        """Different questions that hold all words of a query, the newest conversation first.

        Looked for in the last messages of the conversations that were used last.
        """
        return await asyncio.to_thread(self._earlier, owner, query, limit)

    def _earlier(self, owner: str, query: str, limit: int) -> list[str]:
        words = query.casefold().split()
        found: dict[str, None] = {}
        store = self._conversations
        for hit in store.search(owner, query, LOOKED_THROUGH):
            head = hit.conversation.head_id
            for message in reversed(store.branch(head, LAST_MESSAGES) if head else []):
                text = plain_text(message.parts).strip() if message.role == "user" else ""
                if text and len(text) <= MAX_PROMPT_CHARACTERS and _holds(text, words):
                    found.setdefault(text)
            if len(found) >= limit:
                break
        return list(found)[:limit]


def _holds(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)
