"""The links by which somebody chooses what they sign in by: a first administrator’s, invitations.

Each is used up by whoever comes first, and guesses of them are counted by address.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from starlette.types import Scope

from chat.core.messages import new_id
from chat.core.people import People, Person
from chat.turns.app_state import LOCAL_OWNER
from chat.web.attempts import Attempts, address_of
from chat.web.login_mode import BY_ADDRESS
from chat.web.people_names import called
from chat.web.sessions import Sessions


class AccountLinks:
    """Of one Easel."""

    def __init__(
        self,
        people: People,
        sessions: Sessions,
        attempts: Attempts,
        setup: str,
        clock: Callable[[], datetime],
    ) -> None:
        """``setup`` is what the link carries that makes an administrator; empty: there is none."""
        self._people = people
        self._sessions = sessions
        self._attempts = attempts
        self._setup = setup
        self._clock = clock

    @property
    def nobody_yet(self) -> bool:
        """Whether the first administrator is still waited for."""
        return bool(self._setup)

    async def holder(self, scope: Scope, link: str, given: str) -> Person | None:
        """Whom a link is for; that of the first administrator is for nobody yet."""
        if self._attempts.exhausted(address_of(scope), BY_ADDRESS):
            return None
        if link == "setup":
            if self._setup and hmac.compare_digest(self._setup.encode(), given.encode()):
                return Person("")
        else:
            hashed = sha256(given.encode("utf-8", "replace")).hexdigest()
            person = await asyncio.to_thread(self._people.by_invitation, hashed)
            if (
                person is not None
                and person.disabled_at is None
                and (person.invited_until is None or person.invited_until > self._clock())
            ):
                return person
        self._attempts.count(address_of(scope))
        return None

    async def use(
        self, link: str, given: str, holder: Person, name: str, title: str, **proof: str
    ) -> Person | None:
        """Who has come by a link with what they sign in by; ``None``: it was used meanwhile."""
        if link == "setup":
            # Of two who send it at once, one finds it used.
            if not self._setup:
                return None
            self._setup = ""
            try:
                person = await asyncio.to_thread(self._administrator, name, title, proof)
            except BaseException:
                self._setup = given
                raise
        else:
            invitation = holder.invitation

            def accept(found: Person) -> Person:
                if found.invitation != invitation:
                    raise _UsedUp
                return replace(_with_proof(found, proof), invitation="", invited_until=None)

            try:
                person = await asyncio.to_thread(self._people.change, holder.id, accept)
            except _UsedUp:
                return None
        await self._sessions.end_all(person.id)
        return person

    def _administrator(self, name: str, title: str, proof: Mapping[str, str]) -> Person:
        """Make somebody administrator: who has that name, or the owner of what is there already."""

        def alter(person: Person) -> Person:
            return replace(
                _with_proof(person, proof),
                name=name,
                title=called(title) or person.title or name,
                role="administrator",
                invitation="",
                invited_until=None,
                disabled_at=None,
            )

        person = self._people.by_name(name)
        if person is None:
            person = self._people.person(LOCAL_OWNER)
            if person is not None and (person.password or person.identity):
                person = None  # it has become somebody's
        if person is not None:
            return self._people.change(person.id, alter)
        taken = self._people.person(LOCAL_OWNER) is not None
        first = Person(new_id() if taken else LOCAL_OWNER, created_at=self._clock())
        self._people.add(alter(first))
        return alter(first)


def _with_proof(person: Person, proof: Mapping[str, str]) -> Person:
    """With what they sign in by from now on: a password, or an identity."""
    return replace(
        person,
        password=proof.get("password", person.password),
        identity=proof.get("identity", person.identity),
    )


class _UsedUp(Exception):
    """Somebody else has used the link in the meantime."""


def setup_link(
    people: People,
    *,
    wanted: bool,
    admits: Callable[[Person], bool] = lambda person: person.may_sign_in,
) -> str:
    """What the link of this start carries by which somebody becomes administrator; empty: none.

    ``wanted`` makes one though there is an administrator; ``admits`` says of somebody whether there
    is a way by which they may sign in.
    """
    there = any(
        each.role == "administrator" and each.disabled_at is None and admits(each)
        for each in people.everybody()
    )
    return secrets.token_urlsafe(24) if wanted or not there else ""
