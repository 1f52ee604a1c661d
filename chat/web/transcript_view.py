"""The part of a conversation that one page shows, and what changed in it since the last look.

A page first gets the last messages of its branch. After that only differences travel: how
many messages stay, which follow, which are drawn anew. A page follows its own branch down;
a sibling that another page makes does not take the screen away from it.
"""

import asyncio
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat.conversations.settings import stamp
from chat.core.errors import NotFound
from chat.core.messages import ALIVE, Conversation, Message
from chat.core.parts import Image, pictures
from chat.core.ports import Conversations
from chat.render.messages import author, message_html, tail_html
from chat.turns.services import Services
from chat.web.model_facts import model_facts, spent
from chat.web.render_cache import RenderCache

WINDOW_MESSAGES = 50
TAIL_MESSAGES = 6
"""How far up a change is looked for before the whole window is read again."""


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message as the page has it."""

    message: Message
    siblings: tuple[str, ...]
    running: bool

    @property
    def stamp(self) -> tuple[object, ...]:
        """Two equal stamps look the same."""
        message = self.message
        if self.running:
            return (message.id, self.siblings, "running")
        return (message.id, message.status, message.finished_at, self.siblings)


class TranscriptView:
    """What one page shows of one conversation."""

    def __init__(
        self,
        services: Services,
        cache: RenderCache,
        owner: str,
        conversation_id: str,
        streaming: Container[str],
    ) -> None:
        """Show this conversation of this owner; nothing is read yet.

        ``streaming`` holds, at every moment, the replies whose end the page has not been
        told: they count as running even where the store knows better already.
        """
        self._services = services
        self._cache = cache
        self._owner = owner
        self.conversation_id = conversation_id
        self.leaf_id: str | None = None
        self.conversation: Conversation
        """As last read, once it was."""
        self._streaming = streaming
        self._shown: list[RenderedMessage] = []
        self._settings = ""
        self._card: dict[str, Any] | None = None
        self._spent = ""

    async def open(self) -> dict[str, Any]:
        """Everything the page needs to draw the conversation from nothing.

        Raises:
            NotFound: there is no such conversation.
        """
        self._shown = await self._read(WINDOW_MESSAGES)
        conversation = self.conversation
        told = {"t": "window", "title": conversation.title, "model": conversation.model}
        return {**told, **self._state(), **self._from(0)}

    async def look(self) -> dict[str, Any]:
        """What changed since, as a patch; the page's branch is followed to its newest leaf."""
        if self.leaf_id is None:
            return await self.open()
        tail = await self._read(TAIL_MESSAGES, follow=True)
        kept = self._splice_point(tail)
        if kept is None:
            return await self.open()
        before, self._shown = self._shown, [*self._shown[:kept], *tail]
        same = 0
        while (
            same < min(len(before), len(self._shown))
            and before[same].message.id == self._shown[same].message.id
        ):
            same += 1
        redrawn = [
            [new.message.id, self._html(new)]
            for old, new in zip(before[kept:same], self._shown[kept:same], strict=True)
            if old.stamp != new.stamp
        ]
        return {"t": "patch", **self._state(), **self._from(same), "set": redrawn}

    async def follow(self, message_id: str) -> bool:
        """Show the branch that ends in this message; false where it is shown already."""
        if message_id == self.leaf_id and self._shown and self._shown[-1].message.id == message_id:
            return False
        message = await asyncio.to_thread(
            self._services.conversations.message, self._owner, message_id
        )
        if message.conversation_id != self.conversation_id:
            raise NotFound("That message is not part of this conversation.")
        self.leaf_id = message_id
        return True

    async def older(self) -> dict[str, Any]:
        """The messages above the first one shown."""
        above = self._shown[0].message.parent_id if self._shown else None
        rows: list[RenderedMessage] = []
        if above is not None:
            store = self._services.conversations
            rows = await self._drawn(*await asyncio.to_thread(_rows, store, above, WINDOW_MESSAGES))
        self._shown = [*rows, *self._shown]
        return {"t": "older", "add": [self._html(row) for row in rows], "older": self._has_older()}

    def ended(self, message: Message) -> dict[str, Any] | None:
        """A streamed reply has reached its end: what stands under it now, and what goes along.

        Whoever answers at once must not send the picture before this reply's.
        """
        for at, row in enumerate(self._shown):
            if row.message.id == message.id:
                self._shown[at] = RenderedMessage(message, row.siblings, running=False)
                tail = tail_html(message, row.siblings, self._services.names, running=False)
                carry = _carried([row.message for row in self._shown])
                told = {"m": message.id, "status": message.status, "tail": tail, "carry": carry}
                # Another may have answered than who was asked.
                return {"t": "end", "who": author(message, self._services.names), **told}
        return None

    def running(self) -> list[str]:
        """Replies on the screen that are being written."""
        return [row.message.id for row in self._shown if row.running]

    def _splice_point(self, tail: list[RenderedMessage]) -> int | None:
        """How many shown messages stand above the tail; ``None`` where the two do not meet."""
        if not tail:
            return None
        first = tail[0].message
        for at, row in enumerate(self._shown):
            if row.message.id == first.id:
                return at
            if row.message.id == first.parent_id:
                return at + 1
        return None

    async def _read(self, limit: int, *, follow: bool = False) -> list[RenderedMessage]:
        """What holds for the whole conversation, and the last messages down to the leaf.

        With ``follow`` down to the newest one under it, which is the leaf from then on.
        """
        services = self._services
        # One visit to a thread for all of it: the way there costs more than most answers.
        read = await asyncio.to_thread(
            services.conversations.transcript,
            self._owner,
            self.conversation_id,
            self.leaf_id,
            limit,
            follow=follow,
        )
        self.conversation, branch = read.conversation, read.branch
        self._card = model_facts(services.catalogue, self.conversation.model)
        self._spent = spent(read.spending)
        self._settings = stamp(self.conversation)
        rows = await self._drawn(branch, read.siblings)
        if branch:
            self.leaf_id = branch[-1].id
        return rows

    async def _drawn(
        self, branch: Sequence[Message], siblings: Mapping[str, Sequence[str]]
    ) -> list[RenderedMessage]:
        """What was read, as the page will have it."""
        await self._cache.prepare(each for each in branch if not self._is_running(each))
        # While the store was being read, a reply may have reached its end: the read is older.
        ended = {
            row.message.id: row.message for row in self._shown if row.message.status not in ALIVE
        }
        fresh = [
            ended.get(message.id, message) if message.status in ALIVE else message
            for message in branch
        ]
        return [
            RenderedMessage(message, tuple(siblings.get(message.id, ())), self._is_running(message))
            for message in fresh
        ]

    def _is_running(self, message: Message) -> bool:
        if message.id in self._streaming:
            return True
        return message.status in ALIVE and self._services.jobs.get(message.id) is not None

    def _html(self, row: RenderedMessage) -> str:
        names = self._services.names
        body = "" if row.running else self._cache.body(row.message)
        return message_html(row.message, row.siblings, names, body, running=row.running)

    def _from(self, first: int) -> dict[str, Any]:
        return {"keep": first, "add": [self._html(row) for row in self._shown[first:]]}

    def _has_older(self) -> bool:
        return bool(self._shown) and self._shown[0].message.parent_id is not None

    def _state(self) -> dict[str, Any]:
        return {
            "c": self.conversation_id,
            "leaf": self.leaf_id,
            "older": self._has_older(),
            "carry": _carried([row.message for row in self._shown]),
            "card": self._card,
            "settings": self._settings,
            "spent": self._spent,
        }


def _rows(
    store: Conversations, leaf_id: str, limit: int
) -> tuple[list[Message], dict[str, list[str]]]:
    """The last messages down to a leaf, and the ids of all versions of each. It blocks."""
    branch = store.branch(leaf_id, limit)
    return branch, store.siblings([message.id for message in branch])


def _carried(messages: Sequence[Message]) -> dict[str, Any] | None:
    """The latest picture on the screen: it goes along with the next message by default."""
    for message in reversed(messages):
        found: tuple[Image, ...] = pictures(message.parts)
        if found:
            latest = found[-1]
            return {
                "sha": latest.media.sha256,
                "width": latest.media.width_px,
                "height": latest.media.height_px,
                "alt": latest.alt,
            }
    return None
