"""Questions about the tree of messages, as statements. They ask nobody's permission."""

from collections.abc import Sequence

from chat.core.errors import NotFound
from chat.core.messages import Message
from chat.core.ports import Spending, WaitingReply
from storage.rows import MESSAGE_COLUMNS, from_message_row
from storage.tables import ALIVE_SQL, WAITING_SQL
from storage.transaction import Transaction, moment_of, named, names

NO_MESSAGE = "There is no such message."

WHOLE = 2**31 - 1
"""A limit that no branch reaches."""


def message(reading: Transaction, message_id: str) -> Message:
    """One message. Raises: NotFound."""
    row = reading.row(_MESSAGE, message_id=message_id)
    if row is None:
        raise NotFound(NO_MESSAGE)
    return from_message_row(row)


def branch(reading: Transaction, leaf_id: str, limit: int | None) -> list[Message]:
    """The way from the root to a leaf, oldest first; with a limit, only its last rows are read.

    Raises: NotFound.
    """
    rows = reading.rows(_BRANCH, leaf_id=leaf_id, most=WHOLE if limit is None else limit)
    if not rows:
        raise NotFound(NO_MESSAGE)
    return [from_message_row(row) for row in rows]


def tree(reading: Transaction, conversation_id: str) -> list[Message]:
    """Every message of a conversation, in the order of arrival."""
    rows = reading.rows(_TREE, conversation_id=conversation_id)
    return [from_message_row(row) for row in rows]


def newest_child(reading: Transaction, message_id: str) -> Message | None:
    """The child that came last."""
    row = reading.row(_NEWEST_CHILD, message_id=message_id)
    return None if row is None else from_message_row(row)


def newest_seq(reading: Transaction) -> int:
    """The place in the order of arrival of the newest message there has been; 0: there was none.

    What is removed for good makes no database look older than it is.
    """
    return reading.counted("message", "seq")


def of_client(reading: Transaction, conversation_id: str, client_id: str) -> Message | None:
    """The user message that the browser named so."""
    row = reading.row(_OF_CLIENT, conversation_id=conversation_id, client_id=client_id)
    return None if row is None else from_message_row(row)


def unfinished(reading: Transaction) -> list[Message]:
    """Messages still queued or streaming, oldest first."""
    return [from_message_row(row) for row in reading.rows(_UNFINISHED)]


def waiting(reading: Transaction) -> list[WaitingReply]:
    """Replies that wait for their owner, oldest first."""
    rows = reading.rows(_WAITING)
    return [
        WaitingReply(owner, conversation_id, reply_id, moment_of(since))
        for owner, conversation_id, reply_id, since in rows
    ]


def newest_leaf(reading: Transaction, message_id: str) -> str:
    """From a message down, always by the newest child. Raises: NotFound."""
    row = reading.row(_NEWEST_LEAF, message_id=message_id)
    if row is None:
        raise NotFound(NO_MESSAGE)
    return str(row[0])


def siblings(reading: Transaction, message_ids: Sequence[str]) -> dict[str, list[str]]:
    """For each message, all children of its parent, oldest first. Raises: NotFound."""
    broods: dict[str, list[str]] = {}
    for statement in (_SIBLINGS, _ROOTS):
        asked = [message_id for message_id in message_ids if message_id not in broods]
        if asked:
            listed = statement + f" AND asked.id IN ({names('id', len(asked))}) ORDER BY other.seq"
            for message_id, sibling_id in reading.rows(listed, **named("id", asked)):
                broods.setdefault(message_id, []).append(sibling_id)
    if not broods.keys() >= set(message_ids):
        raise NotFound(NO_MESSAGE)
    return broods


def spending(reading: Transaction, conversation_id: str) -> Spending:
    """What the ended replies of a conversation cost, on whichever branch they are."""
    row = reading.row(_SPENDING, conversation_id=conversation_id)
    total_usd, priced, ended = row or (0, 0, 0)
    return Spending(float(total_usd), priced, ended - priced)


_FROM = f"SELECT {MESSAGE_COLUMNS} FROM message AS m"
_MESSAGE = f"{_FROM} WHERE m.id = :message_id"
_BRANCH = f"""
    WITH RECURSIVE way(seq, parent_id, height) AS (
        SELECT seq, parent_id, 1 FROM message WHERE id = :leaf_id
        UNION ALL
        SELECT above.seq, above.parent_id, way.height + 1
        FROM way JOIN message AS above ON above.id = way.parent_id
        WHERE way.height < :most
    )
    {_FROM} JOIN way ON m.seq = way.seq ORDER BY way.height DESC
"""
_TREE = f"{_FROM} WHERE m.conversation_id = :conversation_id ORDER BY m.seq"
_NEWEST_CHILD = f"{_FROM} WHERE m.parent_id = :message_id ORDER BY m.seq DESC LIMIT 1"
_OF_CLIENT = f"{_FROM} WHERE m.conversation_id = :conversation_id AND m.client_id = :client_id"
# Word for word as the index has it, or SQLite would read every message.
_UNFINISHED = f"{_FROM} WHERE {ALIVE_SQL} ORDER BY m.seq"
_WAITING = f"""
    SELECT c.owner, m.conversation_id, m.id, coalesce(m.finished_at, m.created_at)
    FROM message AS m JOIN conversation AS c ON c.id = m.conversation_id
    WHERE {WAITING_SQL} AND c.deleted_at IS NULL ORDER BY m.seq
"""
_NEWEST_LEAF = """
    WITH RECURSIVE way(id, depth) AS (
        SELECT id, 1 FROM message WHERE id = :message_id
        UNION ALL
        SELECT child.id, way.depth + 1 FROM way JOIN message AS child ON child.parent_id = way.id
        WHERE child.seq = (SELECT max(seq) FROM message AS rival WHERE rival.parent_id = way.id)
    )
    SELECT id FROM way ORDER BY depth DESC LIMIT 1
"""
# ix_message_spending holds all that is asked for: no reply is read.
_SPENDING = f"""
    SELECT coalesce(sum(cost_usd), 0.0), count(cost_usd), count(*) FROM message
    WHERE conversation_id = :conversation_id AND role = 'assistant' AND NOT ({ALIVE_SQL})
"""
# Pairs of a message and a sibling of it: of messages with a parent, and of those without.
_SIBLINGS = """
    SELECT asked.id, other.id FROM message AS asked
    JOIN message AS other ON other.parent_id = asked.parent_id WHERE true
"""
_ROOTS = """
    SELECT asked.id, other.id FROM message AS asked
    JOIN message AS other ON other.conversation_id = asked.conversation_id
    WHERE other.parent_id IS NULL AND asked.parent_id IS NULL
"""
