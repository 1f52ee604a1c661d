"""Lists and searches of conversations, as statements."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chat.core.parts import searched_text
from chat.core.ports import ConversationHit
from storage import search_index, sqlite_search_index
from storage.codec import CODEC
from storage.rows import CONVERSATION_COLUMNS, from_conversation_row
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
    source, more, sought = _among(reading, words)
    values |= more
    for number, word in sought:
        condition, more = _holding(reading, word, number)
        conditions.append(condition)
        values |= more
    statement = (
        f"SELECT {CONVERSATION_COLUMNS} FROM {source} WHERE {' AND '.join(conditions)} "
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


def _holding(reading: Transaction, word: str, number: int) -> tuple[str, dict[str, object]]:
    """The condition that a title or a message holds a word, and the values in it."""
    values: dict[str, object] = {f"word{number}": anywhere(word)}
    said = (
        "EXISTS (SELECT 1 FROM message WHERE conversation_id = conversation.id "
        f"AND words LIKE :word{number} ESCAPE '/')"
    )
    if reading.served and (few := search_index.few_holding(reading, word)) is not None:
        said = f"id = ANY(CAST(:few{number} AS text[]))"
        values[f"few{number}"] = few
    return f"(title_words LIKE :word{number} ESCAPE '/' OR {said})", values


def _among(
    reading: Transaction, words: list[str]
) -> tuple[str, dict[str, object], list[tuple[int, str]]]:
    """Of what is searched, the values in that, and the words, with numbers, still to look for."""
    numbered = list(enumerate(words))
    if reading.served:
        return "conversation", {}, numbered
    found: dict[int, set[str]] = {}
    # The long ones first, which are rare: where one is nowhere, no other is looked for.
    for number, word in sorted(numbered, key=lambda each: -len(each[1])):
        if (holding := sqlite_search_index.few_holding(reading, word)) is not None:
            found[number] = holding
            if not holding:
                break
    if not found:
        return "conversation", {}, numbered
    few = json.dumps(sorted(set.intersection(*found.values())))
    # In this order: else SQLite reads the owner's whole list, which has the order of the answer.
    source = (
        "(SELECT value AS few_id FROM json_each(:few)) AS few "
        "CROSS JOIN conversation ON conversation.id = few.few_id"
    )
    return source, {"few": few}, [each for each in numbered if each[0] not in found]


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
