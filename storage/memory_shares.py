"""What people show each other, in a dictionary: gone when the program ends."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from chat.core.errors import NotFound, TooMany
from chat.core.shares import MAX_SHARES, Share
from storage.memory_people import MemoryPeople
from storage.sql_people import NOBODY
from storage.sql_shares import MANY_SHARES


class MemoryShares:
    """The port ``Shares`` in memory. One lock, so each call is whole."""

    def __init__(self, people: MemoryPeople) -> None:
        """Of these people."""
        self._people = people
        self._lock = threading.RLock()
        self._shares: dict[str, Share] = {}
        people.when_gone.append(self._forget)

    def add(self, share: Share) -> None:
        """Keep a new one."""
        with self._lock:
            if len(self.of(share.owner)) >= MAX_SHARES:
                raise TooMany(MANY_SHARES)
            if any(self._people.person(person_id) is None for person_id in share.people):
                raise NotFound(NOBODY)
            people, groups = tuple(sorted(share.people)), tuple(sorted(share.groups))
            self._shares[share.id] = replace(share, people=people, groups=groups)

    def get(self, share_id: str) -> Share | None:
        """One by its id."""
        with self._lock:
            return self._shares.get(share_id)

    def by_token(self, token: str) -> Share | None:
        """One by what its link carries."""
        with self._lock:
            found = (each for each in self._shares.values() if token and each.token == token)
            return next(found, None)

    def of(self, owner: str) -> list[Share]:
        """Those of an owner, the newest first."""
        with self._lock:
            return _newest([each for each in self._shares.values() if each.owner == owner])

    def shared_with(
        self, person_id: str, *, everybody: bool, groups: Sequence[str] = ()
    ) -> list[Share]:
        """Those of others that name somebody or one of these groups, or all who sign in."""
        with self._lock:
            found = [
                each
                for each in self._shares.values()
                if each.owner != person_id
                and (
                    person_id in each.people
                    or not set(groups).isdisjoint(each.groups)
                    or (everybody and each.everybody)
                )
            ]
            return _newest(found)[:MAX_SHARES]

    def viewed(self, share_id: str) -> None:
        """Count that it was opened."""
        with self._lock:
            if (found := self._shares.get(share_id)) is not None:
                self._shares[share_id] = replace(found, views=found.views + 1)

    def remove(self, owner: str, share_id: str) -> bool:
        """End one of an owner's."""
        with self._lock:
            found = self._shares.get(share_id)
            if found is None or found.owner != owner:
                return False
            del self._shares[share_id]
            return True

    def _forget(self, person_id: str) -> None:
        """With somebody go theirs, and their place in those of others."""
        with self._lock:
            kept = [each for each in self._shares.values() if each.owner != person_id]
            self._shares = {
                each.id: replace(each, people=tuple(p for p in each.people if p != person_id))
                for each in kept
            }


def _newest(shares: list[Share]) -> list[Share]:
    by_id = sorted(shares, key=lambda each: each.id)
    return sorted(by_id, key=lambda each: each.created_at, reverse=True)
