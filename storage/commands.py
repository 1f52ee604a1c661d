"""Adding and changing messages, as statements inside a transaction. Knows rows, order and links."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col

from chat.core.errors import Conflict, NotFound
from chat.core.messages import Message, now
from chat.core.parts import MediaRef
from storage.media.names import named_media
from storage.message_queries import NO_MESSAGE
from storage.rows import changing_values, media_values, message_values
from storage.tables import LINK, MESSAGE, ConversationRow, MediaGrantRow, MediaRow

NO_CONVERSATION = "There is no such conversation."
KNOWN = "That message is there already."

TICK = timedelta(microseconds=1)


def conversation_row(
    session: Session, conversation_id: str, owner: str | None = None, *, binned: bool = False
) -> ConversationRow:
    """One conversation, locked until the transaction ends where a database locks rows.

    With an owner, only if it is theirs. Raises: NotFound.
    """
    statement = select(ConversationRow).where(col(ConversationRow.id) == conversation_id)
    if owner is not None:
        statement = statement.where(col(ConversationRow.owner) == owner)
    if not binned:
        statement = statement.where(col(ConversationRow.deleted_at).is_(None))
    row = session.scalars(statement.with_for_update()).one_or_none()
    if row is None:
        raise NotFound(NO_CONVERSATION)
    return row


def add_messages(session: Session, messages: Sequence[Message]) -> None:
    """What ``Conversations.add`` promises."""
    conversation_id = messages[0].conversation_id
    conversation = conversation_row(session, conversation_id)
    _refuse_known(session, messages)
    _refuse_strays(session, messages)
    # In order and one by one: the order of arrival is the order of ``seq``.
    session.execute(insert(MESSAGE), [message_values(message) for message in messages])
    links = [link for message in messages for link in _links(message)]
    if links:
        session.execute(insert(LINK), links)
    conversation.head_id = messages[-1].id
    conversation.updated_at = _later(session, conversation.owner)


def update_message(session: Session, message: Message) -> None:
    """What ``Conversations.update`` promises."""
    which = {"message_id": message.id}
    changed = session.connection().execute(_UPDATE, {**which, **changing_values(message)})
    if changed.rowcount == 0:
        raise NotFound(NO_MESSAGE)
    linked = list(session.execute(_LINKED, which).scalars())
    if linked != named_media(message.parts):
        session.execute(_UNLINK, which)
        links = _links(message)
        if links:
            session.execute(insert(LINK), links)


def grant(session: Session, owner: str, ref: MediaRef) -> None:
    """What ``Conversations.grant_media`` promises, whoever else does the same at once."""
    _insert_new(session, MediaRow, media_values(ref))
    _insert_new(session, MediaGrantRow, {"owner": owner, "sha256": ref.sha256})


def _insert_new(session: Session, table: type[SQLModel], values: dict[str, object]) -> None:
    """Both databases know ``ON CONFLICT DO NOTHING``; SQLAlchemy has a statement for each."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(postgresql.insert(table).values(values).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(table).values(values).on_conflict_do_nothing())


def _links(message: Message) -> list[dict[str, str | int]]:
    return [
        {"message_id": message.id, "position": position, "sha256": sha256}
        for position, sha256 in enumerate(named_media(message.parts))
    ]


def _refuse_known(session: Session, messages: Sequence[Message]) -> None:
    client_ids = [message.client_id for message in messages if message.client_id is not None]
    if len(set(client_ids)) < len(client_ids):
        raise Conflict(KNOWN)
    asked = {"conversation_id": messages[0].conversation_id, "client_ids": client_ids}
    if client_ids and session.execute(_KNOWN, asked).first() is not None:
        raise Conflict(KNOWN)


def _refuse_strays(session: Session, messages: Sequence[Message]) -> None:
    """A parent must be in the same conversation, and there before its child."""
    arriving: set[str] = set()
    wanted: set[str] = set()
    for message in messages:
        if message.parent_id is not None and message.parent_id not in arriving:
            wanted.add(message.parent_id)
        arriving.add(message.id)
    asked = {"conversation_id": messages[0].conversation_id, "message_ids": list(wanted)}
    if wanted and wanted - set(session.execute(_THERE, asked).scalars()):
        raise NotFound("The message that this one answers is not there any more.")


def _later(session: Session, owner: str) -> datetime:
    """Now, or a tick after whatever this owner used last: a clock set back reorders nothing."""
    newest: datetime = session.execute(_NEWEST, {"owner": owner}).scalar_one()
    return max(now(), newest + TICK)


# Built once: to build a statement takes longer than to execute it.
_KNOWN = (
    select(MESSAGE.c.id)
    .where(
        MESSAGE.c.conversation_id == bindparam("conversation_id"),
        MESSAGE.c.client_id.in_(bindparam("client_ids", expanding=True)),
    )
    .limit(1)
)
_THERE = select(MESSAGE.c.id).where(
    MESSAGE.c.conversation_id == bindparam("conversation_id"),
    MESSAGE.c.id.in_(bindparam("message_ids", expanding=True)),
)
_NEWEST = select(func.max(col(ConversationRow.updated_at))).where(
    col(ConversationRow.owner) == bindparam("owner")
)
_UPDATE = update(MESSAGE).where(MESSAGE.c.id == bindparam("message_id"))
_LINKED = (
    select(LINK.c.sha256)
    .where(LINK.c.message_id == bindparam("message_id"))
    .order_by(LINK.c.position)
)
_UNLINK = delete(LINK).where(LINK.c.message_id == bindparam("message_id"))
