"""Saves of replies that come at once are one transaction.

A disk is waited for once, and not by each reply in turn.
"""

import asyncio
import logging
from collections.abc import Sequence

from chat.core.errors import Conflict, NotFound, StorageError, Unstorable
from chat.core.messages import Message
from chat.core.ports import Conversations
from chat.turns.store_away import until_back

log = logging.getLogger(__name__)

_ITS_OWN = (Conflict, NotFound, Unstorable)
"""What is refused of one reply and not of the others; any other StorageError is the store's."""

BROKEN_OFF = "Saving was broken off."

MOST = 100
"""In one transaction: others wait to write meanwhile."""


class SavesTogether:
    """All that the replies of a process save passes through here."""

    def __init__(self, conversations: Conversations) -> None:
        """Save into this store."""
        self._conversations = conversations
        self._waiting: list[tuple[Message, asyncio.Future[None]]] = []
        self._now: list[tuple[Message, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def update(self, message: Message, leave: asyncio.Event | None = None) -> None:
        """As the store's own, after what was saved before; a store that is away is waited for.

        Args:
            message: a reply.
            leave: once it is set, nobody wants to wait for the store any more.

        Raises:
            StorageError: it could not be kept.
            Exception: a bug; it holds what the store cannot write.
        """
        await until_back(lambda: self._one(message), leave)

    async def _one(self, message: Message) -> None:
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, kept))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(), name="saves")
            self._writing.add_done_callback(self._broken_off)
        await kept

    async def _write(self) -> None:
        """Save until nothing waits; what comes during one transaction is the next."""
        while self._waiting:
            self._now, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            messages = [message for message, _ in self._now]
            faults: Sequence[Exception | None]
            try:
                faults = await asyncio.to_thread(_kept, self._conversations, messages)
            except Exception as bug:  # each is to hear of it, and the next is to be saved
                faults = [bug] * len(messages)
            _tell(self._now, faults)
        self._writing = None

    def _broken_off(self, writing: asyncio.Task[None]) -> None:
        """Leave nobody waiting for a task that was cancelled, even before it began."""
        if self._writing is not writing:
            return  # it came to its end
        left, self._waiting = [*self._now, *self._waiting], []
        self._writing = None
        _tell(left, [StorageError(BROKEN_OFF)] * len(left))


def _tell(
    saves: Sequence[tuple[Message, asyncio.Future[None]]], faults: Sequence[Exception | None]
) -> None:
    for (_, kept), fault in zip(saves, faults, strict=True):
        if kept.done():
            continue  # nobody waits for it any more
        if fault is None:
            kept.set_result(None)
        else:
            kept.set_exception(fault)


def _kept(store: Conversations, messages: Sequence[Message]) -> list[Exception | None]:
    """Save all in one transaction, or one by one where one of them spoils it; what each met."""
    if len(messages) > 1:
        try:
            store.update_together(messages)
        except _ITS_OWN:
            pass  # the next lines find out of which
        except StorageError as fault:  # to ask again for each would only take as long again
            return [fault] * len(messages)
        except Exception:  # one of them is odd, and the others are not
            log.warning("replies could not be saved together", exc_info=True)
        else:
            return [None] * len(messages)
    faults: list[Exception | None] = []
    for at, message in enumerate(messages):
        try:
            store.update(message)
            faults.append(None)
        except _ITS_OWN as its_own:
            faults.append(its_own)
        except StorageError as fault:  # it is the store, which refuses the others as well
            return [*faults, *[fault] * (len(messages) - at)]
        except Exception as bug:
            faults.append(bug)
    return faults
