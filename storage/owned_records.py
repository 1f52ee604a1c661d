"""What owners keep beside their conversations, as statements inside a transaction."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chat.core.errors import NotFound, TooMany
from chat.core.messages import now
from chat.core.parts import Json
from chat.core.ports import FAVOURITE, USED, OwnedRecord
from storage.transaction import Row, Transaction, moment_of

log = logging.getLogger(__name__)

NO_PICTURE = "There is no such picture."


def records(reading: Transaction, owner: str, kind: str) -> list[OwnedRecord]:
    """An owner's records of a kind, longest unchanged first."""
    pictures: dict[str, list[str]] = {}
    for record_id, sha256 in reading.rows(_PICTURES, owner=owner, kind=kind):
        pictures.setdefault(record_id, []).append(sha256)
    rows = reading.rows(_ALL, owner=owner, kind=kind)
    return [_record(kind, row, pictures.get(row[0], [])) for row in rows]


def record(reading: Transaction, owner: str, kind: str, record_id: str) -> OwnedRecord | None:
    """What ``Conversations.record`` promises."""
    name = {"owner": owner, "kind": kind, "id": record_id}
    return _held(reading, reading.row(_ONE, **name), name)


def keep_record(
    writing: Transaction,
    owner: str,
    kind: str,
    record_id: str,
    alter: Callable[[OwnedRecord | None], OwnedRecord | None],
    most: int | None,
) -> OwnedRecord | None:
    """What ``Conversations.keep_record`` promises."""
    name = {"owner": owner, "kind": kind, "id": record_id}
    if most is not None:
        # Or two that are added at once would each be the last for which there is room.
        writing.alone(f"{kind} of {owner}")
    held = _held(writing, writing.lock(_ONE, **name), name)
    wanted = alter(held)
    if wanted is None:
        writing.run(_FORGET, **name)
        return None
    if held is None and most is not None:
        ((count,),) = writing.rows(_COUNT, owner=owner, kind=kind)
        if count >= most:
            raise TooMany(f"There are {most} already.")
    if wanted.conversation_id and (held is None or held.conversation_id != wanted.conversation_id):
        theirs = {"owner": owner, "conversation_id": wanted.conversation_id}
        if writing.row(_THEIRS, **theirs) is None:
            raise NotFound("There is no such conversation.")
    kept = replace(wanted, kind=kind, id=record_id, changed_at=now())
    known = () if held is None else held.pictures
    # What was kept may have been deleted since: it comes back in its place if that is undone.
    for sha256 in set(kept.pictures).difference(known):
        if writing.row(_GRANTED, owner=owner, sha256=sha256) is None:
            raise NotFound(NO_PICTURE)
    moment = writing.moment(kept.changed_at)
    writing.run(
        _KEEP,
        value=_text(kept.value),
        changed_at=moment,
        conversation_id=kept.conversation_id or None,
        **name,
    )
    if held is None or held.pictures != kept.pictures:
        writing.run(_UNLINK, **name)
        for position, sha256 in enumerate(kept.pictures):
            writing.run(_LINK, position=position, sha256=sha256, **name)
    return kept


def note_use(writing: Transaction, conversation_id: str) -> None:
    """Note that a conversation is used now, if it is there and not in the bin."""
    writing.run(_USED, conversation_id=conversation_id, moment=writing.moment(now()))


def forget_unused(writing: Transaction, before: datetime) -> None:
    """Remove what was said, before then, of pictures that nothing else names any more."""
    writing.run(_FORGET_UNUSED, before=writing.moment(before))


def _held(reading: Transaction, row: Row | None, name: dict[str, str]) -> OwnedRecord | None:
    if row is None:
        return None
    pictures = [sha256 for (sha256,) in reading.rows(_PICTURES_OF_ONE, **name)]
    return _record(name["kind"], row, pictures)


def _record(kind: str, row: Row, pictures: list[str]) -> OwnedRecord:
    record_id, value, changed_at, conversation_id = row
    return OwnedRecord(
        kind,
        record_id,
        _value(value),
        tuple(pictures),
        moment_of(changed_at),
        conversation_id or "",
    )


def _text(value: Json) -> str:
    # Pure ASCII: what no database takes as it is, it takes escaped.
    return json.dumps(value, separators=(",", ":"))


def _value(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        log.warning("a stored record is damaged, and read as empty: %s", error)
        return None


_ALL = """
    SELECT id, value, changed_at, conversation_id FROM owned_record
    WHERE owner = :owner AND kind = :kind ORDER BY changed_at, id
"""
_ONE = """
    SELECT id, value, changed_at, conversation_id FROM owned_record
    WHERE owner = :owner AND kind = :kind AND id = :id
"""
_PICTURES = """
    SELECT record_id, sha256 FROM owned_record_media AS r
    WHERE owner = :owner AND kind = :kind AND NOT EXISTS (
        SELECT 1 FROM media_grant AS g
        WHERE g.owner = r.owner AND g.sha256 = r.sha256 AND g.withdrawn_at IS NOT NULL
    ) ORDER BY record_id, position
"""
_PICTURES_OF_ONE = """
    SELECT sha256 FROM owned_record_media
    WHERE owner = :owner AND kind = :kind AND record_id = :id ORDER BY position
"""
_FORGET = "DELETE FROM owned_record WHERE owner = :owner AND kind = :kind AND id = :id"
_KEEP = """
    INSERT INTO owned_record (owner, kind, id, value, changed_at, conversation_id)
    VALUES (:owner, :kind, :id, :value, :changed_at, :conversation_id)
    ON CONFLICT (owner, kind, id)
    DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at,
        conversation_id = excluded.conversation_id
"""
_USED = f"""
    INSERT INTO owned_record (owner, kind, id, value, changed_at, conversation_id)
    SELECT owner, '{USED}', id, 'null', :moment, id FROM conversation
    WHERE id = :conversation_id AND deleted_at IS NULL
    ON CONFLICT (owner, kind, id) DO UPDATE SET changed_at = excluded.changed_at
"""
_COUNT = "SELECT count(*) FROM owned_record WHERE owner = :owner AND kind = :kind"
_THEIRS = "SELECT 1 FROM conversation WHERE id = :conversation_id AND owner = :owner"
_FORGET_UNUSED = f"""
    DELETE FROM owned_record AS r
    WHERE kind <> '{FAVOURITE}' AND changed_at < :before
        AND NOT EXISTS (SELECT 1 FROM message_media AS m WHERE m.sha256 = r.id)
        AND EXISTS (
            SELECT 1 FROM owned_record_media AS own
            WHERE own.owner = r.owner AND own.kind = r.kind AND own.record_id = r.id
                AND own.sha256 = r.id
        )
        AND NOT EXISTS (
            SELECT 1 FROM owned_record_media AS other
            WHERE other.sha256 = r.id
                AND (other.record_id <> other.sha256 OR other.kind = '{FAVOURITE}')
        )
"""
_UNLINK = """
    DELETE FROM owned_record_media WHERE owner = :owner AND kind = :kind AND record_id = :id
"""
_LINK = """
    INSERT INTO owned_record_media (owner, kind, record_id, position, sha256)
    VALUES (:owner, :kind, :id, :position, :sha256)
"""
_GRANTED = """
    SELECT 1 FROM media_grant
    WHERE owner = :owner AND sha256 = :sha256 AND withdrawn_at IS NULL
"""
