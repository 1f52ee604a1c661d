"""Conversations in dictionaries: gone when the program ends. A peer of the SQL store.

It keeps the same contract, so tests and a trial run need no disk.
"""

import threading
from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, tzinfo

from chat.core.errors import Conflict, NotFound, TooMany
from chat.core.messages import ALIVE, UNENDED, Conversation, Message, new_id, now
from chat.core.parts import MediaRef, pictures, searched_text
from chat.core.ports import (
    FAVOURITE,
    MOST_PINNED,
    USED,
    ConversationHit,
    DatabaseMark,
    LibraryCounts,
    LibraryPage,
    LibraryQuery,
    OwnedRecord,
    OwnedThings,
    PictureUse,
    RemovedOwner,
    Spending,
    Transcript,
    WaitingReply,
    WholeConversation,
)
from chat.core.replicas import LeftReply
from chat.core.spending import NO_LIMITS, person_subject
from chat.core.stored_sizes import OwnerSizes, StoredSizes
from storage.codec import COLUMNS
from storage.data_dir_lock import Process
from storage.fitting_in import TICK, check_ids, fitted_in
from storage.media.names import named_media
from storage.memory_audit import MemoryAudit
from storage.memory_host_settings import MemoryHostSettings
from storage.memory_library import MemoryLibrary
from storage.memory_people import MemoryPeople
from storage.memory_personal_keys import MemoryPersonalKeys
from storage.memory_replicas import MemoryReplicas
from storage.memory_shares import MemoryShares
from storage.memory_spending import MemorySpending
from storage.memory_tree import MessageTree
from storage.memory_usage import MemoryUsage
from storage.text_search import excerpt, missing_from_title, query_words, searchable


def open_memory(url: str, process: Process) -> "MemoryConversations":
    """A new, empty store; neither the address nor who opens it says anything more."""
    del url, process
    return MemoryConversations()


class MemoryConversations:
    """The port ``Conversations`` in memory. One lock, so each call is whole."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._conversations: dict[str, Conversation] = {}
        self._tree = MessageTree()
        self._media: dict[str, MediaRef] = {}
        self._grants: set[tuple[str, str]] = set()
        self._withdrawn: set[tuple[str, str]] = set()
        self._stored_at: dict[str, datetime] = {}
        self._records: dict[tuple[str, str, str], OwnedRecord] = {}
        self._id = new_id()
        self._arrived = 0
        self.people = MemoryPeople()
        self.personal_keys = MemoryPersonalKeys(self.people)
        self.budgets = MemorySpending()
        self.replicas = MemoryReplicas(self._left)
        self.shares = MemoryShares(self.people)
        self.usage = MemoryUsage()
        self.audit = MemoryAudit()
        self.host_settings = MemoryHostSettings()
        self._library = MemoryLibrary(
            self._conversations,
            self._tree,
            self._media,
            self._stored_at,
            self._grants,
            self._withdrawn,
            self._records,
        )

    def tell_people_apart(self) -> None:
        """From now on nothing is added but for somebody who is kept, or for a key of the host."""
        self.people.people_apart = True

    def create(self, conversation: Conversation) -> None:
        """Add a conversation."""
        with self._lock:
            self.people.require_owner(conversation.owner)
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
            self.note_use(owner, restored.id)
            return restored

    def note_use(self, owner: str, conversation_id: str) -> None:
        """Note that a conversation is used now."""
        with self._lock, suppress(NotFound):
            found = self._present(owner, conversation_id).id
            name = (owner, USED, found)
            self._records[name] = OwnedRecord(USED, found, None, conversation_id=found)

    def binned(
        self, owner: str, limit: int = 50, before: datetime | None = None
    ) -> list[Conversation]:
        """Conversations in the bin that hold a message, deleted last first."""
        with self._lock:
            found = [
                (conversation.deleted_at, conversation.id, conversation)
                for conversation in self._conversations.values()
                if conversation.owner == owner
                and conversation.deleted_at is not None
                and conversation.head_id is not None
                and (before is None or conversation.deleted_at < before)
            ]
            return [each for *_, each in sorted(found, reverse=True)[: max(0, limit)]]

    def erase(self, owner: str, conversation_id: str | None = None) -> list[str]:
        """Remove for good what is in the bin; messages go with it."""
        with self._lock:
            if conversation_id is None:
                all_ = self._conversations.values()
                gone = [c.id for c in all_ if c.owner == owner and c.deleted_at is not None]
            else:
                held = self._owned(owner, conversation_id)
                if held.deleted_at is None:
                    raise NotFound("There is no such conversation.")
                gone = [held.id]
            for each in gone:
                del self._conversations[each]
                self._tree.forget(each)
            parts = [n for n, record in self._records.items() if record.conversation_id in gone]
            for name in parts:
                del self._records[name]
            return gone

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
            for name in self._orphaned(gone, deleted_before):
                del self._records[name]
            return len(gone)

    def pin(self, owner: str, conversation_id: str, *, on: bool) -> Conversation:
        """Have a conversation on top of the list, or no longer."""
        with self._lock:
            stored = self._present(owner, conversation_id)
            if on is (stored.pinned_at is not None):
                return stored
            mine = [c for c in self._conversations.values() if c.owner == owner]
            pinned = [c for c in mine if c.pinned_at is not None and c.deleted_at is None]
            if on and len(pinned) >= MOST_PINNED:
                raise TooMany(f"There are {MOST_PINNED} pinned already.")
            changed = replace(stored, pinned_at=now() if on else None)
            self._conversations[stored.id] = changed
            self.note_use(owner, stored.id)
            return changed

    def listed(self, owner: str, conversation_id: str) -> ConversationHit:
        """A conversation that is not in the bin, as a list shows it."""
        with self._lock:
            found = self._present(owner, conversation_id)
            return ConversationHit(found, self._picture(found))

    def _picture(self, conversation: Conversation) -> str:
        """The picture that came last in it and is not deleted."""
        gone = {sha256 for owner, sha256 in self._withdrawn if owner == conversation.owner}
        for message in reversed(self._tree.of(conversation.id)):
            for image in reversed(pictures(message.parts)):
                if image.media.sha256 not in gone:
                    return image.media.sha256
        return ""

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
            if words:
                hits = (self._hit(conversation, words) for conversation in mine)
                return [hit for hit in hits if hit is not None][: max(0, limit)]
            pinned = [] if before else [found for found in mine if found.pinned_at is not None]
            pinned.sort(key=lambda found: (found.pinned_at, found.id), reverse=True)
            others = [found for found in mine if found.pinned_at is None]
            shown = [*pinned, *others[: max(0, limit)]]
            return [ConversationHit(each, self._picture(each)) for each in shown]

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

    def add_whole(
        self,
        owner: str,
        wholes: Sequence[WholeConversation],
        pictures: Sequence[MediaRef] = (),
        *,
        lender: str = "",
    ) -> list[Conversation]:
        """Add conversations that were kept elsewhere, all or none."""
        with self._lock:
            self.people.require_owner(owner)
            if lender and any((lender, ref.sha256) not in self._grants for ref in pictures):
                raise NotFound("There is no such picture.")
            taken = {*self._conversations, *(message.id for message in self._tree.all())}
            used = {c.updated_at for c in self._conversations.values() if c.owner == owner}
            fitted = [fitted_in(whole, owner, taken, used) for whole in wholes]
            check_ids(fitted)
            for whole in fitted:
                self._conversations[whole.conversation.id] = whole.conversation
                if whole.messages:
                    self._tree.add(whole.messages)
                self._arrived += len(whole.messages)
                self.note_use(owner, whole.conversation.id)
            for ref in pictures:
                self.grant_media(owner, ref)
            return [whole.conversation for whole in fitted]

    def update(self, message: Message) -> None:
        """Replace parts, status, finish, origin, usage, cost and end of a message."""
        with self._lock:
            self._tree.update(message)

    def update_together(self, messages: Sequence[Message]) -> None:
        """Replace the same of several, or of none."""
        with self._lock:
            for message in messages:
                self._tree.get(message.id)
            for message in messages:
                self._tree.update(message)

    def change_message(
        self, owner: str, message_id: str, alter: Callable[[Message], Message]
    ) -> Message:
        """Alter a message; what is stored now."""
        with self._lock:
            self._tree.update(alter(self.message(owner, message_id)))
            return self._tree.get(message_id)

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

    def tree(self, owner: str, conversation_id: str) -> list[Message]:
        """Every message of a conversation, in the order of arrival."""
        with self._lock:
            self._present(owner, conversation_id)
            return list(self._tree.of(conversation_id))

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
                return Transcript(conversation, spending, [], {}, self._picture(conversation))
            leaf_id = self._tree.newest_leaf(leaf_id) if follow else leaf_id
            branch = self._tree.branch(leaf_id, limit)
            siblings = self.siblings([message.id for message in branch])
            picture = self._picture(conversation)
            return Transcript(conversation, spending, branch, siblings, picture)

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

    def _left(self) -> list[LeftReply]:
        with self._lock:
            owners = {each.id: each.owner for each in self._conversations.values()}
            return [LeftReply(owners[each.conversation_id], each) for each in self.unfinished()]

    def waiting(self) -> list[WaitingReply]:
        """Replies that wait for their owner, oldest first."""
        with self._lock:
            return [
                WaitingReply(
                    found.owner, found.id, message.id, message.finished_at or message.created_at
                )
                for message in self._tree.all()
                if message.status == "waiting"
                and (found := self._conversations[message.conversation_id]).deleted_at is None
            ]

    def grant_media(self, owner: str, ref: MediaRef) -> None:
        """Remember a stored picture and that this owner may see it."""
        with self._lock:
            self.people.require_owner(owner)
            self._media.setdefault(ref.sha256, ref)
            self._stored_at.setdefault(ref.sha256, now())
            self._grants.add((owner, ref.sha256))
            self._withdrawn.discard((owner, ref.sha256))

    def media(self, owner: str, sha256: str) -> MediaRef:
        """A picture that this owner may see."""
        with self._lock:
            if (owner, sha256) not in self._grants - self._withdrawn:
                raise NotFound("There is no such picture.")
            return self._media[sha256]

    def withdraw_media(self, owner: str, sha256: str) -> None:
        """Delete a picture of an owner."""
        with self._lock:
            if (owner, sha256) not in self._grants:
                raise NotFound("There is no such picture.")
            self._withdrawn.add((owner, sha256))

    def restore_media(self, owner: str, sha256: str) -> MediaRef:
        """Take that back."""
        with self._lock:
            self._withdrawn.discard((owner, sha256))
            return self.media(owner, sha256)

    def media_in_use(self) -> set[str]:
        """The sha256 of every picture that is named somewhere, also in the bin."""
        with self._lock:
            named = {sha256 for m in self._tree.all() for sha256 in named_media(m.parts)}
            named = named.union(*(record.pictures for record in self._records.values()))
            seen = {sha256 for _, sha256 in self._grants - self._withdrawn}
            return named - ({sha256 for _, sha256 in self._withdrawn} - seen)

    def media_is_held(self, sha256: str) -> bool:
        """Whether a picture was granted to anybody, or is named anywhere."""
        with self._lock:
            return sha256 in self._held()

    def _held(self) -> set[str]:
        held = {sha256 for _, sha256 in self._grants}
        held |= {sha256 for m in self._tree.all() for sha256 in named_media(m.parts)}
        return held | {sha256 for each in self._records.values() for sha256 in each.pictures}

    def library(self, owner: str, query: LibraryQuery, limit: int, after: str = "") -> LibraryPage:
        """The pictures of an owner, each once, newest first."""
        with self._lock:
            return self._library.page(owner, query, limit, after)

    def library_counts(self, owner: str, query: LibraryQuery, zone: tzinfo) -> LibraryCounts:
        """How many pictures a query finds, and in which months."""
        with self._lock:
            return self._library.counts(owner, query, zone)

    def library_models(self, owner: str) -> list[str]:
        """The ids of the model cards that drew pictures of an owner."""
        with self._lock:
            return self._library.models(owner)

    def picture_uses(self, owner: str, sha256: str) -> list[PictureUse]:
        """The conversations, not in the bin, that show a picture."""
        with self._lock:
            return self._library.uses(owner, sha256)

    def media_known(self) -> set[str]:
        """The sha256 of every picture that was ever granted to somebody."""
        with self._lock:
            return set(self._media)

    def records(self, owner: str, kind: str) -> list[OwnedRecord]:
        """What an owner keeps of a kind, longest unchanged first."""
        with self._lock:
            mine = [
                replace(
                    r, pictures=tuple(s for s in r.pictures if (owner, s) not in self._withdrawn)
                )
                for name, r in self._records.items()
                if name[:2] == (owner, kind)
            ]
        return sorted(mine, key=lambda record: (record.changed_at, record.id))

    def record(self, owner: str, kind: str, record_id: str) -> OwnedRecord | None:
        """What an owner keeps of a kind under an id."""
        with self._lock:
            return self._records.get((owner, kind, record_id))

    def keep_record(
        self,
        owner: str,
        kind: str,
        record_id: str,
        alter: Callable[[OwnedRecord | None], OwnedRecord | None],
        most: int | None = None,
    ) -> OwnedRecord | None:
        """Alter a record; what is kept now."""
        name = (owner, kind, record_id)
        with self._lock:
            self.people.require_owner(owner)
            held = self._records.get(name)
            wanted = alter(held)
            if wanted is None:
                self._records.pop(name, None)
                return None
            if held is None and most is not None:
                count = sum(other[:2] == (owner, kind) for other in self._records)
                if count >= most:
                    raise TooMany(f"There are {most} already.")
            if wanted.conversation_id:
                self._owned(owner, wanted.conversation_id)
            for sha256 in set(wanted.pictures).difference(held.pictures if held else ()):
                self.media(owner, sha256)
            kept = replace(wanted, kind=kind, id=record_id, changed_at=now())
            self._records[name] = kept
            return kept

    def _orphaned(self, gone: Set[str], before: datetime) -> list[tuple[str, str, str]]:
        """Records of conversations that went, and of pictures that nothing else names any more."""
        named = {sha256 for m in self._tree.all() for sha256 in named_media(m.parts)}
        for (_, kind, record_id), record in self._records.items():
            if record.conversation_id not in gone:
                own = () if kind == FAVOURITE else (record_id,)
                named |= set(record.pictures).difference(own)
        return [
            name
            for name, record in self._records.items()
            if record.conversation_id in gone
            or (
                name[1] != FAVOURITE
                and record.changed_at < before
                and record.id in record.pictures
                and record.id not in named
            )
        ]

    def put_away(self, owner: str) -> None:
        """Put every conversation of an owner into the bin, and forget their records."""
        with self._lock:
            for stored in list(self._conversations.values()):
                if stored.owner == owner:
                    self.delete(owner, stored.id)
            for key in [key for key in self._records if key[0] == owner]:
                del self._records[key]

    def check(self) -> None:
        """It always answers."""

    def integrity(self) -> str:
        """There is nothing that could be damaged."""
        return ""

    def bin_untouched(self, untouched_since: datetime, moment: datetime) -> int:
        """Put into the bin what was used last before then."""
        with self._lock:
            due = [
                each
                for each in self._conversations.values()
                if each.deleted_at is None
                and each.pinned_at is None
                and each.head_id is not None
                and self._last_used(each) < untouched_since
                and not any(m.status in UNENDED for m in self._tree.of(each.id))
            ]
            for each in due:
                self._conversations[each.id] = replace(each, deleted_at=moment)
            return len(due)

    def _last_used(self, conversation: Conversation) -> datetime:
        noted = self._records.get((conversation.owner, USED, conversation.id))
        said = conversation.updated_at
        return said if noted is None else max(said, noted.changed_at)

    def everything(self, owner: str) -> OwnedThings:
        """All that there is of an owner."""
        with self._lock:
            mine = [
                each
                for each in self._conversations.values()
                if each.owner == owner and each.head_id is not None
            ]
            records = [record for (whose, *_), record in self._records.items() if whose == owner]
            seen = sorted(sha for whose, sha in self._grants - self._withdrawn if whose == owner)
            return OwnedThings(
                sorted(mine, key=lambda each: (each.created_at, each.id)),
                sorted(records, key=lambda each: (each.kind, each.id)),
                [self._media[each] for each in seen],
            )

    def whole(self, owner: str, conversation_id: str) -> WholeConversation:
        """A conversation, in the bin or not, with every message of it."""
        with self._lock:
            found = self._owned(owner, conversation_id)
            return WholeConversation(found, self._tree.of(conversation_id))

    def remove_owner(self, owner: str, pseudonym: str) -> RemovedOwner:
        """Remove somebody for good with all that is theirs."""
        with self._lock:
            self.people.require_another_administrator(owner)
            mine = [each.id for each in self._conversations.values() if each.owner == owner]
            for each in mine:
                del self._conversations[each]
                self._tree.forget(each)
            for key in [key for key in self._records if key[0] == owner]:
                del self._records[key]
            theirs = sorted(sha256 for whose, sha256 in self._grants if whose == owner)
            for sha256 in theirs:
                self._grants.discard((owner, sha256))
                self._withdrawn.discard((owner, sha256))
            self.budgets.set_limits(person_subject(owner), NO_LIMITS)
            self.budgets.rename(owner, pseudonym)
            self.usage.rename(owner, pseudonym)
            self.audit.rename(owner, pseudonym)
            self.people.remove(owner)
            held = self._held()
            return RemovedOwner(len(mine), [each for each in theirs if each not in held])

    def sizes(self) -> StoredSizes:
        """How much is kept."""
        with self._lock:
            owners: dict[str, OwnerSizes] = {}
            binned = []
            for each in self._conversations.values():
                if each.head_id is not None:
                    held = owners.get(each.owner, OwnerSizes())
                    if each.deleted_at is None:
                        held = replace(held, conversations=held.conversations + 1)
                    else:
                        held = replace(held, binned=held.binned + 1)
                        binned.append(each.deleted_at)
                    owners[each.owner] = held
            seen = self._grants - self._withdrawn
            for owner, sha256 in seen:
                held, ref = owners.get(owner, OwnerSizes()), self._media[sha256]
                owners[owner] = replace(
                    held,
                    pictures=held.pictures + 1,
                    picture_bytes=held.picture_bytes + ref.size_bytes,
                )
            every = {sha256 for _, sha256 in seen}
            return StoredSizes(
                "Memory",
                0,
                sum(len(self._tree.of(each)) for each in self._conversations),
                len(every),
                sum(self._media[each].size_bytes for each in every),
                owners,
                min(binned, default=None),
            )

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
            return ConversationHit(conversation, self._picture(conversation))
        messages = sorted(self._tree.of(conversation.id), key=lambda each: each.role == "user")
        texts = [searched_text(message.parts) for message in messages]
        folded = [searchable(text) for text in texts]
        if not all(any(word in text for text in folded) for word in missing):
            return None
        newest = next(text for text in reversed(texts) if missing[0] in searchable(text))
        return ConversationHit(
            conversation, self._picture(conversation), excerpt(newest, missing[0])
        )
