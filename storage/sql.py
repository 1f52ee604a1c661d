"""Conversations in a SQL database, SQLite or PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, tzinfo

from sqlalchemy import Engine

from chat.core.errors import Damaged, NotFound, TooMany
from chat.core.messages import Conversation, Message, now
from chat.core.parts import MediaRef
from chat.core.ports import (
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
from chat.core.stored_sizes import StoredSizes
from storage import (
    library,
    message_queries,
    owned_records,
    owners,
    picture_words,
    sqlite_search_index,
)
from storage.codec import CODEC
from storage.conversation_queries import find, listed
from storage.integrity_check import VERSIONS
from storage.message_commands import (
    NO_CONVERSATION,
    add_conversation,
    add_messages,
    grant,
    locked_conversation,
    update_message,
)
from storage.owned_records import NO_PICTURE
from storage.rows import CONVERSATION_COLUMNS, from_conversation_row
from storage.sizes import stored_sizes
from storage.sql_audit import SqlAudit
from storage.sql_host_settings import SqlHostSettings
from storage.sql_people import SqlPeople, hold_owner
from storage.sql_personal_keys import SqlPersonalKeys
from storage.sql_replicas import SqlReplicas
from storage.sql_shares import SqlShares
from storage.sql_spending import SqlSpending
from storage.sql_usage import SqlUsage
from storage.sqlite_search_index import FEW_SLICES
from storage.tables import REVISION
from storage.text_search import searchable
from storage.transaction import Transaction, transaction
from storage.wholes import add_wholes

DAMAGED = "The database is damaged: stop Easel, and restore a backup."
CHANGED = (
    "The database was brought to another form while this Easel ran, by another version of it. Stop "
    "this one."
)


class SqlConversations:
    """The port ``Conversations`` on a migrated database. Each call is one transaction."""

    def __init__(
        self,
        engine: Engine,
        turn: Callable[[], AbstractContextManager[float]],
        replicas: SqlReplicas | None = None,
    ) -> None:
        self._engine = engine
        self._turn = turn
        """Waits until this thread may write; gives how long it may go on waiting, in seconds."""
        self.replicas = replicas or SqlReplicas(engine)
        """The processes that use the database."""
        self._people_apart = False

    def tell_people_apart(self) -> None:
        """From now on nothing is added but for somebody who is kept, or for a key of the host."""
        self._people_apart = True

    def _hold(self, writing: Transaction, owner: str) -> None:
        hold_owner(writing, owner, people_apart=self._people_apart)

    def create(self, conversation: Conversation) -> None:
        """Add a conversation."""
        with self._writing() as writing:
            self._hold(writing, conversation.owner)
            add_conversation(writing, conversation)

    def get(self, owner: str, conversation_id: str) -> Conversation:
        """A conversation that is not in the bin."""
        with transaction(self._engine) as reading:
            return _owned(reading, owner, conversation_id)

    def change(
        self, owner: str, conversation_id: str, alter: Callable[[Conversation], Conversation]
    ) -> Conversation:
        """Alter the title and the settings; what is stored now."""
        with self._writing() as writing:
            held = locked_conversation(writing, conversation_id, owner)
            altered = alter(held)
            settings = CODEC.settings_to_json(altered)
            writing.run(
                _CHANGE,
                conversation_id=conversation_id,
                settings=settings,
                title_words=searchable(altered.title),
            )
            row = writing.row(_CONVERSATION, conversation_id=conversation_id)
            assert row is not None, "it is held by this transaction"
            return from_conversation_row(row)

    def delete(self, owner: str, conversation_id: str) -> None:
        """Put into the bin."""
        with self._writing() as writing:
            held = locked_conversation(writing, conversation_id, owner, binned=True)
            moment = writing.moment(held.deleted_at or now())
            writing.run(_BIN, conversation_id=conversation_id, moment=moment)

    def restore(self, owner: str, conversation_id: str) -> Conversation:
        """Take out of the bin again."""
        with self._writing() as writing:
            held = locked_conversation(writing, conversation_id, owner, binned=True)
            writing.run(_BIN, conversation_id=conversation_id, moment=None)
            owned_records.note_use(writing, conversation_id)
            return replace(held, deleted_at=None)

    def note_use(self, owner: str, conversation_id: str) -> None:
        """Note that a conversation is used now."""
        with suppress(NotFound), self._writing() as writing:
            locked_conversation(writing, conversation_id, owner)
            owned_records.note_use(writing, conversation_id)

    def binned(
        self, owner: str, limit: int = 50, before: datetime | None = None
    ) -> list[Conversation]:
        """Conversations in the bin that hold a message, deleted last first."""
        with transaction(self._engine) as reading:
            values: dict[str, object] = {"owner": owner, "most": max(0, limit)}
            since = ""
            if before is not None:
                since, values["before"] = "AND deleted_at < :before ", reading.moment(before)
            statement = f"{_BINNED} {since}ORDER BY deleted_at DESC, id DESC LIMIT :most"
            return [from_conversation_row(row) for row in reading.rows(statement, **values)]

    def erase(self, owner: str, conversation_id: str | None = None) -> list[str]:
        """Remove for good what is in the bin; messages go with it."""
        with self._writing() as writing:
            writing.overwrite()
            if conversation_id is None:
                gone = [row[0] for row in writing.rows(_IN_BIN, owner=owner)]
            else:
                held = locked_conversation(writing, conversation_id, owner, binned=True)
                if held.deleted_at is None:
                    raise NotFound(NO_CONVERSATION)
                gone = [held.id]
            # Another may take one of them out meanwhile: it stays.
            gone = [each for each in gone if writing.run(_ERASE, conversation_id=each)]
        if gone:
            with self._writing() as writing:
                picture_words.forget_unused(writing)
            # Somebody waits: what is left of very many, the daily tidying does.
            sqlite_search_index.overwrite(self._writing, FEW_SLICES)
        return gone

    def purge(self, deleted_before: datetime, empty_before: datetime | None = None) -> int:
        """Remove for good what was long in the bin, or empty; messages go with it."""
        with self._writing() as writing:
            writing.overwrite()
            values = {"deleted_before": writing.moment(deleted_before)}
            statement = _PURGE
            if empty_before is not None:
                # Whoever adds a first message holds the row, and has set its head after.
                statement += " OR (head_id IS NULL AND created_at < :empty_before)"
                values["empty_before"] = writing.moment(empty_before)
            gone = writing.run(statement, **values)
            owned_records.forget_unused(writing, deleted_before)
        if gone:
            with self._writing() as writing:
                picture_words.forget_unused(writing)
        if empty_before is not None:
            sqlite_search_index.overwrite(self._writing)
        elif gone:
            sqlite_search_index.overwrite(self._writing, FEW_SLICES)
        return gone

    def pin(self, owner: str, conversation_id: str, *, on: bool) -> Conversation:
        """Have a conversation on top of the list, or no longer."""
        with self._writing() as writing:
            # Or two that are pinned at once would each be the last for which there is room.
            writing.alone(f"pinned of {owner}")
            held = locked_conversation(writing, conversation_id, owner)
            if on is (held.pinned_at is not None):
                return held
            count = writing.row(_PINNED, owner=owner)
            if on and count is not None and count[0] >= MOST_PINNED:
                raise TooMany(f"There are {MOST_PINNED} pinned already.")
            pinned_at = now() if on else None
            moment = writing.moment(pinned_at)
            writing.run(_PIN, conversation_id=conversation_id, moment=moment)
            owned_records.note_use(writing, conversation_id)
            return replace(held, pinned_at=pinned_at)

    def listed(self, owner: str, conversation_id: str) -> ConversationHit:
        """A conversation that is not in the bin, as a list shows it."""
        with transaction(self._engine) as reading:
            return _owned_listed(reading, owner, conversation_id)

    def search(
        self, owner: str, query: str = "", limit: int = 50, before: datetime | None = None
    ) -> list[ConversationHit]:
        """Conversations that hold a message, not in the bin, most recently used first."""
        with transaction(self._engine) as reading:
            return find(reading, owner, query, limit, before)

    def add(self, messages: Sequence[Message]) -> None:
        """Add messages of one conversation and make the last the head."""
        if len({message.conversation_id for message in messages}) != 1:
            raise ValueError("messages of exactly one conversation are added at once")
        with self._writing() as writing:
            add_messages(writing, messages)

    def add_whole(
        self,
        owner: str,
        wholes: Sequence[WholeConversation],
        pictures: Sequence[MediaRef] = (),
        *,
        lender: str = "",
    ) -> list[Conversation]:
        """Add conversations that were kept elsewhere, all or none."""
        with self._writing() as writing:
            self._hold(writing, owner)
            return add_wholes(writing, owner, wholes, pictures, lender)

    def update(self, message: Message) -> None:
        """Replace parts, status, finish, origin, usage, cost and end of a message."""
        self.update_together([message])

    def update_together(self, messages: Sequence[Message]) -> None:
        """Replace the same of several, or of none."""
        with self._writing() as writing:
            for message in messages:
                update_message(writing, message)

    def change_message(
        self, owner: str, message_id: str, alter: Callable[[Message], Message]
    ) -> Message:
        """Alter a message in one transaction; what is stored now."""
        with self._writing() as writing:
            found = message_queries.message(writing, message_id)
            # Whoever else alters a message of it waits here; it is read again behind the lock.
            locked_conversation(writing, found.conversation_id, owner)
            altered = alter(message_queries.message(writing, message_id))
            update_message(writing, altered)
            return message_queries.message(writing, message_id)

    def message(self, owner: str, message_id: str) -> Message:
        """One message, of a conversation that is not in the bin."""
        with transaction(self._engine) as reading:
            found = message_queries.message(reading, message_id)
            _owned(reading, owner, found.conversation_id)
            return found

    def by_client_id(self, conversation_id: str, client_id: str) -> Message | None:
        """The user message that the browser named so."""
        with transaction(self._engine) as reading:
            return message_queries.of_client(reading, conversation_id, client_id)

    def reply_to(self, message_id: str) -> Message | None:
        """The newest child of a message."""
        with transaction(self._engine) as reading:
            return message_queries.newest_child(reading, message_id)

    def branch(self, leaf_id: str, limit: int | None = None) -> list[Message]:
        """The way from the root to ``leaf_id``, oldest first."""
        with transaction(self._engine) as reading:
            return message_queries.branch(reading, leaf_id, limit)

    def tree(self, owner: str, conversation_id: str) -> list[Message]:
        """Every message of a conversation, in the order of arrival."""
        with transaction(self._engine) as reading:
            _owned(reading, owner, conversation_id)
            return message_queries.tree(reading, conversation_id)

    def siblings(self, message_ids: Sequence[str]) -> dict[str, list[str]]:
        """For each of these messages, the ids of all children of its parent, oldest first."""
        with transaction(self._engine) as reading:
            return message_queries.siblings(reading, message_ids)

    def newest_leaf(self, message_id: str) -> str:
        """From this message down, always by the newest child, to a leaf."""
        with transaction(self._engine) as reading:
            return message_queries.newest_leaf(reading, message_id)

    def spending(self, owner: str, conversation_id: str) -> Spending:
        """What the ended replies of a conversation cost."""
        with transaction(self._engine) as reading:
            _owned(reading, owner, conversation_id)
            return message_queries.spending(reading, conversation_id)

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
        with transaction(self._engine) as reading:
            found = _owned_listed(reading, owner, conversation_id)
            conversation = found.conversation
            spending = message_queries.spending(reading, conversation_id)
            leaf_id = leaf_id or conversation.head_id
            if leaf_id is None:
                return Transcript(conversation, spending, [], {}, found.picture)
            if follow:
                leaf_id = message_queries.newest_leaf(reading, leaf_id)
            branch = message_queries.branch(reading, leaf_id, limit)
            siblings = message_queries.siblings(reading, [message.id for message in branch])
            return Transcript(conversation, spending, branch, siblings, found.picture)

    def set_head(self, owner: str, conversation_id: str, message_id: str) -> None:
        """Show another branch."""
        with self._writing() as writing:
            locked_conversation(writing, conversation_id, owner)
            found = message_queries.message(writing, message_id)
            if found.conversation_id != conversation_id:
                raise NotFound(message_queries.NO_MESSAGE)
            writing.run(_SHOW, conversation_id=conversation_id, head_id=message_id)

    def unfinished(self) -> list[Message]:
        """Messages still queued or streaming, oldest first."""
        with transaction(self._engine) as reading:
            return message_queries.unfinished(reading)

    def waiting(self) -> list[WaitingReply]:
        """Replies that wait for their owner, oldest first."""
        with transaction(self._engine) as reading:
            return message_queries.waiting(reading)

    def grant_media(self, owner: str, ref: MediaRef) -> None:
        """Remember a stored picture and that this owner may see it."""
        with self._writing() as writing:
            self._hold(writing, owner)
            grant(writing, owner, ref)

    def media(self, owner: str, sha256: str) -> MediaRef:
        """A picture that this owner may see."""
        with transaction(self._engine) as reading:
            row = reading.row(_MEDIA, owner=owner, sha256=sha256)
            if row is None:
                raise NotFound(NO_PICTURE)
            return MediaRef(*row)

    def withdraw_media(self, owner: str, sha256: str) -> None:
        """Delete a picture of an owner."""
        with self._writing() as writing:
            moment = writing.moment(now())
            if not writing.run(_WITHDRAW, owner=owner, sha256=sha256, moment=moment):
                raise NotFound(NO_PICTURE)

    def restore_media(self, owner: str, sha256: str) -> MediaRef:
        """Take that back."""
        with self._writing() as writing:
            if not writing.run(_RESTORE, owner=owner, sha256=sha256):
                raise NotFound(NO_PICTURE)
            row = writing.row(_MEDIA, owner=owner, sha256=sha256)
            assert row is not None, "it is held by this transaction"
            return MediaRef(*row)

    def media_in_use(self) -> set[str]:
        """The sha256 of every picture that is named somewhere, also in the bin."""
        with transaction(self._engine) as reading:
            return {row[0] for row in reading.rows(_IN_USE)}

    def media_is_held(self, sha256: str) -> bool:
        """Whether a picture was granted to anybody, or is named anywhere."""
        with transaction(self._engine) as reading:
            return reading.row(_IS_HELD, sha256=sha256) is not None

    def library(self, owner: str, query: LibraryQuery, limit: int, after: str = "") -> LibraryPage:
        """The pictures of an owner, each once, newest first."""
        with transaction(self._engine) as reading:
            return library.library(reading, owner, query, limit, after)

    def library_counts(self, owner: str, query: LibraryQuery, zone: tzinfo) -> LibraryCounts:
        """How many pictures a query finds, and in which months."""
        with transaction(self._engine) as reading:
            return library.counts(reading, owner, query, zone)

    def library_models(self, owner: str) -> list[str]:
        """The ids of the model cards that drew pictures of an owner."""
        with transaction(self._engine) as reading:
            return library.models(reading, owner)

    def picture_uses(self, owner: str, sha256: str) -> list[PictureUse]:
        """The conversations, not in the bin, that show a picture."""
        with transaction(self._engine) as reading:
            return library.uses(reading, owner, sha256)

    def media_known(self) -> set[str]:
        """The sha256 of every picture that was ever granted to somebody."""
        with transaction(self._engine) as reading:
            return {row[0] for row in reading.rows("SELECT sha256 FROM media")}

    def records(self, owner: str, kind: str) -> list[OwnedRecord]:
        """What an owner keeps of a kind."""
        with transaction(self._engine) as reading:
            return owned_records.records(reading, owner, kind)

    def record(self, owner: str, kind: str, record_id: str) -> OwnedRecord | None:
        """What an owner keeps of a kind under an id."""
        with transaction(self._engine) as reading:
            return owned_records.record(reading, owner, kind, record_id)

    def keep_record(
        self,
        owner: str,
        kind: str,
        record_id: str,
        alter: Callable[[OwnedRecord | None], OwnedRecord | None],
        most: int | None = None,
    ) -> OwnedRecord | None:
        """Alter a record; what is kept now."""
        with self._writing() as writing:
            self._hold(writing, owner)
            return owned_records.keep_record(writing, owner, kind, record_id, alter, most)

    def put_away(self, owner: str) -> None:
        """Put every conversation of an owner into the bin, and forget their records."""
        with self._writing() as writing:
            writing.run(_BIN_ALL, owner=owner, moment=writing.moment(now()))
            writing.run("DELETE FROM owned_record WHERE owner = :owner", owner=owner)

    def check(self) -> None:
        """Ask it which form it has. Raises: Damaged, StorageError."""
        with transaction(self._engine) as reading:
            found = [row[0] for row in reading.rows(VERSIONS)]
        if found != [REVISION]:
            raise Damaged(CHANGED)

    def mark(self) -> DatabaseMark:
        """Which database this is, and the greatest ``seq`` of a message it has had."""
        with transaction(self._engine) as reading:
            ((database,),) = reading.rows("SELECT id FROM identity")
            return DatabaseMark(database, message_queries.newest_seq(reading))

    @property
    def people(self) -> SqlPeople:
        """Those who may sign in."""
        return SqlPeople(self._engine, self._turn)

    @property
    def personal_keys(self) -> SqlPersonalKeys:
        """The keys of their programs."""
        return SqlPersonalKeys(self._engine, self._turn)

    @property
    def budgets(self) -> SqlSpending:
        """What they spend, and what they may."""
        return SqlSpending(self._engine, self._turn)

    def bin_untouched(self, untouched_since: datetime, moment: datetime) -> int:
        """Put into the bin what was used last before then."""
        with self._writing() as writing:
            since, at = writing.moment(untouched_since), writing.moment(moment)
            return writing.run(_BIN_UNTOUCHED, since=since, moment=at)

    def everything(self, owner: str) -> OwnedThings:
        """All that there is of an owner."""
        with transaction(self._engine) as reading:
            return owners.everything(reading, owner)

    def whole(self, owner: str, conversation_id: str) -> WholeConversation:
        """A conversation, in the bin or not, with every message of it."""
        with transaction(self._engine) as reading:
            row = reading.row(_CONVERSATION, conversation_id=conversation_id)
            found = None if row is None else from_conversation_row(row)
            if found is None or found.owner != owner:
                raise NotFound(NO_CONVERSATION)
            return WholeConversation(found, message_queries.tree(reading, conversation_id))

    def remove_owner(self, owner: str, pseudonym: str) -> RemovedOwner:
        """Remove somebody for good with all that is theirs."""
        with self._writing() as writing:
            removed = owners.remove_owner(writing, owner, pseudonym)
        with self._writing() as writing:
            picture_words.forget_unused(writing)
        sqlite_search_index.overwrite(self._writing)
        return removed

    def sizes(self) -> StoredSizes:
        """How much is kept."""
        with transaction(self._engine) as reading:
            return stored_sizes(reading, sqlite=self._engine.dialect.name == "sqlite")

    def integrity(self) -> str:
        """Look through a file; a server looks after its pages itself. What is wrong, or nothing."""
        self.check()
        if self._engine.dialect.name != "sqlite":
            return ""
        with transaction(self._engine) as reading:
            verdict = reading.rows("PRAGMA quick_check(1)")
            astray = reading.rows("PRAGMA foreign_key_check")
        if verdict != [("ok",)]:
            return DAMAGED
        return f"{len(astray)} rows of the database lead nowhere." if astray else ""

    @property
    def shares(self) -> SqlShares:
        """What they show each other."""
        return SqlShares(self._engine, self._turn)

    @property
    def usage(self) -> SqlUsage:
        """What they use of models, in sums."""
        return SqlUsage(self._engine, self._turn)

    @property
    def audit(self) -> SqlAudit:
        """Who did what."""
        return SqlAudit(self._engine, self._turn)

    @property
    def host_settings(self) -> SqlHostSettings:
        """What the host has set while Easel runs."""
        return SqlHostSettings(self._engine, self._turn)

    def close(self) -> None:
        """Let go of the store."""
        self.replicas.close()
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        own = self.replicas.own
        with self._turn() as patience_s, transaction(self._engine, patience_s, own) as writing:
            yield writing


def _owned(reading: Transaction, owner: str, conversation_id: str) -> Conversation:
    row = reading.row(_CONVERSATION, conversation_id=conversation_id)
    if row is not None:
        conversation = from_conversation_row(row)
        if conversation.owner == owner and conversation.deleted_at is None:
            return conversation
    raise NotFound(NO_CONVERSATION)


def _owned_listed(reading: Transaction, owner: str, conversation_id: str) -> ConversationHit:
    found = listed(reading, conversation_id)
    if found is not None:
        conversation = found.conversation
        if conversation.owner == owner and conversation.deleted_at is None:
            return found
    raise NotFound(NO_CONVERSATION)


_CONVERSATION = f"SELECT {CONVERSATION_COLUMNS} FROM conversation WHERE id = :conversation_id"
_CHANGE = (
    "UPDATE conversation SET settings = :settings, title_words = :title_words "
    "WHERE id = :conversation_id"
)
_BIN = "UPDATE conversation SET deleted_at = :moment WHERE id = :conversation_id"
_PIN = "UPDATE conversation SET pinned_at = :moment WHERE id = :conversation_id"
_PINNED = """
    SELECT count(*) FROM conversation
    WHERE owner = :owner AND pinned_at IS NOT NULL AND deleted_at IS NULL
"""
_BIN_ALL = """
    UPDATE conversation SET deleted_at = :moment WHERE owner = :owner AND deleted_at IS NULL
"""
_BIN_UNTOUCHED = f"""
    UPDATE conversation SET deleted_at = :moment
    WHERE deleted_at IS NULL AND pinned_at IS NULL AND head_id IS NOT NULL AND updated_at < :since
        AND NOT EXISTS (
            SELECT 1 FROM message WHERE conversation_id = conversation.id
                AND status IN ('queued', 'streaming', 'waiting')
        )
        AND NOT EXISTS (
            SELECT 1 FROM owned_record AS used
            WHERE used.owner = conversation.owner AND used.kind = '{USED}'
                AND used.id = conversation.id AND used.changed_at >= :since
        )
"""
_SHOW = "UPDATE conversation SET head_id = :head_id WHERE id = :conversation_id"
_BINNED = (
    f"SELECT {CONVERSATION_COLUMNS} FROM conversation "
    "WHERE owner = :owner AND deleted_at IS NOT NULL AND head_id IS NOT NULL"
)
_IN_BIN = "SELECT id FROM conversation WHERE owner = :owner AND deleted_at IS NOT NULL"
_ERASE = "DELETE FROM conversation WHERE id = :conversation_id AND deleted_at IS NOT NULL"
_PURGE = "DELETE FROM conversation WHERE deleted_at < :deleted_before"
# Less what everybody has deleted who might see it.
_IS_HELD = """
    SELECT 1 FROM media_grant WHERE sha256 = :sha256
    UNION ALL SELECT 1 FROM message_media WHERE sha256 = :sha256
    UNION ALL SELECT 1 FROM owned_record_media WHERE sha256 = :sha256 LIMIT 1
"""
_IN_USE = """
    SELECT sha256 FROM message_media UNION SELECT sha256 FROM owned_record_media
    EXCEPT SELECT sha256 FROM media_grant GROUP BY sha256 HAVING count(withdrawn_at) = count(*)
"""
_WITHDRAW = """
    UPDATE media_grant SET withdrawn_at = :moment WHERE owner = :owner AND sha256 = :sha256
"""
_RESTORE = "UPDATE media_grant SET withdrawn_at = NULL WHERE owner = :owner AND sha256 = :sha256"
_MEDIA = """
    SELECT media.sha256, mime, size_bytes, width_px, height_px
    FROM media JOIN media_grant ON media_grant.sha256 = media.sha256
    WHERE media.sha256 = :sha256 AND media_grant.owner = :owner AND withdrawn_at IS NULL
"""
