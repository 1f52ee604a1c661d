"""What stands above a question, kept while the conversation goes on.

A question is priced again and again while it is written, then asked, and the next one stands
under it. What has ended never changes, so of a branch that is known only its new end is read.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from chat.core.messages import ALIVE, Message
from chat.core.ports import Conversations

HISTORY_MESSAGES = 1_000
"""The most that a model is told; far beyond what any of them takes."""

END_MESSAGES = 8
"""How much of a branch is read in the hope that what stands above it is known."""

KEPT_BRANCHES = 8


class History:
    """The branches that were asked for last, as far as they have ended."""

    def __init__(self, conversations: Conversations) -> None:
        """Read from this store; nothing is kept yet."""
        self._conversations = conversations
        self._kept: OrderedDict[str, tuple[Message, ...]] = OrderedDict()

    async def above(self, parent_id: str | None) -> Sequence[Message]:
        """The way from the root to the message above a question, oldest first.

        Raises:
            NotFound: there is no such message.
        """
        if parent_id is None:
            return ()
        branch = self._kept.get(parent_id) or await self._read(parent_id)
        if all(message.status not in ALIVE for message in branch):
            self._keep(parent_id, branch)
        return branch

    async def _read(self, leaf_id: str) -> tuple[Message, ...]:
        store = self._conversations
        if self._kept:
            end = await asyncio.to_thread(store.branch, leaf_id, END_MESSAGES)
            if end[0].parent_id is None:
                return tuple(end)
            for at, message in enumerate(end):
                known = self._kept.get(message.parent_id or "")
                if known is not None:
                    return (*known, *end[at:])[-HISTORY_MESSAGES:]
        return tuple(await asyncio.to_thread(store.branch, leaf_id, HISTORY_MESSAGES))

    def _keep(self, leaf_id: str, branch: tuple[Message, ...]) -> None:
        self._kept[leaf_id] = branch
        self._kept.move_to_end(leaf_id)
        while len(self._kept) > KEPT_BRANCHES:
            self._kept.popitem(last=False)
