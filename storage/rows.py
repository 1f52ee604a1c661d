"""Values to rows and back. What stands in a JSON column is the codec's matter."""

from dataclasses import fields
from typing import Any, get_args

from chat.core.messages import ALIVE, Conversation, Finish, Message, Origin, Status, Usage, now
from chat.core.parts import MediaRef, searched_text
from storage.codec import CODEC
from storage.text_search import searchable
from storage.transaction import Row, Transaction, moment_of

CONVERSATION_COLUMNS = "id, owner, settings, head_id, created_at, updated_at, deleted_at, pinned_at"
"""What a conversation is read from."""


def conversation_values(writing: Transaction, conversation: Conversation) -> dict[str, object]:
    """A conversation by column."""
    return {
        "id": conversation.id,
        "owner": conversation.owner,
        "settings": CODEC.settings_to_json(conversation),
        "title_words": searchable(conversation.title),
        "head_id": conversation.head_id,
        "created_at": writing.moment(conversation.created_at),
        "updated_at": writing.moment(conversation.updated_at),
        "deleted_at": writing.moment(conversation.deleted_at),
        "pinned_at": writing.moment(conversation.pinned_at),
    }


def from_conversation_row(row: Row) -> Conversation:
    """The conversation that a row of these columns holds."""
    conversation_id, owner, settings, head_id, created_at, updated_at, deleted_at, pinned_at = row
    return Conversation(
        id=conversation_id,
        owner=owner,
        head_id=head_id,
        created_at=moment_of(created_at),
        updated_at=moment_of(updated_at),
        deleted_at=moment_of(deleted_at),
        pinned_at=moment_of(pinned_at),
        **CODEC.settings_from_json(settings),
    )


def message_values(writing: Transaction, message: Message) -> dict[str, object]:
    """A message by column; its ``seq`` is the database's to give."""
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "parent_id": message.parent_id,
        "role": message.role,
        "client_id": message.client_id,
        "created_at": writing.moment(message.created_at),
        **changing_values(writing, message),
    }


def changing_values(writing: Transaction, message: Message) -> dict[str, object]:
    """What ``Conversations.update`` may change, by column."""
    return {
        "status": message.status,
        "parts": CODEC.parts_to_json(message.parts),
        "words": searchable(searched_text(message.parts)),
        "finish": CODEC.detail_to_json(message.finish),
        "origin": CODEC.detail_to_json(message.origin),
        "usage": CODEC.detail_to_json(message.usage),
        "cost_usd": message.cost_usd,
        "finished_at": writing.moment(message.finished_at),
        "lease_by": (writing.writer or None) if message.status in ALIVE else None,
    }


STATUSES: frozenset[str] = frozenset(get_args(Status))

MESSAGE_COLUMNS = ", ".join(f"m.{field.name}" for field in fields(Message))
"""What a message is read from, the table called ``m``. The words of a search are not among it:
they are long."""


def from_message_row(row: Row) -> Message:
    """The message that a row of these columns holds."""
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
        CODEC.detail_from_json(Finish, finish),
        CODEC.detail_from_json(Origin, origin),
        CODEC.detail_from_json(Usage, usage),
        cost_usd,
        client_id,
        moment_of(created_at),
        moment_of(finished_at),
    )


def media_values(writing: Transaction, ref: MediaRef) -> dict[str, Any]:
    """A picture by column."""
    return {
        "sha256": ref.sha256,
        "mime": ref.mime,
        "size_bytes": ref.size_bytes,
        "width_px": ref.width_px,
        "height_px": ref.height_px,
        "created_at": writing.moment(now()),
    }
