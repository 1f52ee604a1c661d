"""Adding and changing messages, as statements inside a transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from chat.core.errors import Conflict, NotFound
from chat.core.messages import Conversation, Message, now
from chat.core.parts import MediaRef
from storage.fitting_in import TICK
from storage.library import show_pictures
from storage.media.names import named_media
from storage.message_queries import NO_MESSAGE
from storage.picture_words import index_words
from storage.rows import (
    CONVERSATION_COLUMNS,
    changing_values,
    conversation_values,
    from_conversation_row,
    media_values,
    message_values,
)
from storage.tables import CONVERSATION, MEDIA, MESSAGE, MESSAGE_MEDIA
from storage.transaction import Transaction, moment_of, names
from storage.transaction import named as values_of

NO_CONVERSATION = "There is no such conversation."
KNOWN = "That message is there already."
ANOTHERS = "Another process went on with this reply."


def locked_conversation(
    writing: Transaction, conversation_id: str, owner: str | None = None, *, binned: bool = False
) -> Conversation:
    """One conversation, locked until the transaction ends where a database locks rows.

    With an owner, only if it is theirs. Raises: NotFound.
    """
    row = writing.lock(_CONVERSATION, conversation_id=conversation_id)
    if row is not None:
        conversation = from_conversation_row(row)
        theirs = owner is None or conversation.owner == owner
        if theirs and (binned or conversation.deleted_at is None):
            return conversation
    raise NotFound(NO_CONVERSATION)


def add_conversation(writing: Transaction, conversation: Conversation) -> None:
    """What ``Conversations.create`` promises."""
    writing.run(_ADD_CONVERSATION, **conversation_values(writing, conversation))


def add_messages(writing: Transaction, messages: Sequence[Message]) -> None:
    """What ``Conversations.add`` promises."""
    conversation_id = messages[0].conversation_id
    row = writing.lock(_OWNER, conversation_id=conversation_id)
    if row is None:
        raise NotFound(NO_CONVERSATION)
    (owner,) = row
    _refuse_known(writing, messages)
    _refuse_strays(writing, messages)
    insert_messages(writing, messages)
    writing.run(
        _USED,
        conversation_id=conversation_id,
        head_id=messages[-1].id,
        updated_at=writing.moment(_later(writing, owner)),
    )


def insert_messages(writing: Transaction, messages: Sequence[Message]) -> None:
    """Write rows of messages that were looked at, and name their pictures."""
    # In order and one by one: the order of arrival is the order of ``seq``.
    for message in messages:
        writing.run(_ADD, **message_values(writing, message))
    for message in messages:
        if named := named_media(message.parts):
            _link(writing, message, named)
            show_pictures(writing, message)


def update_message(writing: Transaction, message: Message) -> None:
    """What ``Conversations.update`` promises."""
    values = changing_values(writing, message)
    if not writing.run(_UPDATE, message_id=message.id, writer=writing.writer, **values):
        if writing.row(_LEASED, message_id=message.id) is not None:
            raise Conflict(ANOTHERS)
        raise NotFound(NO_MESSAGE)
    linked = [sha256 for (sha256,) in writing.rows(_LINKED, message_id=message.id)]
    named = named_media(message.parts)
    if linked != named:
        writing.run(_UNLINK, message_id=message.id)
        _link(writing, message, named)
    if linked or named:
        show_pictures(writing, message)
    if message.role == "user":
        for (reply_id,) in writing.rows(_REPLIES, message_id=message.id):
            index_words(writing, reply_id)


def grant(writing: Transaction, owner: str, ref: MediaRef) -> None:
    """What ``Conversations.grant_media`` promises, whoever else does the same at once."""
    writing.run(_ADD_MEDIA, **media_values(writing, ref))
    writing.run(_ADD_GRANT, owner=owner, sha256=ref.sha256)


def _link(writing: Transaction, message: Message, media: Sequence[str]) -> None:
    for position, sha256 in enumerate(media):
        writing.run(_LINK, message_id=message.id, position=position, sha256=sha256)


def _refuse_known(writing: Transaction, messages: Sequence[Message]) -> None:
    client_ids = [message.client_id for message in messages if message.client_id is not None]
    if len(set(client_ids)) < len(client_ids):
        raise Conflict(KNOWN)
    if client_ids:
        known = f"{_THERE} AND client_id IN ({names('id', len(client_ids))}) LIMIT 1"
        asked = values_of("id", client_ids)
        if writing.row(known, conversation_id=messages[0].conversation_id, **asked) is not None:
            raise Conflict(KNOWN)


def _refuse_strays(writing: Transaction, messages: Sequence[Message]) -> None:
    """A parent must be in the same conversation, and there before its child."""
    arriving: set[str] = set()
    wanted: set[str] = set()
    for message in messages:
        if message.parent_id is not None and message.parent_id not in arriving:
            wanted.add(message.parent_id)
        arriving.add(message.id)
    if wanted:
        there = f"{_THERE} AND id IN ({names('id', len(wanted))})"
        asked = values_of("id", list(wanted))
        rows = writing.rows(there, conversation_id=messages[0].conversation_id, **asked)
        if len(rows) < len(wanted):
            raise NotFound("The message that this one answers is not there any more.")


def _later(writing: Transaction, owner: str) -> datetime:
    """Now, or a tick after whatever this owner used last: a clock set back reorders nothing."""
    row = writing.row("SELECT max(updated_at) FROM conversation WHERE owner = :owner", owner=owner)
    newest: datetime = moment_of(row[0]) if row else now()
    return max(now(), newest + TICK)


def _insert(table: str, columns: Iterable[str]) -> str:
    listed = list(columns)
    values = ", ".join(f":{name}" for name in listed)
    return f"INSERT INTO {table} ({', '.join(listed)}) VALUES ({values})"


_CONVERSATION = f"SELECT {CONVERSATION_COLUMNS} FROM conversation WHERE id = :conversation_id"
_OWNER = "SELECT owner FROM conversation WHERE id = :conversation_id AND deleted_at IS NULL"
_USED = (
    "UPDATE conversation SET head_id = :head_id, updated_at = :updated_at "
    "WHERE id = :conversation_id"
)
_ADD_CONVERSATION = _insert("conversation", CONVERSATION.c.keys())
_ADD = _insert("message", (name for name in MESSAGE.c.keys() if name != "seq"))  # noqa: SIM118
_LINK = _insert("message_media", MESSAGE_MEDIA.c.keys())
_ADD_MEDIA = _insert("media", MEDIA.c.keys()) + " ON CONFLICT DO NOTHING"
_ADD_GRANT = """
    INSERT INTO media_grant (owner, sha256) VALUES (:owner, :sha256)
    ON CONFLICT (owner, sha256) DO UPDATE SET withdrawn_at = NULL
"""
_REPLIES = "SELECT id FROM message WHERE parent_id = :message_id AND role <> 'user'"
_THERE = "SELECT id FROM message WHERE conversation_id = :conversation_id"
_UPDATE = """
    UPDATE message SET status = :status, parts = :parts, words = :words, finish = :finish,
        origin = :origin, usage = :usage, cost_usd = :cost_usd, finished_at = :finished_at,
        lease_by = :lease_by
    WHERE id = :message_id AND (lease_by IS NULL OR lease_by = :writer OR :writer = '')
"""
_LEASED = "SELECT lease_by FROM message WHERE id = :message_id"
_LINKED = "SELECT sha256 FROM message_media WHERE message_id = :message_id ORDER BY position"
_UNLINK = "DELETE FROM message_media WHERE message_id = :message_id"
