"""A user's conversations: make, list, rename, put into the bin, take out again.

Every method takes the owner and touches nothing of anybody else.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from chat.conversations.changes import ChangeFeed
from chat.conversations.duplicating import duplicate
from chat.conversations.last_chosen import last_chosen
from chat.conversations.usual_tools import usual_tools
from chat.core.errors import CapabilityError, NotFound, StorageError
from chat.core.messages import Conversation, new_id, now
from chat.core.ports import ConversationHit, Conversations
from chat.core.text import clean_name
from chat.models import Catalogues

log = logging.getLogger(__name__)

MAX_TITLE_CHARACTERS = 200
NOTED_EVERY = timedelta(hours=12)
"""Rules count in days; so that looking costs no write as a rule."""
REMEMBERED = 10_000
BIN_DAYS = 30
"""How long a deleted conversation can be had back, where the host says nothing else."""
TOLD_AT_ONCE = 100
"""Conversations of which open pages are told one by one."""
LAST_SAVE_S = 3.0
"""A disk that refuses may hold up the last save; the bin need not wait for it."""


class RunningTurns(Protocol):
    """The turns that are under way."""

    async def stop_all(self, conversation_id: str, at_most_s: float) -> None:
        """Stop those of a conversation; wait so long at most for the last save of each."""
        ...


class ConversationService:
    """The conversations of a store, with their settings."""

    def __init__(
        self,
        conversations: Conversations,
        catalogues: Catalogues,
        running: RunningTurns,
        changes: ChangeFeed,
        bin_days: Callable[[], int] = lambda: BIN_DAYS,
    ) -> None:
        """Keep conversations here; a new one is answered by this catalogue's usual model.

        ``bin_days`` says how long the bin keeps them, and may ask the store.
        """
        self.bin_days = bin_days
        self._conversations = conversations
        self._catalogues = catalogues
        self._running = running
        self._changes = changes
        self._noted: OrderedDict[str, datetime] = OrderedDict()
        """When it was noted of a conversation that somebody looks at it."""

    async def new(self, owner: str) -> Conversation:
        """An empty conversation with what its owner chose last, or as Easel begins one."""
        model = self._catalogues.of(owner).default.id
        conversation = Conversation(id=new_id(), owner=owner, title="", model=model)
        return await asyncio.to_thread(self._created, conversation)

    def _created(self, conversation: Conversation) -> Conversation:
        owner = conversation.owner
        begun = usual_tools(self._conversations, owner).begun(conversation)
        usable = self._catalogues.of(owner).can_answer
        begun = last_chosen(self._conversations, owner).begun(begun, usable)
        self._conversations.create(begun)
        return begun

    async def get(self, owner: str, conversation_id: str) -> Conversation:
        """A conversation that is not in the bin. Raises ``NotFound``."""
        return await asyncio.to_thread(self._conversations.get, owner, conversation_id)

    async def listed(self, owner: str, conversation_id: str) -> ConversationHit:
        """One that is not in the bin, as the list shows it. Raises ``NotFound``."""
        return await asyncio.to_thread(self._conversations.listed, owner, conversation_id)

    async def search(
        self, owner: str, query: str = "", limit: int = 50, before: datetime | None = None
    ) -> list[ConversationHit]:
        """What ``Conversations.search`` finds."""
        return await asyncio.to_thread(self._conversations.search, owner, query, limit, before)

    async def rename(self, owner: str, conversation_id: str, title: str) -> Conversation:
        """Give it another title.

        Raises:
            CapabilityError: the title is empty or too long.
        """
        title = clean_name(title)
        if not title:
            raise CapabilityError("A title needs at least one character.")
        if len(title) > MAX_TITLE_CHARACTERS:
            raise CapabilityError(f"A title has at most {MAX_TITLE_CHARACTERS} characters.")
        return await self._change(owner, conversation_id, lambda now: replace(now, title=title))

    async def pin(self, owner: str, conversation_id: str, *, on: bool) -> Conversation:
        """Have it on top of the list, or no longer. Raises ``NotFound``, ``TooMany``."""
        kept = await asyncio.to_thread(self._conversations.pin, owner, conversation_id, on=on)
        self._changes.publish(owner, conversation_id)
        return kept

    async def duplicate(self, owner: str, conversation_id: str) -> Conversation:
        """A copy of it with all that was said; see :mod:`chat.conversations.duplicating`."""
        made = await asyncio.to_thread(
            duplicate, self._conversations, owner, conversation_id, MAX_TITLE_CHARACTERS
        )
        self._changes.publish(owner, made.id)
        return made

    async def show(self, owner: str, message_id: str) -> str:
        """Show the branch that goes through this message; the conversation's id."""
        message = await asyncio.to_thread(self._conversations.message, owner, message_id)
        leaf = await asyncio.to_thread(self._conversations.newest_leaf, message_id)
        conversation_id = message.conversation_id
        await asyncio.to_thread(self._conversations.set_head, owner, conversation_id, leaf)
        self._changes.publish(owner, conversation_id)
        return conversation_id

    async def delete(self, owner: str, conversation_id: str) -> None:
        """Stop what runs in it and put it into the bin."""
        await self.get(owner, conversation_id)
        await self._running.stop_all(conversation_id, LAST_SAVE_S)
        await asyncio.to_thread(self._conversations.delete, owner, conversation_id)
        with suppress(NotFound):  # what was asked in it meanwhile; what waits there ends by itself
            await self._running.stop_all(conversation_id, LAST_SAVE_S)
        self._changes.publish(owner, conversation_id)

    async def restore(self, owner: str, conversation_id: str) -> Conversation:
        """Take it out of the bin again."""
        restored = await asyncio.to_thread(self._conversations.restore, owner, conversation_id)
        self._changes.publish(owner, conversation_id)
        return restored

    async def opened(self, conversation: Conversation) -> None:
        """Note that somebody looks at it: by and by nothing else would say that it is used."""
        moment, known = now(), self._noted.get(conversation.id)
        if max(conversation.updated_at, known or conversation.updated_at) > moment - NOTED_EVERY:
            return
        self._noted[conversation.id] = moment
        while len(self._noted) > REMEMBERED:
            self._noted.popitem(last=False)
        owner = conversation.owner
        try:
            await asyncio.to_thread(self._conversations.note_use, owner, conversation.id)
        except StorageError as error:  # it can be looked at all the same
            self._noted.pop(conversation.id, None)
            log.warning("that a conversation was opened could not be noted: %s", error)

    async def binned(
        self, owner: str, limit: int = 50, before: datetime | None = None
    ) -> list[Conversation]:
        """What ``Conversations.binned`` finds, once those have gone whose time is over."""
        return await asyncio.to_thread(self._binned, owner, limit, before)

    def _binned(self, owner: str, limit: int, before: datetime | None) -> list[Conversation]:
        self._conversations.purge(now() - timedelta(days=self.bin_days()))
        return self._conversations.binned(owner, limit, before)

    async def erase(self, owner: str, conversation_id: str | None = None) -> list[str]:
        """Remove one of those in the bin for good, or all; their ids. Raises ``NotFound``."""
        gone = await asyncio.to_thread(self._conversations.erase, owner, conversation_id)
        for each in gone[:TOLD_AT_ONCE]:
            self._changes.publish(owner, each)
        return gone

    async def _change(
        self, owner: str, conversation_id: str, alter: Callable[[Conversation], Conversation]
    ) -> Conversation:
        changed = await asyncio.to_thread(self._conversations.change, owner, conversation_id, alter)
        self._changes.publish(owner, conversation_id)
        return changed
