"""People and their sessions in the database of the conversations."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from chat.core.errors import Conflict, NotFound, OwnerGone
from chat.core.people import By, Person, Session, must_be_kept
from storage.transaction import Row, Transaction, moment_of, transaction

NAME_TAKEN = "Somebody has that name already."
IDENTITY_TAKEN = "The provider signs in somebody else here already."
NOBODY = "There is nobody of that name."
GONE = "Whoever this would belong to was removed for good."
LAST_ADMINISTRATOR = "Somebody has to stay administrator."


class SqlPeople:
    """The port ``People`` on a migrated database. Each call is one transaction."""

    def __init__(self, engine: Engine, turn: Callable[[], AbstractContextManager[float]]) -> None:
        """``turn`` is that of the store of conversations: one queue of writers for a database."""
        self._engine = engine
        self._turn = turn

    def add(self, person: Person) -> None:
        """Add somebody."""
        with self._writing() as writing:
            # Or two at once would each find the name free.
            writing.alone(PEOPLE)
            taken = writing.row("SELECT 1 FROM person WHERE id = :id", id=person.id)
            if taken is not None:
                raise Conflict(NAME_TAKEN)
            _require_free(writing, person)
            writing.run(_ADD, **_values(writing, person))

    def change(
        self,
        person_id: str,
        alter: Callable[[Person], Person],
        *,
        keeps_administrator: bool = False,
        by: By | None = None,
    ) -> Person:
        """Alter somebody; as they are kept now."""
        with self._writing() as writing:
            writing.alone(PEOPLE)
            row = writing.row(f"{_PERSON} WHERE id = :id", id=person_id)
            if row is None:
                raise NotFound(NOBODY)
            held = _person(row)
            if by is not None:
                asker = writing.row(f"{_PERSON} WHERE id = :id", id=by[0])
                if asker is None:
                    raise NotFound(NOBODY)
                by[1](_person(asker), held)
            altered = replace(alter(held), id=person_id)
            _require_free(writing, altered)
            writing.run(_CHANGE, **_values(writing, altered))
            if keeps_administrator and held.looks_after_all:
                require_administrator(writing)
            kept = writing.row(f"{_PERSON} WHERE id = :id", id=person_id)
            assert kept is not None, "it is held by this transaction"
            return _person(kept)

    def remove(self, person_id: str) -> None:
        """Forget somebody with their sessions."""
        with self._writing() as writing:
            forget(writing, person_id)

    def person(self, person_id: str) -> Person | None:
        """Somebody by their id."""
        return self._one("id = :value", person_id)

    def by_name(self, name: str) -> Person | None:
        """Somebody by the name under which they sign in."""
        return self._one("name = :value", name.lower()) if name else None

    def by_invitation(self, invitation: str) -> Person | None:
        """Somebody by the sha256 of their invitation."""
        return self._one("invitation = :value", invitation) if invitation else None

    def by_identity(self, identity: str) -> Person | None:
        """Somebody by the sha256 of what a provider of identities knows them by."""
        return self._one("identity = :value", identity) if identity else None

    def everybody(self) -> list[Person]:
        """All there are, the first first."""
        with transaction(self._engine) as reading:
            return [_person(row) for row in reading.rows(f"{_PERSON} ORDER BY created_at, id")]

    def groups(self) -> list[str]:
        """The groups that anybody is in, sorted."""
        with transaction(self._engine) as reading:
            rows = reading.rows(_GROUPS)
        return sorted({name for row in rows for kept in row for name in _groups(kept)})

    def begin(self, session: Session) -> None:
        """Keep a new session."""
        with self._writing() as writing:
            known = writing.lock("SELECT 1 FROM person WHERE id = :id", id=session.person_id)
            if known is None:
                raise NotFound(NOBODY)
            writing.run(
                _BEGIN,
                id=session.id,
                person_id=session.person_id,
                created_at=writing.moment(session.created_at),
                seen_at=writing.moment(session.seen_at),
                ends_at=writing.moment(session.ends_at),
            )

    def session(self, session_id: str) -> tuple[Session, Person] | None:
        """A session and whose it is."""
        with transaction(self._engine) as reading:
            row = reading.row(_SESSION, id=session_id)
        return None if row is None else (_session(row[:5]), _person(row[5:]))

    def sessions(self, person_id: str) -> list[Session]:
        """The sessions of somebody, last used first."""
        with transaction(self._engine) as reading:
            return [_session(row) for row in reading.rows(_SESSIONS, person_id=person_id)]

    def seen(self, session_id: str, at: datetime) -> None:
        """Remember when a session was last used."""
        with self._writing() as writing:
            moment = writing.moment(at)
            writing.run("UPDATE login_session SET seen_at = :at WHERE id = :id AND seen_at < :at",
                        id=session_id, at=moment)  # fmt: skip

    def end(self, session_id: str) -> None:
        """Forget a session."""
        with self._writing() as writing:
            writing.run("DELETE FROM login_session WHERE id = :id", id=session_id)

    def end_all(self, person_id: str, but: str = "") -> list[str]:
        """Forget the sessions of somebody, but for one."""
        with self._writing() as writing:
            rows = writing.rows(_OTHERS, person_id=person_id, but=but)
            writing.run(
                "DELETE FROM login_session WHERE person_id = :person_id AND id <> :but",
                person_id=person_id,
                but=but,
            )
            return [str(row[0]) for row in rows]

    def end_over(self, moment: datetime) -> int:
        """Forget the sessions whose time was over at a moment."""
        with self._writing() as writing:
            at = writing.moment(moment)
            return writing.run("DELETE FROM login_session WHERE ends_at <= :at", at=at)

    def _one(self, condition: str, value: str) -> Person | None:
        with transaction(self._engine) as reading:
            row = reading.row(f"{_PERSON} WHERE {condition}", value=value)
            return None if row is None else _person(row)

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self._turn() as patience_s, transaction(self._engine, patience_s) as writing:
            yield writing


PEOPLE = "people"
"""What transactions ask for that must see everybody as they are."""


def hold_owner(writing: Transaction, owner: str, *, people_apart: bool) -> None:
    """Have an owner stay until this transaction ends; it adds to what is theirs.

    Raises ``OwnerGone`` where they were removed.
    """
    held = writing.hold("SELECT 1 FROM person WHERE id = :id", id=owner)
    if held is None and must_be_kept(owner, people_apart=people_apart):
        raise OwnerGone(GONE)


def require_administrator(writing: Transaction) -> None:
    """Raises ``Conflict`` where nobody is left who is an administrator and may sign in."""
    if writing.row(_ADMINISTRATOR) is None:
        raise Conflict(LAST_ADMINISTRATOR)


def forget(writing: Transaction, person_id: str) -> None:
    """Forget somebody with their sessions and keys, and what they share."""
    writing.run("DELETE FROM share WHERE owner = :id", id=person_id)
    writing.run("DELETE FROM person WHERE id = :id", id=person_id)


def _require_free(writing: Transaction, person: Person) -> None:
    if person.name and writing.row(_TAKEN, id=person.id, name=person.name.lower()) is not None:
        raise Conflict(NAME_TAKEN)
    if person.invitation and (
        writing.row(_INVITED, id=person.id, invitation=person.invitation) is not None
    ):
        raise Conflict(NAME_TAKEN)
    if person.identity and (
        writing.row(_IDENTIFIED, id=person.id, identity=person.identity) is not None
    ):
        raise Conflict(IDENTITY_TAKEN)


def _values(writing: Transaction, person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        # What must be unique is nothing where there is none.
        "name": person.name.lower() or None,
        "title": _plain(person.title),
        "role": person.role,
        "password": person.password,
        "invitation": person.invitation or None,
        "invited_until": writing.moment(person.invited_until),
        "created_at": writing.moment(person.created_at),
        "ends_at": writing.moment(person.ends_at),
        "disabled_at": writing.moment(person.disabled_at),
        "identity": person.identity or None,
        "told_groups": _list(person.told_groups),
        "given_groups": _list(person.given_groups),
    }


def _list(names: tuple[str, ...]) -> str | None:
    return json.dumps(names) if names else None


def _groups(stored: str | None) -> tuple[str, ...]:
    return tuple(json.loads(stored)) if stored else ()


def _plain(text: str) -> str:
    """What every database takes as it is."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def person_columns(table: str) -> str:
    """What :func:`person_of` reads, of a table of this name in a statement."""
    return ", ".join(f"{table}.{name}" for name in _COLUMNS)


def person_of(row: Row) -> Person:
    """Somebody, from those columns."""
    return _person(row)


def _person(row: Row) -> Person:
    person_id, name, title, role, password, invitation, *moments, identity, told, given = row
    invited_until, created_at, ends_at, disabled_at = map(moment_of, moments)
    return Person(
        person_id, name or "", title, role, password, invitation or "", invited_until, created_at,
        ends_at, disabled_at, identity or "", _groups(told), _groups(given),
    )  # fmt: skip


def _session(row: Row) -> Session:
    session_id, person_id, *moments = row
    ends_at, created_at, seen_at = map(moment_of, moments)
    return Session(session_id, person_id, ends_at, created_at, seen_at)


_COLUMNS = (
    "id", "name", "title", "role", "password", "invitation", "invited_until", "created_at",
    "ends_at", "disabled_at", "identity", "told_groups", "given_groups",
)  # fmt: skip
_PERSON = f"SELECT {', '.join(_COLUMNS)} FROM person"
_ADD = f"""
    INSERT INTO person ({", ".join(_COLUMNS)})
    VALUES ({", ".join(f":{name}" for name in _COLUMNS)})
"""
_CHANGE = f"""
    UPDATE person SET {", ".join(f"{name} = :{name}" for name in _COLUMNS[1:])} WHERE id = :id
"""
_TAKEN = "SELECT 1 FROM person WHERE name = :name AND id <> :id"
_INVITED = "SELECT 1 FROM person WHERE invitation = :invitation AND id <> :id"
_IDENTIFIED = "SELECT 1 FROM person WHERE identity = :identity AND id <> :id"
_GROUPS = """
    SELECT told_groups, given_groups FROM person
    WHERE told_groups IS NOT NULL OR given_groups IS NOT NULL
"""
_ADMINISTRATOR = """
    SELECT 1 FROM person
    WHERE role = 'administrator' AND disabled_at IS NULL
        AND (password <> '' OR identity IS NOT NULL)
"""
_BEGIN = """
    INSERT INTO login_session (id, person_id, created_at, seen_at, ends_at)
    VALUES (:id, :person_id, :created_at, :seen_at, :ends_at)
"""
_SESSION = f"""
    SELECT s.id, s.person_id, s.ends_at, s.created_at, s.seen_at,
        {", ".join(f"p.{name}" for name in _COLUMNS)}
    FROM login_session AS s JOIN person AS p ON p.id = s.person_id WHERE s.id = :id
"""
_SESSIONS = """
    SELECT id, person_id, ends_at, created_at, seen_at FROM login_session
    WHERE person_id = :person_id ORDER BY seen_at DESC, id
"""
_OTHERS = "SELECT id FROM login_session WHERE person_id = :person_id AND id <> :but"
