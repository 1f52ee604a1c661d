"""Replies that are kept before their turns begin, also by a server that goes away as it keeps them.

A database that crashes between keeping something and saying so leaves who asked in doubt. A reply
that is there, and that nobody writes, would be waited for without end.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from chat.conversations.changes import ChangeFeed
from chat.core.errors import Away, NotFound, StorageError
from chat.core.messages import Finish, Message
from chat.core.ports import Conversations
from chat.turns.store_away import while_away

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 1.0
LOOKS = 600
NOT_BEGUN = Finish(
    "error",
    "Away",
    "The database went away before this could begin, so no model was asked. Try again.",
    "no",
    ("retry",),
)


class Commits:
    """Keeps replies, and ends those of which nobody knew in time that they were kept."""

    def __init__(self, conversations: Conversations, news: ChangeFeed) -> None:
        self._conversations = conversations
        self._news = news
        self._looking: set[asyncio.Task[None]] = set()

    async def keep(self, owner: str, replies: Sequence[Message], work: Callable[[], None]) -> None:
        """Have ``work`` keep these replies, and all that belongs to them, in one transaction.

        Raises:
            Away: they were not kept; or nobody can say so for now, and if they were, they are
                ended as soon as the server is back.
            StorageError: as ``work`` does.
        """
        try:
            await asyncio.to_thread(work)
        except Away:
            if not await self._were_kept(owner, replies):
                raise

    async def _were_kept(self, owner: str, replies: Sequence[Message]) -> bool:
        try:
            return await while_away(lambda: self._kept(owner, replies[-1]))
        except Away:
            looking = asyncio.create_task(self._end(owner, replies), name="look for replies")
            self._looking.add(looking)
            looking.add_done_callback(self._looking.discard)
            raise

    async def close(self) -> None:
        """Look no more: what was kept is ended as what a crash left is."""
        for looking in tuple(self._looking):
            looking.cancel()
        await asyncio.gather(*self._looking, return_exceptions=True)

    def _kept(self, owner: str, reply: Message) -> bool:
        try:
            self._conversations.message(owner, reply.id)
        except NotFound:
            return False
        return True

    async def _end(self, owner: str, replies: Sequence[Message]) -> None:
        why: StorageError | None = None
        for _ in range(LOOKS):
            await asyncio.sleep(LOOK_AGAIN_S)
            try:
                if not await asyncio.to_thread(self._kept, owner, replies[-1]):
                    return
                for reply in replies:
                    ended = replace(reply, status="failed", finish=NOT_BEGUN)
                    await asyncio.to_thread(self._conversations.update, ended)
            except StorageError as error:
                why = error
                continue
            self._news.publish(owner, replies[-1].conversation_id)
            return
        log.error("whether the reply %s was kept was never found out", replies[-1].id, exc_info=why)
