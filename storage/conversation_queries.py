"""Lists and searches of conversations, as statements."""

from datetime import datetime

from chat.core.messages import Conversation
from chat.core.parts import searched_text
from chat.core.ports import ConversationHit
from storage.codec import CODEC
from storage.rows import CONVERSATION_COLUMNS, from_conversation_row
from storage.text_search import anywhere, excerpt, missing_from_title, query_words
from storage.transaction import Transaction


def find(
    reading: Transaction, owner: str, query: str, limit: int, before: datetime | None
) -> list[ConversationHit]:
    """What ``Conversations.search`` promises."""
    words = query_words(query)
    conditions = [_LISTED]
    values: dict[str, object] = {"owner": owner, "most": limit}
    if before is not None:
        conditions.append("updated_at < :before")
        values["before"] = reading.moment(before)
    if not words:
        conditions.append("pinned_at IS NULL")
    for number, word in enumerate(words):
        conditions.append(
            f"(title_words LIKE :word{number} ESCAPE '/' OR EXISTS (SELECT 1 FROM message "
            f"WHERE conversation_id = conversation.id AND words LIKE :word{number} ESCAPE '/'))"
        )
        values[f"word{number}"] = anywhere(word)
    statement = (
        f"SELECT {CONVERSATION_COLUMNS} FROM conversation WHERE {' AND '.join(conditions)} "
        "ORDER BY updated_at DESC, id DESC LIMIT :most"
    )
    if not words and before is None:
        # Both in one statement: what is pinned or let go meanwhile is in one of them.
        statement = (
            f"SELECT {CONVERSATION_COLUMNS} FROM ({_PINNED}) AS pinned "
            f"UNION ALL SELECT {CONVERSATION_COLUMNS} FROM ({statement}) AS others"
        )
    found = [from_conversation_row(row) for row in reading.rows(statement, **values)]
    if not words:
        found.sort(key=_place, reverse=True)  # a database gives the two in any order
    return [_hit(reading, conversation, words) for conversation in found]


def _place(found: Conversation) -> tuple[bool, datetime, str]:
    """Where it stands in a list, the greatest first."""
    return found.pinned_at is not None, found.pinned_at or found.updated_at, found.id


def _hit(reading: Transaction, conversation: Conversation, words: list[str]) -> ConversationHit:
    missing = missing_from_title(conversation, words)
    if not missing:
        return ConversationHit(conversation)
    # What the user said before what was answered, the newest first: so it is remembered.
    row = reading.row(
        "SELECT parts FROM message WHERE conversation_id = :conversation_id "
        "AND words LIKE :word ESCAPE '/' "
        "ORDER BY CASE WHEN role = 'user' THEN 0 ELSE 1 END, seq DESC LIMIT 1",
        conversation_id=conversation.id,
        word=anywhere(missing[0]),
    )
    text = searched_text(CODEC.parts_from_json(row[0])) if row else ""
    return ConversationHit(conversation, excerpt(text, missing[0]))


_LISTED = "owner = :owner AND deleted_at IS NULL AND head_id IS NOT NULL"
_PINNED = (
    f"SELECT {CONVERSATION_COLUMNS} FROM conversation WHERE {_LISTED} AND pinned_at IS NOT NULL"
)
