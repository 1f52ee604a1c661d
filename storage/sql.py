"""Conversations in a SQL database, SQLite or PostgreSQL. Knows transactions and owners."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, and_, col, delete, or_

from chat.core.errors import NotFound
from chat.core.messages import Conversation, Message, now
from chat.core.parts import MediaRef
from chat.core.ports import ConversationHit, DatabaseMark, Spending
from storage import message_queries
from storage.codec import CODEC
from storage.commands import NO_CONVERSATION, add_messages, conversation_row, grant, update_message
from storage.conversation_queries import find
from storage.error_mapping import translated
from storage.rows import from_conversation_row, from_media_row, from_message_row
from storage.rows import to_conversation_row as to_row
from storage.sqlite import PATIENCE
from storage.tables import LINK, ConversationRow, IdentityRow, MediaGrantRow, MediaRow
from storage.text_search import searchable


class SqlConversations:
    """The port ``Conversations`` on a migrated database. Each call is one transaction."""

    def __init__(self, engine: Engine, turn: Callable[[], AbstractContextManager[float]]) -> None:
        self._engine = engine
        self._turn = turn
        """Waits until this thread may write; gives how long it may go on waiting, in seconds."""

    def create(self, conversation: Conversation) -> None:
        """Add a conversation."""
        with self._writing() as session:
            session.add(to_row(conversation))

    def get(self, owner: str, conversation_id: str) -> Conversation:
        """A conversation that is not in the bin."""
        with self._reading() as session:
            return from_conversation_row(_owned(session, owner, conversation_id))

    def change(
        self, owner: str, conversation_id: str, alter: Callable[[Conversation], Conversation]
    ) -> Conversation:
        """Alter the title and the settings; what is stored now."""
        with self._writing() as session:
            row = conversation_row(session, conversation_id, owner)
            altered = alter(from_conversation_row(row))
            row.settings = CODEC.settings_to_json(altered)
            row.title_words = searchable(altered.title)
            return from_conversation_row(row)

    def delete(self, owner: str, conversation_id: str) -> None:
        """Put into the bin."""
        with self._writing() as session:
            row = conversation_row(session, conversation_id, owner, binned=True)
            row.deleted_at = row.deleted_at or now()

    def restore(self, owner: str, conversation_id: str) -> Conversation:
        """Take out of the bin again."""
        with self._writing() as session:
            row = conversation_row(session, conversation_id, owner, binned=True)
            row.deleted_at = None
            return from_conversation_row(row)

    def purge(self, deleted_before: datetime, empty_before: datetime | None = None) -> int:
        """Remove for good what was long in the bin, or empty; messages go with it."""
        with self._writing() as session:
            gone = col(ConversationRow.deleted_at) < deleted_before
            if empty_before is not None:
                # Whoever adds a first message holds the row, and has set its head after.
                empty = col(ConversationRow.head_id).is_(None)
                gone = or_(gone, and_(empty, col(ConversationRow.created_at) < empty_before))
            return session.exec(delete(ConversationRow).where(gone)).rowcount

    def search(
        self, owner: str, query: str = "", limit: int = 50, before: datetime | None = None
    ) -> list[ConversationHit]:
        """Conversations that hold a message, not in the bin, most recently used first."""
        with self._reading() as session:
            return find(session, owner, query, limit, before)

    def add(self, messages: Sequence[Message]) -> None:
        """Add messages of one conversation and make the last the head."""
        if len({message.conversation_id for message in messages}) != 1:
            raise ValueError("messages of exactly one conversation are added at once")
        with self._writing() as session:
            add_messages(session, messages)

    def update(self, message: Message) -> None:
        """Replace parts, status, finish, origin, usage, cost and end of a message."""
        with self._writing() as session:
            update_message(session, message)

    def message(self, owner: str, message_id: str) -> Message:
        """One message, of a conversation that is not in the bin."""
        with self._reading() as session:
            row = message_queries.message_row(session, message_id)
            _owned(session, owner, row.conversation_id)
            return from_message_row(row)

    def by_client_id(self, conversation_id: str, client_id: str) -> Message | None:
        """The user message that the browser named so."""
        with self._reading() as session:
            row = message_queries.client_row(session, conversation_id, client_id)
            return None if row is None else from_message_row(row)

    def reply_to(self, message_id: str) -> Message | None:
        """The newest child of a message."""
        with self._reading() as session:
            row = message_queries.newest_child(session, message_id)
            return None if row is None else from_message_row(row)

    def branch(self, leaf_id: str, limit: int | None = None) -> list[Message]:
        """The way from the root to ``leaf_id``, oldest first."""
        with self._reading() as session:
            rows = message_queries.branch_rows(session, leaf_id, limit)
            return [from_message_row(row) for row in rows]

    def siblings(self, message_ids: Sequence[str]) -> dict[str, list[str]]:
        """For each of these messages, the ids of all children of its parent, oldest first."""
        with self._reading() as session:
            return message_queries.siblings(session, message_ids)

    def newest_leaf(self, message_id: str) -> str:
        """From this message down, always by the newest child, to a leaf."""
        with self._reading() as session:
            return message_queries.newest_leaf(session, message_id)

    def spending(self, owner: str, conversation_id: str) -> Spending:
        """What the ended replies of a conversation cost."""
        with self._reading() as session:
            _owned(session, owner, conversation_id)
            return message_queries.spending(session, conversation_id)

    def set_head(self, owner: str, conversation_id: str, message_id: str) -> None:
        """Show another branch."""
        with self._writing() as session:
            row = conversation_row(session, conversation_id, owner)
            if message_queries.message_row(session, message_id).conversation_id != row.id:
                raise NotFound(message_queries.NO_MESSAGE)
            row.head_id = message_id

    def unfinished(self) -> list[Message]:
        """Messages still queued or streaming, oldest first."""
        with self._reading() as session:
            return [from_message_row(row) for row in message_queries.unfinished_rows(session)]

    def grant_media(self, owner: str, ref: MediaRef) -> None:
        """Remember a stored picture and that this owner may see it."""
        with self._writing() as session:
            grant(session, owner, ref)

    def media(self, owner: str, sha256: str) -> MediaRef:
        """A picture that this owner may see."""
        with self._reading() as session:
            row = session.get(MediaRow, sha256)
            if row is None or session.get(MediaGrantRow, (owner, sha256)) is None:
                raise NotFound("There is no such picture.")
            return from_media_row(row)

    def media_in_use(self) -> set[str]:
        """The sha256 of every picture that a message names, those in the bin included."""
        with self._reading() as session:
            return set(session.scalars(select(LINK.c.sha256).distinct()))

    def media_known(self) -> set[str]:
        """The sha256 of every picture that was ever granted to somebody."""
        with self._reading() as session:
            return set(session.scalars(select(col(MediaRow.sha256))))

    def mark(self) -> DatabaseMark:
        """Which database this is, and the greatest ``seq`` of a message it has had."""
        with self._reading() as session:
            database = session.scalars(select(col(IdentityRow.id))).one()
            return DatabaseMark(database, message_queries.newest_seq(session))

    def close(self) -> None:
        """Let go of the store."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with translated(), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with (
            translated(),
            self._turn() as patience_s,
            Session(self._engine) as session,
            session.begin(),
        ):
            session.connection(execution_options={PATIENCE: patience_s})
            yield session


def _owned(session: Session, owner: str, conversation_id: str) -> ConversationRow:
    row = session.get(ConversationRow, conversation_id)
    if row is None or row.owner != owner or row.deleted_at is not None:
        raise NotFound(NO_CONVERSATION)
    return row
