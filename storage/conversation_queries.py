"""Lists and searches of conversations, as statements. Knows rows and the wording of a search."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from chat.core.messages import Conversation
from chat.core.parts import plain_text
from chat.core.ports import ConversationHit
from storage.codec import CODEC
from storage.rows import from_conversation_row
from storage.tables import ConversationRow, MessageRow
from storage.text_search import excerpt, missing_from_title, query_words


def find(
    session: Session, owner: str, query: str, limit: int, before: datetime | None
) -> list[ConversationHit]:
    """What ``Conversations.search`` promises."""
    words = query_words(query)
    statement = (
        select(ConversationRow)
        .where(
            col(ConversationRow.owner) == owner,
            col(ConversationRow.deleted_at).is_(None),
            col(ConversationRow.head_id).is_not(None),
        )
        .order_by(col(ConversationRow.updated_at).desc(), col(ConversationRow.id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(ConversationRow.updated_at) < before)
    for word in words:
        said = select(MessageRow.seq).where(
            col(MessageRow.conversation_id) == ConversationRow.id,
            col(MessageRow.words).contains(word, autoescape=True),
        )
        statement = statement.where(
            or_(
                col(ConversationRow.title_words).contains(word, autoescape=True),
                said.exists(),
            )
        )
    found = [from_conversation_row(row) for row in session.exec(statement)]
    return [_hit(session, conversation, words) for conversation in found]


def _hit(session: Session, conversation: Conversation, words: list[str]) -> ConversationHit:
    missing = missing_from_title(conversation, words)
    if not missing:
        return ConversationHit(conversation)
    # The newest message that says it is the likeliest to be the one that is looked for.
    parts = session.exec(
        select(MessageRow.parts)
        .where(
            col(MessageRow.conversation_id) == conversation.id,
            col(MessageRow.words).contains(missing[0], autoescape=True),
        )
        .order_by(col(MessageRow.seq).desc())
        .limit(1)
    ).one()
    text = plain_text(CODEC.parts_from_json(parts))
    return ConversationHit(conversation, excerpt(text, missing[0]))
