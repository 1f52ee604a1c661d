"""Keys by which programs act for people, in the database of the conversations."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import cast

from sqlalchemy import Engine

from chat.core.errors import Conflict, NotFound, TooMany
from chat.core.people import Person
from chat.core.personal_keys import MAX_KEYS, PersonalKey, Scope
from storage.sql_people import NOBODY, person_columns, person_of
from storage.transaction import Row, Transaction, moment_of, transaction

NAME_USED = "You have a key of that name already."
MANY_KEYS = f"You have {MAX_KEYS} keys, as many as may be. Revoke one first."


class SqlPersonalKeys:
    """The port ``PersonalKeys`` on a migrated database. Each call is one transaction."""

    def __init__(self, engine: Engine, turn: Callable[[], AbstractContextManager[float]]) -> None:
        """``turn`` is that of the store of conversations: one queue of writers for a database."""
        self._engine = engine
        self._turn = turn

    def add(self, key: PersonalKey) -> None:
        """Keep a new one."""
        with self._writing() as writing:
            if writing.lock("SELECT 1 FROM person WHERE id = :id", id=key.person_id) is None:
                raise NotFound(NOBODY)
            held = writing.rows(
                "SELECT name FROM personal_key WHERE person_id = :id", id=key.person_id
            )
            if (key.name,) in {tuple(row) for row in held}:
                raise Conflict(NAME_USED)
            if len(held) >= MAX_KEYS:
                raise TooMany(MANY_KEYS)
            writing.run(
                _ADD,
                id=key.id,
                person_id=key.person_id,
                name=key.name,
                digest=key.digest,
                scopes=" ".join(key.scopes),
                created_at=writing.moment(key.created_at),
                ends_at=writing.moment(key.ends_at),
                used_at=writing.moment(key.used_at),
            )

    def of(self, person_id: str) -> list[PersonalKey]:
        """The keys of somebody, the first first."""
        with transaction(self._engine) as reading:
            return [_key(row) for row in reading.rows(_OF, person_id=person_id)]

    def by_digest(self, digest: str) -> tuple[PersonalKey, Person] | None:
        """A key and whose it is."""
        with transaction(self._engine) as reading:
            row = reading.row(_BY_DIGEST, digest=digest)
        return None if row is None else (_key(row[:8]), person_of(row[8:]))

    def used(self, key_id: str, at: datetime) -> None:
        """Remember when a key was last used."""
        with self._writing() as writing:
            writing.run(_USED, id=key_id, at=writing.moment(at))

    def remove(self, person_id: str, key_id: str = "") -> int:
        """Forget a key of somebody, or all of them."""
        with self._writing() as writing:
            if not key_id:
                return writing.run("DELETE FROM personal_key WHERE person_id = :p", p=person_id)
            return writing.run(
                "DELETE FROM personal_key WHERE person_id = :p AND id = :id", p=person_id, id=key_id
            )

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self._turn() as patience_s, transaction(self._engine, patience_s) as writing:
            yield writing


def _key(row: Row) -> PersonalKey:
    key_id, person_id, name, digest, scopes, *moments = row
    created_at, ends_at, used_at = map(moment_of, moments)
    given = cast("tuple[Scope, ...]", tuple(scopes.split()))
    return PersonalKey(key_id, person_id, name, digest, given, created_at, ends_at, used_at)


_NAMES = ("id", "person_id", "name", "digest", "scopes", "created_at", "ends_at", "used_at")
_ADD = f"""
    INSERT INTO personal_key ({", ".join(_NAMES)})
    VALUES ({", ".join(f":{name}" for name in _NAMES)})
"""
_OF = f"""
    SELECT {", ".join(_NAMES)} FROM personal_key
    WHERE person_id = :person_id ORDER BY created_at, id
"""
_BY_DIGEST = f"""
    SELECT {", ".join(f"k.{name}" for name in _NAMES)}, {person_columns("p")}
    FROM personal_key AS k JOIN person AS p ON p.id = k.person_id WHERE k.digest = :digest
"""
_USED = """
    UPDATE personal_key SET used_at = :at WHERE id = :id AND (used_at IS NULL OR used_at < :at)
"""
