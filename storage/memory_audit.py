"""The audit log in a list: gone when the program ends."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chat.core.audit import AuditEntry, AuditQuery


class MemoryAudit:
    """The port ``AuditLog`` in memory. One lock, so each call is whole."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._entries: dict[str, AuditEntry] = {}

    def add(self, entry: AuditEntry) -> None:
        """Keep a new entry."""
        with self._lock:
            self._entries[entry.id] = entry

    def entries(
        self, query: AuditQuery, limit: int, before: AuditEntry | None = None
    ) -> Sequence[AuditEntry]:
        """The newest first."""
        with self._lock:
            found = sorted(self._entries.values(), key=_place, reverse=True)
        wanted = [
            each
            for each in found
            if query.act in ("", each.act)
            and query.person in ("", each.actor, each.subject)
            and (query.since is None or each.at >= query.since)
            and (query.until is None or each.at < query.until)
            and (before is None or _place(each) < _place(before))
        ]
        return wanted[:limit]

    def entry(self, entry_id: str) -> AuditEntry | None:
        """One by its id."""
        with self._lock:
            return self._entries.get(entry_id)

    def forget_before(self, moment: datetime) -> int:
        """Forget what is older."""
        with self._lock:
            gone = [each.id for each in self._entries.values() if each.at < moment]
            for entry_id in gone:
                del self._entries[entry_id]
            return len(gone)

    def rename(self, person_id: str, pseudonym: str) -> None:
        """What somebody did, and what was done to them, stands under another name."""
        with self._lock:
            for each in self._entries.values():
                if person_id in (each.actor, each.subject):
                    facts = {name: fact for name, fact in each.facts.items() if name != "groups"}
                    each = replace(each, facts=facts)
                if each.actor == person_id and not each.subject:
                    each = replace(each, subject_name="")
                if each.actor == person_id:
                    each = replace(each, actor=pseudonym, actor_name=pseudonym, address="")
                if each.subject == person_id:
                    each = replace(each, subject=pseudonym, subject_name=pseudonym)
                self._entries[each.id] = each


def _place(entry: AuditEntry) -> tuple[datetime, str]:
    return entry.at, entry.id
