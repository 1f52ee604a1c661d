"""People and their sessions in dictionaries: gone when the program ends."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from chat.core.errors import Conflict, NotFound, OwnerGone
from chat.core.people import By, Person, Session, must_be_kept
from storage.sql_people import GONE, IDENTITY_TAKEN, LAST_ADMINISTRATOR, NAME_TAKEN, NOBODY


class MemoryPeople:
    """The port ``People`` in memory. One lock, so each call is whole."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._people: dict[str, Person] = {}
        self._sessions: dict[str, Session] = {}
        self.people_apart = False
        """Whether nobody else but people and keys of the host has anything."""
        self.when_gone: list[Callable[[str], None]] = []
        """Told the id of whoever is forgotten."""

    def add(self, person: Person) -> None:
        """Add somebody."""
        with self._lock:
            if person.id in self._people:
                raise Conflict(NAME_TAKEN)
            self._require_free(person)
            self._people[person.id] = replace(person, name=person.name.lower())

    def change(
        self,
        person_id: str,
        alter: Callable[[Person], Person],
        *,
        keeps_administrator: bool = False,
        by: By | None = None,
    ) -> Person:
        """Alter somebody; as they are kept now."""
        with self._lock:
            if person_id not in self._people:
                raise NotFound(NOBODY)
            held = self._people[person_id]
            if by is not None:
                if by[0] not in self._people:
                    raise NotFound(NOBODY)
                by[1](self._people[by[0]], held)
            altered = alter(held)
            altered = replace(altered, id=person_id, name=altered.name.lower())
            self._require_free(altered)
            everybody = {**self._people, person_id: altered}
            if keeps_administrator and held.looks_after_all:
                _require_administrator(everybody.values())
            self._people = everybody
            return altered

    def require_owner(self, owner: str) -> None:
        """Raises ``OwnerGone`` where an owner was removed."""
        kept = self.person(owner) is not None
        if not kept and must_be_kept(owner, people_apart=self.people_apart):
            raise OwnerGone(GONE)

    def require_another_administrator(self, person_id: str) -> None:
        """Raises ``Conflict`` where somebody is the last who looks after all."""
        with self._lock:
            person = self._people.get(person_id)
            if person is not None and person.looks_after_all:
                _require_administrator(
                    each for each in self._people.values() if each.id != person_id
                )

    def remove(self, person_id: str) -> None:
        """Forget somebody with their sessions, and what they share."""
        with self._lock:
            self._people.pop(person_id, None)
            self.end_all(person_id)
        for tell in self.when_gone:
            tell(person_id)

    def person(self, person_id: str) -> Person | None:
        """Somebody by their id."""
        with self._lock:
            return self._people.get(person_id)

    def by_name(self, name: str) -> Person | None:
        """Somebody by the name under which they sign in."""
        return self._one(lambda person: person.name == name.lower()) if name else None

    def by_invitation(self, invitation: str) -> Person | None:
        """Somebody by the sha256 of their invitation."""
        return self._one(lambda person: person.invitation == invitation) if invitation else None

    def by_identity(self, identity: str) -> Person | None:
        """Somebody by the sha256 of what a provider of identities knows them by."""
        return self._one(lambda person: person.identity == identity) if identity else None

    def everybody(self) -> list[Person]:
        """All there are, the first first."""
        with self._lock:
            return sorted(self._people.values(), key=lambda each: (each.created_at, each.id))

    def groups(self) -> list[str]:
        """The groups that anybody is in, sorted."""
        with self._lock:
            return sorted({name for each in self._people.values() for name in each.groups})

    def begin(self, session: Session) -> None:
        """Keep a new session."""
        with self._lock:
            if session.person_id not in self._people:
                raise NotFound(NOBODY)
            self._sessions[session.id] = session

    def session(self, session_id: str) -> tuple[Session, Person] | None:
        """A session and whose it is."""
        with self._lock:
            found = self._sessions.get(session_id)
            return None if found is None else (found, self._people[found.person_id])

    def sessions(self, person_id: str) -> list[Session]:
        """The sessions of somebody, last used first."""
        with self._lock:
            own = [each for each in self._sessions.values() if each.person_id == person_id]
            return sorted(sorted(own, key=lambda s: s.id), key=lambda s: s.seen_at, reverse=True)

    def seen(self, session_id: str, at: datetime) -> None:
        """Remember when a session was last used."""
        with self._lock:
            found = self._sessions.get(session_id)
            if found is not None and found.seen_at < at:
                self._sessions[session_id] = replace(found, seen_at=at)

    def end(self, session_id: str) -> None:
        """Forget a session."""
        with self._lock:
            self._sessions.pop(session_id, None)

    def end_all(self, person_id: str, but: str = "") -> list[str]:
        """Forget the sessions of somebody, but for one."""
        with self._lock:
            own = (each for each in self._sessions.values() if each.person_id == person_id)
            ended = [each.id for each in own if each.id != but]
            for session_id in ended:
                del self._sessions[session_id]
            return ended

    def end_over(self, moment: datetime) -> int:
        """Forget the sessions whose time was over at a moment."""
        with self._lock:
            over = [each.id for each in self._sessions.values() if each.ends_at <= moment]
            for session_id in over:
                del self._sessions[session_id]
            return len(over)

    def _require_free(self, person: Person) -> None:
        others = [each for each in self._people.values() if each.id != person.id]
        if person.name and person.name.lower() in {each.name for each in others}:
            raise Conflict(NAME_TAKEN)
        if person.invitation and person.invitation in {each.invitation for each in others}:
            raise Conflict(NAME_TAKEN)
        if person.identity and person.identity in {each.identity for each in others}:
            raise Conflict(IDENTITY_TAKEN)

    def _one(self, fits: Callable[[Person], bool]) -> Person | None:
        with self._lock:
            return next(filter(fits, self._people.values()), None)


def _require_administrator(people: Iterable[Person]) -> None:
    if not any(each.looks_after_all for each in people):
        raise Conflict(LAST_ADMINISTRATOR)
