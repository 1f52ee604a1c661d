"""All that a database keeps of one owner, and its end for good, as statements in a transaction."""

import json

from chat.core.parts import MediaRef
from chat.core.ports import OwnedRecord, OwnedThings, RemovedOwner
from chat.core.spending import person_subject
from storage import owned_records
from storage.rows import CONVERSATION_COLUMNS, from_conversation_row
from storage.sql_people import (
    PEOPLE,
    forget,
    person_columns,
    person_of,
    require_administrator,
)
from storage.transaction import Transaction


def everything(reading: Transaction, owner: str) -> OwnedThings:
    """What ``Conversations.everything`` promises."""
    conversations = [
        from_conversation_row(row) for row in reading.rows(_CONVERSATIONS, owner=owner)
    ]
    records: list[OwnedRecord] = []
    for (kind,) in reading.rows(_KINDS, owner=owner):
        held = owned_records.records(reading, owner, kind)
        records += sorted(held, key=lambda each: each.id)
    return OwnedThings(
        conversations, records, [MediaRef(*row) for row in reading.rows(_MEDIA, owner=owner)]
    )


def remove_owner(writing: Transaction, owner: str, pseudonym: str) -> RemovedOwner:
    """What ``Conversations.remove_owner`` promises."""
    writing.alone(PEOPLE)
    # Whoever adds to what is theirs holds the person, or a conversation of theirs.
    row = writing.lock(f"SELECT {person_columns('person')} FROM person WHERE id = :id", id=owner)
    keeps_administrator = row is not None and person_of(row).looks_after_all
    writing.overwrite()
    theirs = [row[0] for row in writing.rows(_GRANTED, owner=owner)]
    names = {"owner": owner, "pseudonym": pseudonym}
    writing.run("DELETE FROM owned_record WHERE owner = :owner", owner=owner)
    conversations = writing.run("DELETE FROM conversation WHERE owner = :owner", owner=owner)
    writing.run("DELETE FROM media_grant WHERE owner = :owner", owner=owner)
    writing.run("DELETE FROM spending_limit WHERE subject = :s", s=person_subject(owner))
    _forget_groups(writing, owner)
    for statement in _RENAMED:
        writing.run(statement, **names)
    forget(writing, owner)
    if keeps_administrator:
        require_administrator(writing)
    held = {row[0] for row in writing.rows(_HELD)}
    return RemovedOwner(conversations, [each for each in theirs if each not in held])


def _forget_groups(writing: Transaction, owner: str) -> None:
    """In which groups somebody was, and to which they showed something, tells who they were."""
    for entry_id, told in writing.rows(_NAMING_GROUPS, owner=owner, named='%"groups"%'):
        facts = {name: fact for name, fact in json.loads(told).items() if name != "groups"}
        writing.run(_FACTS, id=entry_id, facts=json.dumps(facts))


_NAMING_GROUPS = """
    SELECT id, facts FROM audit_entry
    WHERE (actor = :owner OR subject = :owner) AND facts LIKE :named
"""
_FACTS = "UPDATE audit_entry SET facts = :facts WHERE id = :id"
_CONVERSATIONS = f"""
    SELECT {CONVERSATION_COLUMNS} FROM conversation
    WHERE owner = :owner AND head_id IS NOT NULL ORDER BY created_at, id
"""
_KINDS = "SELECT DISTINCT kind FROM owned_record WHERE owner = :owner ORDER BY kind"
_MEDIA = """
    SELECT media.sha256, mime, size_bytes, width_px, height_px
    FROM media JOIN media_grant ON media_grant.sha256 = media.sha256
    WHERE media_grant.owner = :owner AND withdrawn_at IS NULL ORDER BY media.sha256
"""
_GRANTED = "SELECT sha256 FROM media_grant WHERE owner = :owner ORDER BY sha256"
_HELD = """
    SELECT sha256 FROM media_grant UNION SELECT sha256 FROM message_media
    UNION SELECT sha256 FROM owned_record_media
"""
_RENAMED = (
    "UPDATE spending SET owner = :pseudonym WHERE owner = :owner",
    "UPDATE usage_day SET owner = :pseudonym WHERE owner = :owner",
    # What keys and the like were called, they have named.
    "UPDATE audit_entry SET subject_name = '' WHERE actor = :owner AND subject = ''",
    """
    UPDATE audit_entry SET actor = :pseudonym, actor_name = :pseudonym, address = ''
    WHERE actor = :owner
    """,
    """
    UPDATE audit_entry SET subject = :pseudonym, subject_name = :pseudonym WHERE subject = :owner
    """,
)
