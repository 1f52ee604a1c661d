"""Values to rows and back. Knows tables and codec; runs no statement."""

from typing import cast

from chat.core.messages import Conversation, Message, Role, Status
from chat.core.parts import MediaRef, plain_text
from storage import codec
from storage.tables import ConversationRow, MediaRow, MessageRow
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


def to_message_row(message: Message) -> MessageRow:
    """A row of its own for a message; its ``seq`` is the database's to give."""
    row = MessageRow(
        id=message.id,
        conversation_id=message.conversation_id,
        parent_id=message.parent_id,
        role=message.role,
        client_id=message.client_id,
        created_at=message.created_at,
        status="",
        parts="",
        words="",
    )
    refresh(row, message)
    return row


def refresh(row: MessageRow, message: Message) -> None:
    """Bring what ``Conversations.update`` may change of a row up to date."""
    row.status = message.status
    row.parts = codec.parts_to_json(message.parts)
    row.words = searchable(plain_text(message.parts))
    row.finish = codec.detail_to_json(message.finish)
    row.origin = codec.detail_to_json(message.origin)
    row.usage = codec.detail_to_json(message.usage)
    row.cost_usd = message.cost_usd
    row.finished_at = message.finished_at


def from_message_row(row: MessageRow) -> Message:
    """The message that a row holds. Raises: Damaged."""
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        parent_id=row.parent_id,
        role=cast("Role", row.role),
        parts=codec.parts_from_json(row.parts),
        status=cast("Status", row.status),
        finish=codec.finish_from_json(row.finish),
        origin=codec.origin_from_json(row.origin),
        usage=codec.usage_from_json(row.usage),
        cost_usd=row.cost_usd,
        client_id=row.client_id,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def from_media_row(row: MediaRow) -> MediaRef:
    """The picture that a row names."""
    return MediaRef(row.sha256, row.mime, row.size_bytes, row.width_px, row.height_px)
