"""Whole conversations, added in one transaction."""

from collections.abc import Sequence

from chat.core.errors import NotFound
from chat.core.messages import Conversation
from chat.core.parts import MediaRef
from chat.core.ports import WholeConversation
from storage import owned_records
from storage.fitting_in import check_ids, fitted_in
from storage.message_commands import add_conversation, grant, insert_messages
from storage.owned_records import NO_PICTURE
from storage.transaction import Transaction, moment_of, named, names

ASKED_AT_ONCE = 500
"""Ids in one question; a database takes only so many values."""


def add_wholes(
    writing: Transaction,
    owner: str,
    wholes: Sequence[WholeConversation],
    pictures: Sequence[MediaRef],
    lender: str = "",
) -> list[Conversation]:
    """What ``Conversations.add_whole`` promises, whose owner this transaction holds."""
    for ref in pictures if lender else ():
        # Until it is theirs, too, its bytes are there for as long as it is the lender's.
        if writing.hold(_LENT, owner=lender, sha256=ref.sha256) is None:
            raise NotFound(NO_PICTURE)
    taken = _taken(writing, "conversation", [whole.conversation.id for whole in wholes])
    taken |= _taken(writing, "message", [m.id for whole in wholes for m in whole.messages])
    used = {moment_of(row[0]) for row in writing.rows(_USED, owner=owner)}
    fitted = [fitted_in(whole, owner, taken, used) for whole in wholes]
    check_ids(fitted)
    for ref in pictures:
        grant(writing, owner, ref)
    for whole in fitted:
        add_conversation(writing, whole.conversation)
        insert_messages(writing, whole.messages)
        owned_records.note_use(writing, whole.conversation.id)
    return [whole.conversation for whole in fitted]


def _taken(writing: Transaction, table: str, ids: list[str]) -> set[str]:
    """Which of these ids a row of a table has."""
    found: set[str] = set()
    for start in range(0, len(ids), ASKED_AT_ONCE):
        asked = ids[start : start + ASKED_AT_ONCE]
        statement = f"SELECT id FROM {table} WHERE id IN ({names('id', len(asked))})"
        found |= {row[0] for row in writing.rows(statement, **named("id", asked))}
    return found


_LENT = "SELECT 1 FROM media_grant WHERE owner = :owner AND sha256 = :sha256"
_USED = "SELECT updated_at FROM conversation WHERE owner = :owner"
