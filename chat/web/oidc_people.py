"""Who somebody is here whom a provider of identities has signed in: known, invited or new.

They are known again by the issuer and what it calls them for good, never by a name: names change
hands. Somebody who was here before is theirs by a link that an administrator has made, or by an
e-mail address that the provider has confirmed.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from starlette.types import Scope

from chat.core.errors import Conflict
from chat.core.messages import new_id, now
from chat.core.people import MAX_GROUP_CHARACTERS, People, Person, Role, group_names
from chat.oidc import Claims, OidcSettings
from chat.turns.app_state import LOCAL_OWNER
from chat.web.audit_trail import AuditTrail
from chat.web.not_signed_in import NotSignedIn
from chat.web.people_names import called, name_trouble

log = logging.getLogger("easel")

TRIES = 3
"""So often somebody who is new is looked for, while others of the same name may be added."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom the provider has signed in, as their claims are read."""

    identity: str
    name: str
    title: str
    groups: frozenset[str]
    welcome: bool
    """They are in a group that may come in, where that is asked."""
    by_email: bool
    """The name is an e-mail address that the provider has confirmed to be theirs."""


class OidcPeople:
    """The people of one Easel, as its provider knows them."""

    def __init__(
        self, settings: OidcSettings, people: People, clock: Callable[[], datetime] = now
    ) -> None:
        """Read claims as the settings say."""
        self._settings = settings
        self._people = people
        self._clock = clock
        self.by_groups = settings.by_groups
        self.title = settings.title

    def arrival(self, claims: Claims) -> Arrival:
        """What the claims tell. Raises ``NotSignedIn``: of an address that is not confirmed."""
        settings, title = self._settings, self._settings.title
        groups = _groups(_claim(claims, settings.groups_claim))
        welcome = not settings.groups or bool(groups & settings.welcome_groups)
        name = str(_claim(claims, settings.name_claim) or "").strip().lower()
        by_email = settings.name_claim == "email"
        if by_email and name and claims.get("email_verified") not in (True, "true"):
            raise NotSignedIn(
                f"{title} has not confirmed your e-mail address, by which you would be known here. "
                "Confirm it there, then come in again.",
                f"the address of {claims['sub']!r:.100} is not confirmed",
                403,
            )
        said = claims.get("name")
        shown = called(said) if isinstance(said, str) else ""
        return Arrival(_identity(claims), name, shown, groups, welcome, by_email)

    def unwelcome(self) -> NotSignedIn:
        """Of somebody who is in no group that may come in."""
        return NotSignedIn(
            f"{self._settings.title} has signed you in, but you are in no group that may use this "
            "Easel. Ask whoever runs it.",
            "somebody is in none of EASEL_OIDC_GROUPS",
            403,
        )

    def settled(self, arrival: Arrival) -> Person:
        """Somebody as they are kept, brought up to what the provider says; added where new.

        Raises:
            NotSignedIn: they are new, and cannot be added under their name.
            StorageError: it could not be kept.
        """
        role = self._role(arrival)
        person = self._people.by_identity(arrival.identity) or self._new(arrival, role)

        def alter(found: Person) -> Person:
            return replace(
                found,
                title=arrival.title or found.title,
                role=role or found.role,
                told_groups=group_names(arrival.groups),
            )

        wanted = alter(person)
        if wanted == person:
            return person
        if wanted.role != person.role:
            log.info("%s is %s by the word of the provider", person.name, wanted.role)
        return self._people.change(person.id, alter)

    def named(self, arrival: Arrival) -> str:
        """The name under which somebody is added. Raises ``NotSignedIn``."""
        if name_trouble(arrival.name):
            raise NotSignedIn(
                f"{self._settings.title} calls you by a name that Easel cannot use. Tell whoever "
                "runs this Easel.",
                f"{self._settings.name_claim} is {arrival.name!r:.100}; see EASEL_OIDC_NAME_CLAIM",
                403,
            )
        return arrival.name

    def known(self, arrival: Arrival) -> Person | None:
        """Who was signed in by the same before."""
        return self._people.by_identity(arrival.identity)

    def _role(self, arrival: Arrival) -> Role | None:
        """What the groups make somebody; ``None``: that is for the administrators here."""
        if not self.by_groups:
            return None
        if arrival.groups & self._settings.administrator_groups:
            return "administrator"
        return "manager" if arrival.groups & self._settings.manager_groups else "user"

    def _new(self, arrival: Arrival, role: Role | None) -> Person:
        """Somebody of a confirmed address, or new; the first administrator owns what there is."""
        name = self.named(arrival)

        def adopt(found: Person) -> Person:
            if found.identity or (found.name and found.name != name):
                raise Conflict("It has become somebody's.")
            title = found.title or arrival.title or name
            return replace(
                found, name=name, title=title, identity=arrival.identity, role=role or found.role
            )

        for _ in range(TRIES):
            try:
                if known := self._people.by_identity(arrival.identity):
                    return known
                if found := self._people.by_name(name):
                    if not arrival.by_email or found.identity or found.role == "guest":
                        raise self._taken(name)
                    log.info("%s is known to the provider by their address", name)
                    return self._people.change(found.id, adopt)
                owner = self._people.person(LOCAL_OWNER) if role == "administrator" else None
                if owner is not None and not (owner.name or owner.may_sign_in):
                    return self._people.change(LOCAL_OWNER, adopt)
                first = role == "administrator" and owner is None
                made = Person(
                    LOCAL_OWNER if first else new_id(),
                    name,
                    arrival.title or name,
                    role or "user",
                    created_at=self._clock(),
                    identity=arrival.identity,
                )
                self._people.add(made)
            except Conflict:  # two at once are each the first
                continue
            log.info("%s has come for the first time, as %s", name, made.role)
            return made
        raise self._taken(name)

    def _taken(self, name: str) -> NotSignedIn:
        return NotSignedIn(
            f"Somebody here is called {name} already. If that is you, ask an administrator of this "
            f"Easel for a link, open it, and take {self._settings.title} there.",
            "an account of that name is not the provider's",
            409,
        )


def _identity(claims: Claims) -> str:
    whole = f"{claims['iss']}\0{claims['sub']}"
    return sha256(whole.encode("utf-8", "replace")).hexdigest()


def _claim(claims: Claims, name: str) -> Any:
    """A claim by its whole name, else by the way that dots lead to it."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _groups(said: Any) -> frozenset[str]:
    """A list, or one; some write them with commas between."""
    if isinstance(said, str):
        said = said.split(",")
    if not isinstance(said, list):
        return frozenset()
    named = (each.strip() for each in said if isinstance(each, str))
    return frozenset(each for each in named if 0 < len(each) <= MAX_GROUP_CHARACTERS)


async def forget_told_groups(
    people: People, trail: AuditTrail, scope: Scope, person: Person, by: str
) -> None:
    """The provider's word on somebody's groups ends: nobody was asked, or it lets them in no more.

    ``by`` is the way they came.
    """
    if not person.told_groups:
        return

    def without(found: Person) -> Person:
        return replace(found, told_groups=())

    left = await asyncio.to_thread(people.change, person.id, without)
    await trail.note(scope, "groups_changed", {"by": by}, actor=left, subject=left)
