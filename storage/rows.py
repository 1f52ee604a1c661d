"""Values to rows and back. Knows tables and codec; runs no statement."""

from dataclasses import fields
from typing import Any, TypeAlias, get_args

from sqlalchemy import Row

from chat.core.messages import Conversation, Message, Status, now
from chat.core.parts import MediaRef, plain_text
from storage.codec import CODEC
from storage.tables import MESSAGE, ConversationRow, MediaRow
from storage.text_search import searchable


def to_conversation_row(conversation: Conversation) -> ConversationRow:
    """A row of its own for a conversation."""
    return ConversationRow(
        id=conversation.id,
        owner=conversation.owner,
        settings=CODEC.settings_to_json(conversation),
        title_words=searchable(conversation.title),
        head_id=conversation.head_id,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        deleted_at=conversation.deleted_at,
    )


def from_conversation_row(row: ConversationRow) -> Conversation:
    """The conversation that a row holds."""
    return Conversation(
        id=row.id,
        owner=row.owner,
        head_id=row.head_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
        **CODEC.settings_from_json(row.settings),
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
        "parts": CODEC.parts_to_json(message.parts),
        "words": searchable(plain_text(message.parts)),
        "finish": CODEC.finish_to_json(message.finish),
        "origin": CODEC.origin_to_json(message.origin),
        "usage": CODEC.usage_to_json(message.usage),
        "cost_usd": message.cost_usd,
        "finished_at": message.finished_at,
    }


STATUSES: frozenset[str] = frozenset(get_args(Status))

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

MESSAGE_COLUMNS = [MESSAGE.c[field.name] for field in fields(Message)]
"""What a message is read from. The words of a search are not among it: they are long."""


def from_message_row(row: AnyRow) -> Message:
    """The message that a row of these columns holds."""
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
        CODEC.parts_from_json(parts),
        # A newer Easel may know more ways to be under way; here, none of them goes on.
        status if status in STATUSES else "interrupted",
        CODEC.finish_from_json(finish),
        CODEC.origin_from_json(origin),
        CODEC.usage_from_json(usage),
        cost_usd,
        client_id,
        created_at,
        finished_at,
    )


def media_values(ref: MediaRef) -> dict[str, object]:
    """A picture by column."""
    return {
        "sha256": ref.sha256,
        "mime": ref.mime,
        "size_bytes": ref.size_bytes,
        "width_px": ref.width_px,
        "height_px": ref.height_px,
        "created_at": now(),
    }


def from_media_row(row: MediaRow) -> MediaRef:
    """The picture that a row names."""
    return MediaRef(row.sha256, row.mime, row.size_bytes, row.width_px, row.height_px)
