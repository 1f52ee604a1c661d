"""Keys by which programs act for people, in a dictionary: gone when the program ends."""

import threading
from dataclasses import replace
from datetime import datetime

from chat.core.errors import Conflict, NotFound, TooMany
from chat.core.people import People, Person
from chat.core.personal_keys import MAX_KEYS, PersonalKey
from storage.sql_people import NOBODY
from storage.sql_personal_keys import MANY_KEYS, NAME_USED


class MemoryPersonalKeys:
    """The port ``PersonalKeys`` in memory. One lock, so each call is whole."""

    def __init__(self, people: People) -> None:
        """Of these people."""
        self._people = people
        self._lock = threading.RLock()
        self._keys: dict[str, PersonalKey] = {}

    def add(self, key: PersonalKey) -> None:
        """Keep a new one."""
        with self._lock:
            if self._people.person(key.person_id) is None:
                raise NotFound(NOBODY)
            held = self.of(key.person_id)
            if key.name in {each.name for each in held}:
                raise Conflict(NAME_USED)
            if len(held) >= MAX_KEYS:
                raise TooMany(MANY_KEYS)
            self._keys[key.id] = key

    def of(self, person_id: str) -> list[PersonalKey]:
        """The keys of somebody, the first first."""
        with self._lock:
            if self._people.person(person_id) is None:
                self._forget(person_id)
            own = [each for each in self._keys.values() if each.person_id == person_id]
            return sorted(own, key=lambda each: (each.created_at, each.id))

    def by_digest(self, digest: str) -> tuple[PersonalKey, Person] | None:
        """A key and whose it is."""
        with self._lock:
            key = next((each for each in self._keys.values() if each.digest == digest), None)
            if key is None:
                return None
            person = self._people.person(key.person_id)
            if person is None:
                self._forget(key.person_id)
                return None
            return key, person

    def _forget(self, person_id: str) -> None:
        """With somebody their keys go."""
        gone = [each.id for each in self._keys.values() if each.person_id == person_id]
        for key_id in gone:
            del self._keys[key_id]

    def used(self, key_id: str, at: datetime) -> None:
        """Remember when a key was last used."""
        with self._lock:
            key = self._keys.get(key_id)
            if key is not None and (key.used_at is None or key.used_at < at):
                self._keys[key_id] = replace(key, used_at=at)

    def remove(self, person_id: str, key_id: str = "") -> int:
        """Forget a key of somebody, or all of them."""
        with self._lock:
            own = [each.id for each in self.of(person_id) if key_id in ("", each.id)]
            for each in own:
                del self._keys[each]
            return len(own)
