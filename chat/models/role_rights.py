"""Who may use what: the rules of the host for the role that somebody has now."""

import asyncio
from typing import cast

from chat.core.people import KEY_OWNER, KEY_ROLE, People, Person
from chat.core.rights import ALL_RIGHTS, Rights
from chat.models.rights_file import NO_RULES, RightsRules


class RoleRights:
    """Looks roles up. Where nobody is told apart, what holds for everybody holds for all."""

    def __init__(self, rules: RightsRules, people: People, *, apart: bool) -> None:
        """Go by these rules; ``apart``: people have roles."""
        self._rules = rules
        self._people = people
        self._apart = apart
        self.limit = rules.limit
        """Whether anything is kept from anybody."""
        self._roles: dict[str, str] = {}
        """Of each owner, as it was when they last asked for something."""

    def note(self, person: Person) -> None:
        """Remember the role of somebody who asks, as it is kept now."""
        if self.limit:
            self._roles[person.id] = person.role

    def of(self, owner: str) -> Rights:
        """What an owner may use, by the role they had when they last asked for something."""
        if not self.limit:
            return ALL_RIGHTS
        if not self._apart:
            return self._rules.everybody
        if owner.startswith(KEY_OWNER):
            return self._rules.of(KEY_ROLE)
        if (role := self._roles.get(owner)) is None:
            return self.looked_up(owner)  # since the start nobody has asked for them
        return self._rules.of(role)

    async def now_of(self, owner: str) -> Rights:
        """The same by the role they have now: what was begun before may go on by itself."""
        if not (self.limit and self._apart):
            return self.of(owner)
        return await asyncio.to_thread(self.looked_up, owner)

    def looked_up(self, owner: str) -> Rights:
        """The same, for a thread."""
        if not (self.limit and self._apart) or owner.startswith(KEY_OWNER):
            return self.of(owner)
        person = self._people.person(owner)
        if person is None:
            return self._rules.of("user")
        self.note(person)
        return self._rules.of(person.role)


UNLIMITED = RoleRights(NO_RULES, cast("People", None), apart=False)
"""Everybody may use everything."""
