"""Values to rows and back. Knows tables and codec; runs no statement."""

from dataclasses import fields
from typing import Any, TypeAlias

from sqlalchemy import Row

from chat.core.messages import Conversation, Message
from chat.core.parts import MediaRef, plain_text
from storage import codec
from storage.tables import MESSAGE, ConversationRow, MediaRow
from storage.wording import searchable


def to_conversation_row(conversation: Conversation) -> ConversationRow:
    """A row of its own for a conversation."""
    return ConversationRow(
        id=conversation.id,
        owner=conversation.owner,
        settings=codec.settings_to_json(conversation),
        title_words=searchable(conversation.title),
        head_id=conversation.head_id,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        deleted_at=conversation.deleted_at,
    )


def from_conversation_row(row: ConversationRow) -> Conversation:
    """The conversation that a row holds. Raises: Damaged."""
    return Conversation(
        id=row.id,
        owner=row.owner,
        head_id=row.head_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
        **codec.settings_from_json(row.settings),
    )


def message_values(message: Message) -> dict[str, object]:
    """A message by column; its ``seq`` is the database's to give."""
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "parent_id": message.parent_id,
        "role": message.role,
        "client_id": message.client_id,
        "created_at": message.created_at,
        **changing_values(message),
    }


def changing_values(message: Message) -> dict[str, object]:
    """What ``Conversations.update`` may change, by column."""
    return {
        "status": message.status,
        "parts": codec.parts_to_json(message.parts),
        "words": searchable(plain_text(message.parts)),
        "finish": codec.detail_to_json(message.finish),
        "origin": codec.detail_to_json(message.origin),
        "usage": codec.detail_to_json(message.usage),
        "cost_usd": message.cost_usd,
        "finished_at": message.finished_at,
    }


AnyRow: TypeAlias = Row[*tuple[Any, ...]]

MESSAGE_COLUMNS = [MESSAGE.c[field.name] for field in fields(Message)]
"""What a message is read from. The words of a search are not among it: they are long."""


def from_message_row(row: AnyRow) -> Message:
    """The message that a row of these columns holds. Raises: Damaged."""
    # Taken apart at once: hundreds of rows are read together, and a name costs much of a row.
    (
        message_id,
        conversation_id,
        parent_id,
        role,
        parts,
        status,
        finish,
        origin,
        usage,
        cost_usd,
        client_id,
        created_at,
        finished_at,
    ) = row
    return Message(
        message_id,
        conversation_id,
        parent_id,
        role,
        codec.parts_from_json(parts),
        status,
        codec.finish_from_json(finish),
        codec.origin_from_json(origin),
        codec.usage_from_json(usage),
        cost_usd,
        client_id,
        created_at,
        finished_at,
    )


def from_media_row(row: MediaRow) -> MediaRef:
    """The picture that a row names."""
    return MediaRef(row.sha256, row.mime, row.size_bytes, row.width_px, row.height_px)
