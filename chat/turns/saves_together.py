"""Saves of replies that come at once are one transaction.

A disk is waited for once, and not by each reply in turn.
"""

import asyncio
from collections.abc import Sequence

from chat.core.errors import Away, Conflict, NotFound, StorageError, Unstorable
from chat.core.messages import Message
from chat.core.ports import Conversations
from chat.turns.store_away import until_back

MOST = 100
"""In one transaction: others wait to write meanwhile."""


class SavesTogether:
    """All that the replies of a process save passes through here."""

    def __init__(self, conversations: Conversations) -> None:
        """Save into this store."""
        self._conversations = conversations
        self._waiting: list[tuple[Message, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def update(self, message: Message, leave: asyncio.Event | None = None) -> None:
        """As the store's own, after what was saved before; a store that is away is waited for.

        Args:
            message: a reply.
            leave: once it is set, nobody wants to wait for the store any more.

        Raises:
            StorageError: it could not be kept.
        """
        await until_back(lambda: self._one(message), leave)

    async def _one(self, message: Message) -> None:
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, kept))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="saves")
        await kept

    async def _write(self) -> None:
        """Save until nothing waits; what comes during one transaction is the next."""
        while self._waiting:
            now, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            messages = [message for message, _ in now]
            faults: Sequence[Exception | None]
            try:
                faults = await asyncio.to_thread(_kept, self._conversations, messages)
            except Exception as bug:  # each is to hear of it, and the next is to be saved
                faults = [bug] * len(now)
            for (_, kept), fault in zip(now, faults, strict=True):
                if kept.done():
                    continue  # nobody waits for it any more
                if fault is None:
                    kept.set_result(None)
                else:
                    kept.set_exception(fault)
        self._writing = None


def _kept(store: Conversations, messages: Sequence[Message]) -> list[Exception | None]:
    """Save all in one transaction, or one by one where one of them spoils it; what each met."""
    if len(messages) > 1:
        try:
            store.update_together(messages)
        except Away as away:
            return [away] * len(messages)
        except StorageError:
            pass  # the next lines find out of which
        else:
            return [None] * len(messages)
    faults: list[Exception | None] = []
    for at, message in enumerate(messages):
        try:
            store.update(message)
            faults.append(None)
        except (Conflict, NotFound, Unstorable) as its_own:
            faults.append(its_own)
        except StorageError as fault:  # it is the store, which refuses the others as well
            return [*faults, *[fault] * (len(messages) - at)]
        except Exception as bug:
            faults.append(bug)
    return faults
