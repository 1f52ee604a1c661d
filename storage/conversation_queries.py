"""Lists and searches of conversations, as statements."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chat.core.parts import searched_text
from chat.core.ports import ConversationHit
from storage.codec import CODEC
from storage.rows import CONVERSATION_COLUMNS, from_conversation_row
from storage.search_index import few_holding
from storage.text_search import anywhere, excerpt, missing_from_title, query_words
from storage.transaction import Row, Transaction


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
        said = (
            "EXISTS (SELECT 1 FROM message WHERE conversation_id = conversation.id "
            f"AND words LIKE :word{number} ESCAPE '/')"
        )
        if (few := few_holding(reading, word)) is not None:
            said = f"id = ANY(CAST(:few{number} AS text[]))"
            values[f"few{number}"] = few
        conditions.append(f"(title_words LIKE :word{number} ESCAPE '/' OR {said})")
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
    # Outside, so that a picture is looked for where a row is listed, and nowhere else.
    statement = f"SELECT {LISTED_COLUMNS} FROM ({statement}) AS listed"
    found = [from_listed_row(row) for row in reading.rows(statement, **values)]
    found.sort(key=_place_in(words), reverse=True)  # a database may give them in any order
    return [_with_excerpt(reading, hit, words) for hit in found]


def listed(reading: Transaction, conversation_id: str) -> ConversationHit | None:
    """A conversation as a list shows it, whosesoever it is."""
    row = reading.row(_ONE, conversation_id=conversation_id)
    return None if row is None else from_listed_row(row)


def from_listed_row(row: Row) -> ConversationHit:
    """What a row of these columns holds."""
    *stored, picture = row
    return ConversationHit(from_conversation_row(tuple(stored)), picture or "")


def _place_in(words: list[str]) -> Callable[[ConversationHit], tuple[bool, datetime, str]]:
    """Where one stands in a list, the greatest first."""

    def place(hit: ConversationHit) -> tuple[bool, datetime, str]:
        found = hit.conversation
        pinned_at = None if words else found.pinned_at
        return pinned_at is not None, pinned_at or found.updated_at, found.id

    return place


def _with_excerpt(reading: Transaction, hit: ConversationHit, words: list[str]) -> ConversationHit:
    conversation = hit.conversation
    missing = missing_from_title(conversation, words)
    if not missing:
        return hit
    # What the user said before what was answered, the newest first: so it is remembered.
    row = reading.row(
        "SELECT parts FROM message WHERE conversation_id = :conversation_id "
        "AND words LIKE :word ESCAPE '/' "
        "ORDER BY CASE WHEN role = 'user' THEN 0 ELSE 1 END, seq DESC LIMIT 1",
        conversation_id=conversation.id,
        word=anywhere(missing[0]),
    )
    text = searched_text(CODEC.parts_from_json(row[0])) if row else ""
    return replace(hit, excerpt=excerpt(text, missing[0]))


_LISTED = "owner = :owner AND deleted_at IS NULL AND head_id IS NOT NULL"
_PINNED = (
    f"SELECT {CONVERSATION_COLUMNS} FROM conversation WHERE {_LISTED} AND pinned_at IS NOT NULL"
)

_OF_ONE = ", ".join(f"listed.{name}" for name in CONVERSATION_COLUMNS.split(", "))
LISTED_COLUMNS = f"""{_OF_ONE}, (
    SELECT p.sha256 FROM shown_picture AS p
    WHERE p.conversation_id = listed.id AND NOT EXISTS (
        SELECT 1 FROM media_grant AS g
        WHERE g.owner = p.owner AND g.sha256 = p.sha256 AND g.withdrawn_at IS NOT NULL
    ) ORDER BY p.seq DESC, p.position DESC LIMIT 1
)"""
"""A conversation, and its picture."""
_ONE = f"SELECT {LISTED_COLUMNS} FROM conversation AS listed WHERE id = :conversation_id"
