"""Replies that were asked for at once, side by side until one is chosen.

Each is an ordinary reply. What is kept beside them is what was decided: which are out of sight,
and whether the choice is still open. Nothing is ever deleted.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chat.conversations.changes import ChangeFeed
from chat.core.errors import CapabilityError
from chat.core.messages import Message
from chat.core.parts import Json
from chat.core.ports import Conversations, OwnedRecord

KIND = "variants"
"""Of the owner's record; its id is the question's."""


@dataclass(frozen=True, slots=True)
class VariantSet:
    """Replies to one question that were asked for at once: two or more."""

    replies: Sequence[Message]
    """All of them, in the order in which they were asked for."""
    hidden: frozenset[str] = frozenset()
    """Ids of those that were discarded."""
    open: bool = True
    """Whether they are shown side by side."""

    @property
    def visible(self) -> Sequence[Message]:
        """Those that were not discarded; never none."""
        return [reply for reply in self.replies if reply.id not in self.hidden] or self.replies


class Variants:
    """The choices that owners make among variants."""

    def __init__(self, conversations: Conversations, changes: ChangeFeed) -> None:
        """Keep them in this store."""
        self._conversations = conversations
        self._changes = changes

    def among(self, owner: str, reply: Message, siblings: Sequence[str]) -> VariantSet | None:
        """The set that a reply is one of; ``None``: it was asked for alone. For a thread.

        ``siblings`` are the ids of all replies to its question, oldest first.
        """
        if reply.role != "assistant" or reply.parent_id is None or len(siblings) < 2:
            return None
        store = self._conversations
        versions = [reply if each == reply.id else store.message(owner, each) for each in siblings]
        # Replies that are committed together have one moment of creation, and no others have it.
        replies = [each for each in versions if each.created_at == reply.created_at]
        if len(replies) < 2:
            return None
        return _decided(replies, store.record(owner, KIND, reply.parent_id))

    async def pick(self, owner: str, reply_id: str) -> str:
        """Go on from a reply, and have the others out of the way; the reply to show."""
        return await asyncio.to_thread(self._pick, owner, reply_id)

    async def discard(self, owner: str, reply_id: str) -> str:
        """Have a reply out of sight; the reply to show.

        The last one left is picked by that.

        Raises:
            CapabilityError: there is no other left.
        """
        return await asyncio.to_thread(self._discard, owner, reply_id)

    async def keep_all(self, owner: str, reply_id: str) -> str:
        """Show the replies one at a time, as any versions; the reply to show."""
        return await asyncio.to_thread(self._set, owner, reply_id, is_open=False)

    async def reopen(self, owner: str, reply_id: str) -> str:
        """Show all of them side by side again, the discarded ones too; the reply to show."""
        return await asyncio.to_thread(self._set, owner, reply_id, is_open=True)

    def _pick(self, owner: str, reply_id: str) -> str:
        self._decide(
            owner, reply_id, lambda at: replace(at, hidden=at.hidden - {reply_id}, open=False)
        )
        self._show(owner, reply_id)
        return reply_id

    def _discard(self, owner: str, reply_id: str) -> str:
        def without(found: VariantSet) -> VariantSet:
            left = [each for each in found.visible if each.id != reply_id]
            if not left:
                raise CapabilityError("This is the last variant. Keep it, or ask again.")
            return replace(found, hidden=found.hidden | {reply_id}, open=len(left) > 1)

        last = self._decide(owner, reply_id, without).visible[-1].id
        self._show(owner, last)
        return last

    def _set(self, owner: str, reply_id: str, *, is_open: bool) -> str:
        def shown(found: VariantSet) -> VariantSet:
            hidden = frozenset[str]() if is_open else found.hidden
            return replace(found, open=is_open, hidden=hidden)

        self._decide(owner, reply_id, shown)
        self._show(owner, reply_id)
        return reply_id

    def _decide(
        self, owner: str, reply_id: str, decide: Callable[[VariantSet], VariantSet]
    ) -> VariantSet:
        """Decide on what is kept at that moment: two pages may decide at once."""
        store = self._conversations
        reply = store.message(owner, reply_id)
        found = self.among(owner, reply, store.siblings([reply_id])[reply_id])
        if found is None or reply.parent_id is None:
            raise CapabilityError("This reply was asked for alone: there is nothing to choose.")
        question_id = reply.parent_id

        def decided(held: OwnedRecord | None) -> OwnedRecord:
            chosen = decide(_decided(found.replies, held))
            value: Json = {"open": chosen.open, "hidden": sorted(chosen.hidden)}
            return OwnedRecord(KIND, question_id, value, conversation_id=reply.conversation_id)

        return _decided(found.replies, store.keep_record(owner, KIND, question_id, decided))

    def _show(self, owner: str, reply_id: str) -> None:
        store = self._conversations
        conversation_id = store.message(owner, reply_id).conversation_id
        store.set_head(owner, conversation_id, store.newest_leaf(reply_id))
        self._changes.publish(owner, conversation_id)


def _decided(replies: Sequence[Message], record: OwnedRecord | None) -> VariantSet:
    value = record.value if record is not None else None
    if not isinstance(value, dict):
        return VariantSet(replies)
    hidden = value.get("hidden")
    named = {str(each) for each in hidden} if isinstance(hidden, list) else set()
    return VariantSet(
        replies, frozenset(named & {each.id for each in replies}), value.get("open") is not False
    )
