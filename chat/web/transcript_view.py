"""The part of a conversation that one page shows, and what changed in it since the last look.

A page first gets the last messages of its branch. After that only differences travel: how
many messages stay, which follow, which are drawn anew. A page follows its own branch down;
a sibling that another page makes does not take the screen away from it.
"""

import asyncio
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from chat.conversations.settings_service import stamp
from chat.conversations.variants import Variants, VariantSet
from chat.core.errors import NotFound
from chat.core.messages import ALIVE, UNENDED, Conversation, Message
from chat.core.parts import Image, pictures
from chat.core.ports import ConversationHit, Conversations
from chat.render.messages import author, message_html, tail_html
from chat.render.variants import tile_html
from chat.turns.app_state import AppState
from chat.web.api.models import ModelFacts
from chat.web.live_messages import (
    CarriedPicture,
    DrawnMessage,
    HeldMessage,
    OlderMessages,
    Patch,
    ReplyEnded,
    TranscriptWindow,
    VariantGrid,
)
from chat.web.model_facts import model_facts, spent
from chat.web.render_cache import RenderCache

STAMP_CHARACTERS = 12
WINDOW_MESSAGES = 50
TAIL_MESSAGES = 6
"""How far up a change is looked for before the whole window is read again."""


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message as the page has it."""

    message: Message
    siblings: tuple[str, ...]
    running: bool
    stamp: str = field(init=False)
    """Two equal stamps of one message look the same."""

    def __post_init__(self) -> None:
        message = self.message
        shown = "running" if self.running else (message.status, message.finished_at)
        stamp = sha256(repr((shown, self.siblings)).encode()).hexdigest()[:STAMP_CHARACTERS]
        object.__setattr__(self, "stamp", stamp)


class TranscriptView:
    """What one page shows of one conversation."""

    def __init__(
        self,
        app_state: AppState,
        cache: RenderCache,
        owner: str,
        conversation_id: str,
        streaming: Container[str],
    ) -> None:
        """Show this conversation of this owner; nothing is read yet.

        ``streaming`` holds, at every moment, the replies whose end the page has not been
        told: they count as running even where the store knows better already.
        """
        self._app_state = app_state
        self._cache = cache
        self._owner = owner
        self.conversation_id = conversation_id
        self.leaf_id: str | None = None
        self.listed: ConversationHit
        """As last read for the list, once it was."""
        self.conversation: Conversation
        """As last read, once it was."""
        self._streaming = streaming
        self._shown: list[RenderedMessage] = []
        self._settings = ""
        self._facts: ModelFacts | None = None
        self._spent = ""
        self._variants: VariantSet | None = None

    async def open(self) -> TranscriptWindow:
        """Everything the page needs to draw the conversation from nothing.

        Raises:
            NotFound: there is no such conversation.
        """
        self._shown = await self._read(WINDOW_MESSAGES)
        conversation = self.conversation
        return TranscriptWindow(
            title=conversation.title,
            model=conversation.model,
            added=[self._drawn_one(row) for row in self._shown],
            **self._state(),
        )

    async def resume(self, held: Sequence[HeldMessage]) -> TranscriptWindow | Patch:
        """What changed since a page was last told: it still shows these messages, from the top.

        Raises:
            NotFound: there is no such conversation.
        """
        try:
            await self.follow(held[-1].id)
        except NotFound:
            return await self.open()
        rows = await self._read(max(WINDOW_MESSAGES, len(held) + TAIL_MESSAGES), follow=True)
        ids = [row.message.id for row in rows]
        if held[0].id not in ids:
            self._shown = []
            return await self.open()
        self._shown = rows[ids.index(held[0].id) :]
        return self._patch([(each.id, each.stamp) for each in held])

    async def look(self) -> TranscriptWindow | Patch:
        """What changed since, as a patch; the page's branch is followed to its newest leaf."""
        if self.leaf_id is None:
            return await self.open()
        tail = await self._read(TAIL_MESSAGES, follow=True)
        kept = self._splice_point(tail)
        if kept is None:
            return await self.open()
        before = [(row.message.id, row.stamp) for row in self._shown]
        self._shown = [*self._shown[:kept], *tail]
        return self._patch(before)

    def _patch(self, before: Sequence[tuple[str, str]]) -> Patch:
        """From the ids and stamps that the page shows, to what is to be shown now."""
        same = 0
        while (
            same < min(len(before), len(self._shown))
            and before[same][0] == self._shown[same].message.id
        ):
            same += 1
        redrawn = [
            self._drawn_one(row)
            for (_, stamp), row in zip(before[:same], self._shown[:same], strict=True)
            if stamp != row.stamp
        ]
        added = [self._drawn_one(row) for row in self._shown[same:]]
        return Patch(keep=same, redrawn=redrawn, added=added, **self._state())

    async def follow(self, message_id: str) -> bool:
        """Show the branch that ends in this message; false where it is shown already."""
        if message_id == self.leaf_id and self._shown and self._shown[-1].message.id == message_id:
            return False
        message = await asyncio.to_thread(
            self._app_state.conversations.message, self._owner, message_id
        )
        if message.conversation_id != self.conversation_id:
            raise NotFound("That message is not part of this conversation.")
        self.leaf_id = message_id
        return True

    async def older(self) -> OlderMessages:
        """The messages above the first one shown."""
        above = self._shown[0].message.parent_id if self._shown else None
        rows: list[RenderedMessage] = []
        if above is not None:
            store = self._app_state.conversations
            rows = await self._rendered(
                *await asyncio.to_thread(_rows, store, above, WINDOW_MESSAGES)
            )
        self._shown = [*rows, *self._shown]
        return OlderMessages(
            added=[self._drawn_one(row) for row in rows], has_older=self._has_older()
        )

    def ended(self, message: Message, body: str | None) -> ReplyEnded | None:
        """A streamed reply has reached its end: what stands under it now, and what goes along.

        Whoever answers at once must not send the picture before this reply's. ``body`` is drawn
        anew where what was streamed looks different.
        """
        for at, row in enumerate(self._shown):
            if row.message.id == message.id:
                ended = self._shown[at] = RenderedMessage(message, row.siblings, running=False)
                names = self._app_state.names
                return ReplyEnded(
                    reply=message.id,
                    stamp=ended.stamp,
                    status=message.status,
                    author=author(message, names),
                    tail=tail_html(message, row.siblings, names, running=False),
                    body=body,
                    carry=_carried([row.message for row in self._shown]),
                )
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
        app_state = self._app_state
        # One visit to a thread for all of it: the way there costs more than most answers.
        read = await asyncio.to_thread(
            app_state.conversations.transcript,
            self._owner,
            self.conversation_id,
            self.leaf_id,
            limit,
            follow=follow,
        )
        self.conversation, branch = read.conversation, read.branch
        self.listed = ConversationHit(read.conversation, read.picture)
        self._facts = model_facts(app_state.catalogue_of(self._owner), self.conversation.model)
        self._spent = spent(read.spending)
        self._settings = stamp(self.conversation)
        self._variants = None
        if branch:
            self.leaf_id = branch[-1].id
            versions = read.siblings.get(self.leaf_id, ())
            if len(versions) > 1:  # seldom: not worth the way to a thread else
                self._variants = await self._beside(branch[-1], versions)
        # Last: a reply that ended while something else was read would be shown as running again.
        return await self._rendered(branch, read.siblings)

    async def _beside(self, leaf: Message, versions: Sequence[str]) -> VariantSet | None:
        """What was asked for together with the last reply, which has these versions."""
        state = self._app_state
        found = Variants(state.conversations, state.news)
        return await asyncio.to_thread(found.among, self._owner, leaf, versions)

    async def _rendered(
        self, branch: Sequence[Message], siblings: Mapping[str, Sequence[str]]
    ) -> list[RenderedMessage]:
        """What was read, as the page will have it."""
        await self._cache.prepare(each for each in branch if not self._is_running(each))
        # While the store was being read, a reply may have reached its end: the read is older.
        # One that waits goes on, so it is no end where a turn writes it again.
        ended = {
            each.id: each for each in (row.message for row in self._shown) if self._has_ended(each)
        }
        fresh = [
            ended.get(message.id, message) if message.status in ALIVE else message
            for message in branch
        ]
        return [
            RenderedMessage(message, tuple(siblings.get(message.id, ())), self._is_running(message))
            for message in fresh
        ]

    def _has_ended(self, message: Message) -> bool:
        waits = message.status == "waiting" and self._app_state.jobs.get(message.id) is None
        return waits or message.status not in UNENDED

    def _is_running(self, message: Message) -> bool:
        if message.id in self._streaming:
            return True
        return message.status in ALIVE and self._app_state.jobs.get(message.id) is not None

    def _drawn_one(self, row: RenderedMessage) -> DrawnMessage:
        names = self._app_state.names
        body = "" if row.running else self._cache.body(row.message)
        html = message_html(row.message, row.siblings, names, body, running=row.running)
        return DrawnMessage(id=row.message.id, stamp=row.stamp, html=html)

    def _has_older(self) -> bool:
        return bool(self._shown) and self._shown[0].message.parent_id is not None

    def _state(self) -> dict[str, Any]:
        """What ``TranscriptWindow`` and ``Patch`` have in common."""
        return {
            "conversation": self.conversation_id,
            "leaf": self.leaf_id,
            "has_older": self._has_older(),
            "carry": _carried([row.message for row in self._shown]),
            "facts": self._facts,
            "settings": self._settings,
            "spent": self._spent,
            "variants": None if self._variants is None else self._grid(self._variants),
        }

    def _grid(self, found: VariantSet) -> VariantGrid:
        names, tiles = self._app_state.names, []
        numbers = {each.id: number for number, each in enumerate(found.replies, 1)}
        for reply in found.visible if found.open else ():
            # A reply whose end the page has not been told may be over for the other tiles' sake.
            job = self._app_state.jobs.get(reply.id) if reply.status in ALIVE else None
            asked = job.questions.open if job is not None and job.questions is not None else ()
            running = job is not None
            html = tile_html(reply, numbers[reply.id], names, running=running, questions=asked)
            tiles.append(DrawnMessage(id=reply.id, stamp=_digest(html), html=html))
        return VariantGrid(open=found.open, total=len(found.replies), tiles=tiles)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:STAMP_CHARACTERS]


def _rows(
    store: Conversations, leaf_id: str, limit: int
) -> tuple[list[Message], dict[str, list[str]]]:
    """The last messages down to a leaf, and the ids of all versions of each. It blocks."""
    branch = store.branch(leaf_id, limit)
    return branch, store.siblings([message.id for message in branch])


def _carried(messages: Sequence[Message]) -> CarriedPicture | None:
    """The latest picture on the screen: it goes along with the next message by default."""
    for message in reversed(messages):
        found: tuple[Image, ...] = pictures(message.parts)
        if found:
            latest = found[-1]
            return CarriedPicture(
                sha=latest.media.sha256,
                width=latest.media.width_px,
                height=latest.media.height_px,
                alt=latest.alt,
            )
    return None
