"""Questions about the tree of messages, as statements. Knows rows; asks nobody's permission."""

from collections.abc import Sequence

from sqlalchemy import func, literal
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from chat.core.errors import NotFound
from chat.core.messages import ALIVE
from chat.core.ports import Spending
from storage.tables import MessageRow

NO_MESSAGE = "There is no such message."


def message_row(session: Session, message_id: str) -> MessageRow:
    """One message. Raises: NotFound."""
    row = session.exec(select(MessageRow).where(col(MessageRow.id) == message_id)).one_or_none()
    if row is None:
        raise NotFound(NO_MESSAGE)
    return row


def branch_rows(session: Session, leaf_id: str, limit: int | None) -> list[MessageRow]:
    """The way from the root to a leaf, oldest first; with a limit, only its last rows are read.

    Raises: NotFound.
    """
    way = (
        select(
            col(MessageRow.id).label("id"),
            col(MessageRow.parent_id).label("parent_id"),
            literal(1).label("height"),
        )
        .where(col(MessageRow.id) == leaf_id)
        .cte("way", recursive=True)
    )
    above = aliased(MessageRow)
    step = select(col(above.id), col(above.parent_id), way.c.height + 1).where(
        col(above.id) == way.c.parent_id
    )
    if limit is not None:
        step = step.where(way.c.height < limit)
    way = way.union_all(step)
    rows = session.exec(
        select(MessageRow).join(way, col(MessageRow.id) == way.c.id).order_by(way.c.height.desc())
    ).all()
    if not rows:
        raise NotFound(NO_MESSAGE)
    return list(rows)


def newest_child(session: Session, message_id: str) -> MessageRow | None:
    """The child that came last."""
    return session.exec(
        select(MessageRow)
        .where(col(MessageRow.parent_id) == message_id)
        .order_by(col(MessageRow.seq).desc())
        .limit(1)
    ).one_or_none()


def newest_leaf(session: Session, message_id: str) -> str:
    """From a message down, always by the newest child. Raises: NotFound."""
    way = (
        select(col(MessageRow.id).label("id"), literal(1).label("depth"))
        .where(col(MessageRow.id) == message_id)
        .cte("way", recursive=True)
    )
    child, rival = aliased(MessageRow), aliased(MessageRow)
    newest = (
        select(func.max(col(rival.seq)))
        .where(col(rival.parent_id) == way.c.id)
        .correlate(way)
        .scalar_subquery()
    )
    step = (
        select(col(child.id), way.c.depth + 1)
        .join(way, col(child.parent_id) == way.c.id)
        .where(col(child.seq) == newest)
    )
    way = way.union_all(step)
    leaf = session.exec(select(way.c.id).order_by(way.c.depth.desc()).limit(1)).one_or_none()
    if leaf is None:
        raise NotFound(NO_MESSAGE)
    return str(leaf)


def siblings(session: Session, message_ids: Sequence[str]) -> dict[str, list[str]]:
    """For each message, all children of its parent, oldest first. Raises: NotFound."""
    found = session.exec(
        select(MessageRow.id, MessageRow.parent_id, MessageRow.conversation_id).where(
            col(MessageRow.id).in_(message_ids)
        )
    ).all()
    nests = {row[0]: row[1] or _roots_of(row[2]) for row in found}
    if not nests.keys() >= set(message_ids):
        raise NotFound(NO_MESSAGE)
    rootless = {row[2] for row in found if row[1] is None}
    columns = select(MessageRow.id, MessageRow.parent_id, MessageRow.conversation_id).order_by(
        col(MessageRow.seq)
    )
    children = columns.where(
        col(MessageRow.parent_id).in_({row[1] for row in found if row[1] is not None})
    )
    roots = columns.where(
        col(MessageRow.conversation_id).in_(rootless), col(MessageRow.parent_id).is_(None)
    )
    broods: dict[str, list[str]] = {}
    for statement in (children, roots):
        for message_id, parent_id, conversation_id in session.exec(statement):
            broods.setdefault(parent_id or _roots_of(conversation_id), []).append(message_id)
    return {message_id: list(broods[nests[message_id]]) for message_id in message_ids}


def spending(session: Session, conversation_id: str) -> Spending:
    """What the ended replies of a conversation cost, on whichever branch they are."""
    cost = col(MessageRow.cost_usd)
    total_usd, priced, ended = session.exec(
        select(func.coalesce(func.sum(cost), 0.0), func.count(cost), func.count()).where(
            col(MessageRow.conversation_id) == conversation_id,
            col(MessageRow.role) == "assistant",
            col(MessageRow.status).not_in(ALIVE),
        )
    ).one()
    return Spending(float(total_usd), priced, ended - priced)


def _roots_of(conversation_id: str) -> str:
    """A key that no message id can be: an id holds no colon."""
    return f"roots:{conversation_id}"
