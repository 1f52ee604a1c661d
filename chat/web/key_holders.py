"""Who stands behind the key of a program: the host, or somebody who made it on their page."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.core.messages import now
from chat.core.people import Person
from chat.core.personal_keys import PersonalKeys, Scope
from chat.web.api_keys import ApiKeys
from chat.web.key_pages import PREFIX, SCOPES, digest_of

USED_EVERY = timedelta(minutes=5)
"""That a key is used is written down again after so long."""

EVERYTHING: frozenset[Scope] = frozenset(SCOPES)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose key it is, and what it is good for."""

    owner: str
    """Of all that is asked with it."""
    name: str
    """In logs and limits."""
    scopes: frozenset[Scope] = EVERYTHING


class KeyHolders:
    """All whose keys open this Easel."""

    def __init__(
        self,
        host: ApiKeys,
        personal: PersonalKeys | None = None,
        clock: Callable[[], datetime] = now,
        admits: Callable[[Person], bool] = lambda person: person.may_sign_in,
        note: Callable[[Person], object] = lambda _: None,
    ) -> None:
        """The host's keys, and those of people, where they may make some.

        ``admits`` says of somebody whether there is a way by which they may sign in; ``note`` is
        told who asks, as they are kept now.
        """
        self._note = note
        self._host = host
        self._personal = personal
        self._clock = clock
        self._admits = admits

    def __bool__(self) -> bool:
        """Whether there may be any."""
        return bool(self._host) or self._personal is not None

    async def of(self, given: str) -> Holder | None:
        """Whose key it is; ``None``: nobody's, or nobody's any more.

        Raises:
            StorageError: nobody can look.
        """
        if (name := self._host.name_of(given)) is not None:
            return Holder(f"key:{name}", name)
        if self._personal is None or not given.startswith(PREFIX):
            return None
        found = await asyncio.to_thread(self._personal.by_digest, digest_of(given))
        if found is None:
            return None
        key, person = found
        moment = self._clock()
        shut_out = person.disabled_at is not None or person.role == "guest"
        if (
            shut_out
            or not self._admits(person)
            or (key.ends_at is not None and key.ends_at <= moment)
        ):
            return None
        if key.used_at is None or moment - key.used_at > USED_EVERY:
            await asyncio.to_thread(self._personal.used, key.id, moment)
        self._note(person)
        return Holder(person.id, f"{person.name}/{key.name}", frozenset(key.scopes))
