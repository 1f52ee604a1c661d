"""Conversations in dictionaries: gone when the program ends. A peer of the SQL store.

It keeps the same contract, so tests and a trial run need no disk.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chat.core.errors import Conflict, NotFound
from chat.core.messages import ALIVE, Conversation, Message, new_id, now
from chat.core.parts import MediaRef, plain_text
from chat.core.ports import ConversationHit, DatabaseMark, Spending, Transcript
from storage.codec import COLUMNS
from storage.media.names import named_media
from storage.text_search import excerpt, missing_from_title, query_words, searchable

TICK = timedelta(microseconds=1)


def open_memory(url: str) -> "MemoryConversations":
    """A new, empty store; the address says nothing more."""
    del url
    return MemoryConversations()


class MemoryConversations:
    """The port ``Conversations`` in memory. One lock, so each call is whole."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._conversations: dict[str, Conversation] = {}
        self._tree = _MessageTree()
        self._media: dict[str, MediaRef] = {}
        self._grants: set[tuple[str, str]] = set()
        self._id = new_id()
        self._arrived = 0

    def create(self, conversation: Conversation) -> None:
        """Add a conversation."""
        with self._lock:
            if conversation.id in self._conversations:
                raise Conflict("That conversation is there already.")
            self._conversations[conversation.id] = conversation

    def get(self, owner: str, conversation_id: str) -> Conversation:
        """A conversation that is not in the bin."""
        with self._lock:
            return self._present(owner, conversation_id)

    def change(
        self, owner: str, conversation_id: str, alter: Callable[[Conversation], Conversation]
    ) -> Conversation:
        """Alter the title and the settings; what is stored now."""
        with self._lock:
            stored = self.get(owner, conversation_id)
            altered = alter(stored)
            # Whatever is no column is a setting, those of tomorrow included.
            changed = replace(altered, **{name: getattr(stored, name) for name in COLUMNS})
            self._conversations[stored.id] = changed
            return changed

    def delete(self, owner: str, conversation_id: str) -> None:
        """Put into the bin."""
        with self._lock:
            stored = self._owned(owner, conversation_id)
            deleted_at = stored.deleted_at or now()
            self._conversations[stored.id] = replace(stored, deleted_at=deleted_at)

    def restore(self, owner: str, conversation_id: str) -> Conversation:
        """Take out of the bin again."""
        with self._lock:
            restored = replace(self._owned(owner, conversation_id), deleted_at=None)
            self._conversations[restored.id] = restored
            return restored

    def purge(self, deleted_before: datetime, empty_before: datetime | None = None) -> int:
        """Remove for good what was long in the bin, or empty; messages go with it."""
        with self._lock:
            binned = {
                conversation.id
                for conversation in self._conversations.values()
                if conversation.deleted_at is not None and conversation.deleted_at < deleted_before
            }
            gone = binned | {
                conversation.id
                for conversation in self._conversations.values()
                if empty_before is not None
                and conversation.head_id is None
                and conversation.created_at < empty_before
            }
            for conversation_id in gone:
                del self._conversations[conversation_id]
                self._tree.forget(conversation_id)
            return len(gone)

    def search(
        self, owner: str, query: str = "", limit: int = 50, before: datetime | None = None
    ) -> list[ConversationHit]:
        """Conversations that hold a message, not in the bin, most recently used first."""
        words = query_words(query)
        with self._lock:
            mine = [
                conversation
                for conversation in self._conversations.values()
                if conversation.owner == owner
                and conversation.deleted_at is None
                and conversation.head_id is not None
                and (before is None or conversation.updated_at < before)
            ]
            mine.sort(key=lambda found: (found.updated_at, found.id), reverse=True)
            hits = (self._hit(conversation, words) for conversation in mine)
            return [hit for hit in hits if hit is not None][: max(0, limit)]

    def add(self, messages: Sequence[Message]) -> None:
        """Add messages of one conversation and make the last the head."""
        if len({message.conversation_id for message in messages}) != 1:
            raise ValueError("messages of exactly one conversation are added at once")
        with self._lock:
            conversation = self._conversations.get(messages[0].conversation_id)
            if conversation is None or conversation.deleted_at is not None:
                raise NotFound("There is no such conversation.")
            self._tree.add(messages)
            self._arrived += len(messages)
            newest = max(
                other.updated_at
                for other in self._conversations.values()
                if other.owner == conversation.owner
            )
            self._conversations[conversation.id] = replace(
                conversation, head_id=messages[-1].id, updated_at=max(now(), newest + TICK)
            )

    def update(self, message: Message) -> None:
        """Replace parts, status, finish, origin, usage, cost and end of a message."""
        with self._lock:
            self._tree.update(message)

    def message(self, owner: str, message_id: str) -> Message:
        """One message, of a conversation that is not in the bin."""
        with self._lock:
            found = self._tree.get(message_id)
            self.get(owner, found.conversation_id)
            return found

    def by_client_id(self, conversation_id: str, client_id: str) -> Message | None:
        """The user message that the browser named so."""
        with self._lock:
            named = (
                message
                for message in self._tree.of(conversation_id)
                if message.client_id == client_id
            )
            return next(named, None)

    def reply_to(self, message_id: str) -> Message | None:
        """The newest child of a message."""
        with self._lock:
            return self._tree.newest_child(message_id)

    def branch(self, leaf_id: str, limit: int | None = None) -> list[Message]:
        """The way from the root to ``leaf_id``, oldest first."""
        with self._lock:
            return self._tree.branch(leaf_id, limit)

    def siblings(self, message_ids: Sequence[str]) -> dict[str, list[str]]:
        """For each of these messages, the ids of all children of its parent, oldest first."""
        with self._lock:
            return {found: self._tree.siblings(found) for found in message_ids}

    def newest_leaf(self, message_id: str) -> str:
        """From this message down, always by the newest child, to a leaf."""
        with self._lock:
            return self._tree.newest_leaf(message_id)

    def spending(self, owner: str, conversation_id: str) -> Spending:
        """What the ended replies of a conversation cost."""
        with self._lock:
            self._present(owner, conversation_id)
            costs = [
                message.cost_usd
                for message in self._tree.of(conversation_id)
                if message.role == "assistant" and message.status not in ALIVE
            ]
        known = [cost for cost in costs if cost is not None]
        return Spending(sum(known), len(known), len(costs) - len(known))

    def transcript(
        self,
        owner: str,
        conversation_id: str,
        leaf_id: str | None,
        limit: int,
        *,
        follow: bool = False,
    ) -> Transcript:
        """A conversation, what it cost, and the last messages down to a leaf, at one moment."""
        with self._lock:
            conversation = self._present(owner, conversation_id)
            spending = self.spending(owner, conversation_id)
            leaf_id = leaf_id or conversation.head_id
            if leaf_id is None:
                return Transcript(conversation, spending, [], {})
            leaf_id = self._tree.newest_leaf(leaf_id) if follow else leaf_id
            branch = self._tree.branch(leaf_id, limit)
            siblings = self.siblings([message.id for message in branch])
            return Transcript(conversation, spending, branch, siblings)

    def set_head(self, owner: str, conversation_id: str, message_id: str) -> None:
        """Show another branch."""
        with self._lock:
            conversation = self.get(owner, conversation_id)
            if self._tree.get(message_id).conversation_id != conversation_id:
                raise NotFound("There is no such message.")
            self._conversations[conversation_id] = replace(conversation, head_id=message_id)

    def unfinished(self) -> list[Message]:
        """Messages still queued or streaming, oldest first."""
        with self._lock:
            return [message for message in self._tree.all() if message.status in ALIVE]

    def grant_media(self, owner: str, ref: MediaRef) -> None:
        """Remember a stored picture and that this owner may see it."""
        with self._lock:
            self._media.setdefault(ref.sha256, ref)
            self._grants.add((owner, ref.sha256))

    def media(self, owner: str, sha256: str) -> MediaRef:
        """A picture that this owner may see."""
        with self._lock:
            if (owner, sha256) not in self._grants:
                raise NotFound("There is no such picture.")
            return self._media[sha256]

    def media_in_use(self) -> set[str]:
        """The sha256 of every picture that a message names, those in the bin included."""
        with self._lock:
            return {sha256 for message in self._tree.all() for sha256 in named_media(message.parts)}

    def media_known(self) -> set[str]:
        """The sha256 of every picture that was ever granted to somebody."""
        with self._lock:
            return set(self._media)

    def mark(self) -> DatabaseMark:
        """Which store this is, and how far it has come."""
        with self._lock:
            return DatabaseMark(self._id, self._arrived)

    def close(self) -> None:
        """Nothing to let go of: the dictionaries go with the object."""

    def _present(self, owner: str, conversation_id: str) -> Conversation:
        found = self._owned(owner, conversation_id)
        if found.deleted_at is not None:
            raise NotFound("There is no such conversation.")
        return found

    def _owned(self, owner: str, conversation_id: str) -> Conversation:
        found = self._conversations.get(conversation_id)
        if found is None or found.owner != owner:
            raise NotFound("There is no such conversation.")
        return found

    def _hit(self, conversation: Conversation, words: Iterable[str]) -> ConversationHit | None:
        missing = missing_from_title(conversation, list(words))
        if not missing:
            return ConversationHit(conversation)
        texts = [plain_text(message.parts) for message in self._tree.of(conversation.id)]
        folded = [searchable(text) for text in texts]
        if not all(any(word in text for text in folded) for word in missing):
            return None
        newest = next(text for text in reversed(texts) if missing[0] in searchable(text))
        return ConversationHit(conversation, excerpt(newest, missing[0]))


LASTING = ("id", "conversation_id", "parent_id", "role", "client_id", "created_at")
"""What an update of a message leaves as it was added."""


class _MessageTree:
    """Messages in order of arrival, with the children of each."""

    def __init__(self) -> None:
        self._messages: dict[str, Message] = {}
        """In order of arrival: an update keeps its place."""
        self._children: dict[str, list[str]] = {}
        """By parent; roots stand under the id of their conversation."""

    def all(self) -> list[Message]:
        """Every message, oldest first."""
        return list(self._messages.values())

    def of(self, conversation_id: str) -> list[Message]:
        """Every message of a conversation, oldest first."""
        return [
            found for found in self._messages.values() if found.conversation_id == conversation_id
        ]

    def get(self, message_id: str) -> Message:
        """One message. Raises: NotFound."""
        if message_id not in self._messages:
            raise NotFound("There is no such message.")
        return self._messages[message_id]

    def add(self, messages: Sequence[Message]) -> None:
        """Add messages of one conversation, all or none. Raises: Conflict, NotFound."""
        self._refuse(messages)
        for message in messages:
            self._messages[message.id] = message
            nest = message.parent_id or message.conversation_id
            self._children.setdefault(nest, []).append(message.id)

    def update(self, message: Message) -> None:
        """Replace what may change of a message. Raises: NotFound."""
        stored = self.get(message.id)
        kept = {name: getattr(stored, name) for name in LASTING}
        self._messages[message.id] = replace(message, **kept)

    def forget(self, conversation_id: str) -> None:
        """Remove every message of a conversation."""
        for message in self.of(conversation_id):
            del self._messages[message.id]
            self._children.pop(message.id, None)
        self._children.pop(conversation_id, None)

    def newest_child(self, message_id: str) -> Message | None:
        """The child that came last."""
        children = self._children.get(message_id)
        return self._messages[children[-1]] if children else None

    def newest_leaf(self, message_id: str) -> str:
        """From a message down, always by the newest child. Raises: NotFound."""
        leaf = self.get(message_id).id
        while children := self._children.get(leaf):
            leaf = children[-1]
        return leaf

    def branch(self, leaf_id: str, limit: int | None) -> list[Message]:
        """The way from the root to a leaf, oldest first. Raises: NotFound."""
        way = [self.get(leaf_id)]
        while way[-1].parent_id is not None and (limit is None or len(way) < limit):
            way.append(self._messages[way[-1].parent_id])
        return way[::-1]

    def siblings(self, message_id: str) -> list[str]:
        """All children of a message's parent, oldest first. Raises: NotFound."""
        message = self.get(message_id)
        return list(self._children[message.parent_id or message.conversation_id])

    def _refuse(self, messages: Sequence[Message]) -> None:
        """Refuse what is there already, and what hangs on nothing."""
        kin = self.of(messages[0].conversation_id)
        there = {message.id for message in kin}
        client_ids = {message.client_id for message in kin} - {None}
        for message in messages:
            if message.id in self._messages or message.id in there:
                raise Conflict("That message is there already.")
            if message.client_id in client_ids:
                raise Conflict("That message is there already.")
            if message.parent_id is not None and message.parent_id not in there:
                raise NotFound("The message that this one answers is not there any more.")
            there.add(message.id)
            if message.client_id is not None:
                client_ids.add(message.client_id)
