"""The audit log in the database of the conversations."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Engine

from chat.core.audit import AuditEntry, AuditQuery
from storage.transaction import Row, Transaction, moment_of, transaction


class SqlAudit:
    """The port ``AuditLog`` on a migrated database. Each call is one transaction."""

    def __init__(self, engine: Engine, turn: Callable[[], AbstractContextManager[float]]) -> None:
        """``turn`` is that of the store of conversations: one queue of writers for a database."""
        self._engine = engine
        self._turn = turn

    def add(self, entry: AuditEntry) -> None:
        """Keep a new entry."""
        with self._writing() as writing:
            writing.run(
                _ADD,
                id=entry.id,
                at=writing.moment(entry.at),
                act=entry.act,
                actor=entry.actor,
                actor_name=plain(entry.actor_name),
                subject=plain(entry.subject),
                subject_name=plain(entry.subject_name),
                address=plain(entry.address),
                facts=json.dumps(dict(entry.facts)),
            )

    def entries(
        self, query: AuditQuery, limit: int, before: AuditEntry | None = None
    ) -> Sequence[AuditEntry]:
        """The newest first."""
        with transaction(self._engine) as reading:
            values: dict[str, object] = {"most": limit}
            wanted = ["1 = 1"]
            if query.act:
                wanted.append("act = :act")
                values["act"] = query.act
            if query.person:
                wanted.append("(actor = :person OR subject = :person)")
                values["person"] = query.person
            if query.since is not None:
                wanted.append("at >= :since")
                values["since"] = reading.moment(query.since)
            if query.until is not None:
                wanted.append("at < :until")
                values["until"] = reading.moment(query.until)
            if before is not None:
                wanted.append("(at < :last_at OR (at = :last_at AND id < :last_id))")
                values |= {"last_at": reading.moment(before.at), "last_id": before.id}
            where = " AND ".join(wanted)
            statement = f"{_ENTRIES} WHERE {where} ORDER BY at DESC, id DESC LIMIT :most"
            return [_entry(row) for row in reading.rows(statement, **values)]

    def entry(self, entry_id: str) -> AuditEntry | None:
        """One by its id."""
        with transaction(self._engine) as reading:
            row = reading.row(f"{_ENTRIES} WHERE id = :id", id=entry_id)
            return None if row is None else _entry(row)

    def forget_before(self, moment: datetime) -> int:
        """Forget what is older."""
        with self._writing() as writing:
            at = writing.moment(moment)
            return writing.run("DELETE FROM audit_entry WHERE at < :at", at=at)

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self._turn() as patience_s, transaction(self._engine, patience_s) as writing:
            yield writing


def plain(text: str) -> str:
    """What every database takes as it is."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _entry(row: Row) -> AuditEntry:
    entry_id, at, act, actor, actor_name, subject, subject_name, address, facts = row
    return AuditEntry(
        act, actor, actor_name, subject, subject_name, address, json.loads(facts), moment_of(at),
        entry_id,
    )  # fmt: skip


_COLUMNS = (
    "id", "at", "act", "actor", "actor_name", "subject", "subject_name", "address", "facts",
)  # fmt: skip
_ADD = f"""
    INSERT INTO audit_entry ({", ".join(_COLUMNS)})
    VALUES ({", ".join(f":{name}" for name in _COLUMNS)})
"""
_ENTRIES = f"SELECT {', '.join(_COLUMNS)} FROM audit_entry"
