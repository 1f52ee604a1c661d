"""Questions about the tree of messages, as statements. Knows rows; asks nobody's permission.

The statements are built once: to build one takes longer than to ask it. They read plain rows
and not entities, for nothing that is read here is changed through what was read.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select, text
from sqlmodel import Session

from chat.core.errors import NotFound
from chat.core.messages import ALIVE
from chat.core.ports import Spending
from storage.rows import MESSAGE_COLUMNS, AnyRow
from storage.tables import ALIVE_SQL, MESSAGE

NO_MESSAGE = "There is no such message."

WHOLE = 2**31 - 1
"""A limit that no branch reaches."""


def message_row(session: Session, message_id: str) -> AnyRow:
    """One message. Raises: NotFound."""
    row = session.execute(_MESSAGE, {"message_id": message_id}).one_or_none()
    if row is None:
        raise NotFound(NO_MESSAGE)
    return row


def branch_rows(session: Session, leaf_id: str, limit: int | None) -> Sequence[AnyRow]:
    """The way from the root to a leaf, oldest first; with a limit, only its last rows are read.

    Raises: NotFound.
    """
    asked = {"leaf_id": leaf_id, "limit": WHOLE if limit is None else limit}
    rows = session.execute(_BRANCH, asked).all()
    if not rows:
        raise NotFound(NO_MESSAGE)
    return rows


def newest_child(session: Session, message_id: str) -> AnyRow | None:
    """The child that came last."""
    return session.execute(_NEWEST_CHILD, {"message_id": message_id}).one_or_none()


def newest_seq(session: Session) -> int:
    """The place of the newest message in the order of arrival; 0 where there is none."""
    return int(session.execute(_NEWEST_SEQ).scalar_one())


def client_row(session: Session, conversation_id: str, client_id: str) -> AnyRow | None:
    """The user message that the browser named so."""
    asked = {"conversation_id": conversation_id, "client_id": client_id}
    return session.execute(_OF_CLIENT, asked).one_or_none()


def unfinished_rows(session: Session) -> Sequence[AnyRow]:
    """Messages still queued or streaming, oldest first."""
    return session.execute(_UNFINISHED).all()


def newest_leaf(session: Session, message_id: str) -> str:
    """From a message down, always by the newest child. Raises: NotFound."""
    leaf = session.execute(_NEWEST_LEAF, {"message_id": message_id}).scalar_one_or_none()
    if leaf is None:
        raise NotFound(NO_MESSAGE)
    return str(leaf)


def siblings(session: Session, message_ids: Sequence[str]) -> dict[str, list[str]]:
    """For each message, all children of its parent, oldest first. Raises: NotFound."""
    broods: dict[str, list[str]] = {}
    for statement in (_SIBLINGS, _ROOTS):
        asked = [message_id for message_id in message_ids if message_id not in broods]
        if asked:
            for message_id, sibling_id in session.execute(statement, {"message_ids": asked}):
                broods.setdefault(message_id, []).append(sibling_id)
    if not broods.keys() >= set(message_ids):
        raise NotFound(NO_MESSAGE)
    return broods


def spending(session: Session, conversation_id: str) -> Spending:
    """What the ended replies of a conversation cost, on whichever branch they are."""
    asked = {"conversation_id": conversation_id}
    total_usd, priced, ended = session.execute(_SPENDING, asked).one()
    return Spending(float(total_usd), priced, ended - priced)


def _branch() -> Select[*tuple[Any, ...]]:
    columns = MESSAGE.c
    way = (
        select(columns.seq, columns.parent_id, literal(1).label("height"))
        .where(columns.id == bindparam("leaf_id"))
        .cte("way", recursive=True)
    )
    above = MESSAGE.alias()
    step = select(above.c.seq, above.c.parent_id, way.c.height + 1).where(
        above.c.id == way.c.parent_id, way.c.height < bindparam("limit")
    )
    way = way.union_all(step)
    return (
        select(*MESSAGE_COLUMNS).join(way, columns.seq == way.c.seq).order_by(way.c.height.desc())
    )


def _newest_leaf() -> Select[*tuple[Any, ...]]:
    way = (
        select(MESSAGE.c.id, literal(1).label("depth"))
        .where(MESSAGE.c.id == bindparam("message_id"))
        .cte("way", recursive=True)
    )
    child, rival = MESSAGE.alias(), MESSAGE.alias()
    newest = (
        select(func.max(rival.c.seq))
        .where(rival.c.parent_id == way.c.id)
        .correlate(way)
        .scalar_subquery()
    )
    step = (
        select(child.c.id, way.c.depth + 1)
        .join(way, child.c.parent_id == way.c.id)
        .where(child.c.seq == newest)
    )
    way = way.union_all(step)
    return select(way.c.id).order_by(way.c.depth.desc()).limit(1)


def _siblings(*, roots: bool) -> Select[*tuple[Any, ...]]:
    """Pairs of a message and a sibling of it: of messages with a parent, or of those without."""
    asked, sibling = MESSAGE.alias(), MESSAGE.alias()
    together: tuple[ColumnElement[bool], ...] = (sibling.c.parent_id == asked.c.parent_id,)
    if roots:
        together = (
            sibling.c.conversation_id == asked.c.conversation_id,
            sibling.c.parent_id.is_(None),
            asked.c.parent_id.is_(None),
        )
    return (
        select(asked.c.id, sibling.c.id)
        .where(asked.c.id.in_(bindparam("message_ids", expanding=True)), *together)
        .order_by(sibling.c.seq)
    )


_MESSAGE = select(*MESSAGE_COLUMNS).where(MESSAGE.c.id == bindparam("message_id"))
_BRANCH = _branch()
_NEWEST_SEQ = select(func.coalesce(func.max(MESSAGE.c.seq), 0))
_NEWEST_CHILD = (
    select(*MESSAGE_COLUMNS)
    .where(MESSAGE.c.parent_id == bindparam("message_id"))
    .order_by(MESSAGE.c.seq.desc())
    .limit(1)
)
_OF_CLIENT = select(*MESSAGE_COLUMNS).where(
    MESSAGE.c.conversation_id == bindparam("conversation_id"),
    MESSAGE.c.client_id == bindparam("client_id"),
)
_UNFINISHED = (
    select(*MESSAGE_COLUMNS)
    # Word for word as the index has it, or SQLite would read every message.
    .where(text(ALIVE_SQL))
    .order_by(MESSAGE.c.seq)
)
_NEWEST_LEAF = _newest_leaf()
_SPENDING = select(
    func.coalesce(func.sum(MESSAGE.c.cost_usd), 0.0), func.count(MESSAGE.c.cost_usd), func.count()
).where(
    MESSAGE.c.conversation_id == bindparam("conversation_id"),
    MESSAGE.c.role == "assistant",
    MESSAGE.c.status.not_in(ALIVE),
)
_SIBLINGS = _siblings(roots=False)
_ROOTS = _siblings(roots=True)
