"""What is known of somebody beside what they made, as JSON: no hash of a secret is among it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

from chat.core.audit import AuditEntry, AuditLog, AuditQuery
from chat.core.people import Person
from chat.core.ports import Conversations
from chat.core.spending import person_subject

Facts: TypeAlias = Mapping[str, Any]
"""Names of files, and what is in each."""
SOMEBODY = "somebody"
"""Who did something and is not here any more, or was not known."""


def known_of(store: Conversations, owner: str, person: Person) -> Facts:
    """What is known of somebody, without what only hashes stand for; for a thread."""
    keys, sessions = store.personal_keys.of(owner), store.people.sessions(owner)
    limits = store.budgets.limits([person_subject(owner)])
    return {
        "person.json": {
            "id": owner,
            "name": person.name,
            "title": person.title,
            "role": person.role,
            "groups": list(person.groups),
            "created_at": person.created_at.isoformat(),
            "ends_at": person.ends_at.isoformat() if person.ends_at else None,
            "signed_in_until": [each.ends_at.isoformat() for each in sessions],
            "api_keys": [
                {
                    "name": each.name,
                    "scopes": list(each.scopes),
                    "created_at": each.created_at.isoformat(),
                    "used_at": each.used_at.isoformat() if each.used_at else None,
                }
                for each in keys
            ],
            "limits": {
                name: getattr(each, name)
                for each in limits.values()
                for name in each.__dataclass_fields__
                if getattr(each, name) is not None
            },
        },
        "shares.json": [
            {
                "kind": each.kind,
                "id": each.subject,
                "by_link": bool(each.token),
                "with_everybody": each.everybody,
                "with_people": len(each.people),
                "with_groups": list(each.groups),
                "created_at": each.created_at.isoformat(),
                "ends_at": each.ends_at.isoformat() if each.ends_at else None,
                "views": each.views,
            }
            for each in store.shares.of(owner)
        ],
        "usage.json": [
            {
                "day": row.day.isoformat(),
                "model": row.model,
                "replies": row.used.replies,
                "requests": row.used.calls,
                "pictures": row.used.pictures,
                "input_tokens": row.used.input_tokens,
                "output_tokens": row.used.output_tokens,
                "cost_usd": row.used.usd,
            }
            for row in store.usage.rows(date.min, date.max, owner=owner)
        ],
        "audit.json": _told(store, owner),
    }


def _entries(log: AuditLog, person_id: str) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    while some := log.entries(AuditQuery(person=person_id), 1000, found[-1] if found else None):
        found += some
    return found


def _told(store: Conversations, owner: str) -> list[dict[str, Any]]:
    """What they did, and what was done to them; of others only what they are to Easel."""
    roles = {each.id: each.role for each in store.people.everybody()}
    return [
        {
            "at": entry.at.isoformat(),
            "who": entry.actor_name if own else roles.get(entry.actor, SOMEBODY),
            "act": entry.act,
            "whom": entry.subject_name,
            "more": dict(entry.facts),
            # Whose it is says where they were: that of an administrator is for no user.
            "address": entry.address if own else "",
        }
        for entry in _entries(store.audit, owner)
        for own in [entry.actor == owner]
    ]
