"""The way in by a name and a password, and by the links with which a password is chosen."""

import asyncio
import logging
from dataclasses import replace

from starlette.types import Scope

from chat.core.people import People, Person
from chat.web import login_pages as pages
from chat.web.account_links import AccountLinks
from chat.web.attempts import TRIES, Attempts, address_of
from chat.web.audit_trail import AuditTrail
from chat.web.forms import Form
from chat.web.login_answers import LoginAnswers
from chat.web.login_mode import BY_ADDRESS, TOO_OFTEN, USED_UP, Login
from chat.web.oidc_people import forget_told_groups
from chat.web.passwords import Passwords, password_trouble
from chat.web.people_names import name_trouble
from chat.web.replies import Reply
from chat.web.sessions import Look, Sessions

log = logging.getLogger("easel")

BY_NAME = 10 * TRIES
"""Wrong passwords that a name may suffer in all, whatever their addresses."""

MAX_PASSWORD_CHARACTERS = 1000
NOT_TOGETHER = "That name and password do not go together."
NO_PASSWORDS = "Nobody signs in by a password here."
NOT_ENCRYPTED = (
    "Passwords are not taken over a connection that others can read. Open Easel by https, or have "
    "whoever runs it set EASEL_PLAIN_HTTP=1."
)


class PasswordLogin:
    """Of one Easel with ``users``."""

    def __init__(
        self,
        login: Login,
        people: People,
        passwords: Passwords,
        sessions: Sessions,
        attempts: Attempts,
        trail: AuditTrail,
        links: AccountLinks,
        answers: LoginAnswers,
    ) -> None:
        """Each as the login has it."""
        self._login = login
        self._people = people
        self._passwords = passwords
        self._sessions = sessions
        self._attempts = attempts
        self._trail = trail
        self._links = links
        self._answers = answers

    async def enter(self, scope: Scope, form: Form, look: Look | None) -> Reply:
        """A name and a password were sent."""
        if not self._login.passwords:
            return self._answers.asked(scope, 403, NO_PASSWORDS, form)
        name, password = form("name").strip().lower(), form("password")
        pair = f"{address_of(scope)} {name[:64]}"
        limits = ((pair, TRIES), (address_of(scope), BY_ADDRESS), (name[:64], BY_NAME))
        if not self._answers.encrypted(scope):
            return self._answers.asked(scope, 403, NOT_ENCRYPTED)
        if any(self._attempts.exhausted(who, most) for who, most in limits):
            return self._answers.asked(scope, 429, TOO_OFTEN, form)
        # Counted before it is looked at, or a hundred at once would each be the first.
        for who, _ in limits:
            self._attempts.count(who)
        person = await asyncio.to_thread(self._people.by_name, name)
        kept = person.password if person and self._sessions.lets_in(person) else ""
        fits = len(password) <= MAX_PASSWORD_CHARACTERS and await self._passwords.fits(
            kept, password
        )
        if person is None or not fits or not await self._still(person.id, kept, password):
            if any(self._attempts.exhausted(who, most) for who, most in limits):
                # Later ones are not looked at, so it is written down once.
                known = person or ""
                await self._trail.note(scope, "tries_used_up", nobody=True, subject=known)
            return self._answers.asked(scope, 401, NOT_TOGETHER, form)
        self._attempts.forget(pair)
        for who, _ in limits:
            self._attempts.take_back(who)
        if self._passwords.is_dated(kept):
            await self._kept_anew(person, kept, password)
        # Nobody was asked this time if they are still in them.
        await forget_told_groups(self._people, self._trail, scope, person, "password")
        return await self._answers.let_in(scope, person, look, form("place"))

    async def invited(self, scope: Scope, link: str, given: str) -> Reply:
        """The form by which somebody who has a link chooses a password."""
        if not self._answers.encrypted(scope):
            return self._answers.asked(scope, 403, NOT_ENCRYPTED)
        person = await self._links.holder(scope, link, given)
        if person is None:
            return self._answers.page(410, pages.sorry(USED_UP))
        own = None if link == "setup" else person
        return self._answers.page(200, self._answers.account_page(scope, link, given, own))

    async def begin_account(self, scope: Scope, form: Form, look: Look | None) -> Reply:
        """A password was chosen by a link, which is used up by it."""
        if not self._login.passwords:
            return self._answers.asked(scope, 403, NO_PASSWORDS)
        if not self._answers.encrypted(scope):
            return self._answers.asked(scope, 403, NOT_ENCRYPTED)
        link = "setup" if form("setup") else "invite"
        given = form(link)
        holder = await self._links.holder(scope, link, given)
        if holder is None:
            return self._answers.page(410, pages.sorry(USED_UP))
        name = form("name").strip().lower() if link == "setup" else holder.name
        trouble = name_trouble(name) or password_trouble(form("password"), form("again"), name)
        if trouble:
            own = None if link == "setup" else holder
            return self._answers.page(
                400, self._answers.account_page(scope, link, given, own, trouble, form)
            )
        hashed = await self._passwords.hashed(form("password"))
        person = await self._links.use(link, given, holder, name, form("title"), password=hashed)
        if person is None:
            return self._answers.page(410, pages.sorry(USED_UP))
        log.info("%s has chosen a password by a link", person.name)
        await self._trail.note(scope, "account_begun", {"role": person.role}, actor=person)
        return await self._answers.let_in(scope, person, look)

    async def _still(self, person_id: str, kept: str, password: str) -> bool:
        """Whether a password holds that took a while to compare: it may have been taken away."""
        found = await asyncio.to_thread(self._people.person, person_id)
        if found is None:
            return False
        return found.password == kept or await self._passwords.fits(found.password, password)

    async def _kept_anew(self, person: Person, kept: str, password: str) -> None:
        """The same password, as one is kept today."""
        hashed = await self._passwords.hashed(password)

        def alter(found: Person) -> Person:
            return replace(found, password=hashed) if found.password == kept else found

        await asyncio.to_thread(self._people.change, person.id, alter)
