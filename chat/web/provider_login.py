"""The way in by a provider of identities: off to it, back from it, and who that is here."""

import asyncio
import logging
from urllib.parse import parse_qs

from starlette.types import Scope

from chat.core.errors import Conflict
from chat.core.people import People, Person
from chat.oidc import Claims
from chat.web.account_links import AccountLinks
from chat.web.attempts import Attempts, address_of
from chat.web.audit_trail import AuditTrail, groups_named
from chat.web.login_answers import LoginAnswers
from chat.web.login_mode import BY_ADDRESS, SHUT_OUT, TOO_OFTEN, USED_UP
from chat.web.not_signed_in import NotSignedIn
from chat.web.oidc_login import BEGIN, Asked, OidcLogin
from chat.web.oidc_people import Arrival, OidcPeople, forget_told_groups
from chat.web.replies import Reply
from chat.web.sessions import Look, Sessions

log = logging.getLogger("easel")

READ_ALONG = (
    "Nobody is signed in over a connection that others can read. Open Easel by https, or have "
    "whoever runs it set EASEL_PLAIN_HTTP=1."
)


class ProviderLogin:
    """Of one Easel with a provider."""

    def __init__(
        self,
        oidc: OidcLogin,
        known: OidcPeople,
        people: People,
        sessions: Sessions,
        attempts: Attempts,
        trail: AuditTrail,
        links: AccountLinks,
        answers: LoginAnswers,
    ) -> None:
        """``known`` says who it is whom the provider names; the others as the login has them."""
        self._oidc = oidc
        self._known = known
        self._people = people
        self._sessions = sessions
        self._attempts = attempts
        self._trail = trail
        self._links = links
        self._answers = answers

    async def answer(self, scope: Scope, look: Look | None) -> Reply:
        """Off to the provider, or back from it."""
        oidc = self._oidc
        fields = parse_qs(scope["query_string"].decode("latin-1"))
        secure, place = self._answers.secure(scope), ""
        if scope["path"] == BEGIN:
            place = fields.get("place", [""])[0]
        if not self._answers.encrypted(scope):
            return self._answers.asked(scope, 403, READ_ALONG)
        if self._attempts.exhausted(address_of(scope), BY_ADDRESS):
            return self._answers.asked(scope, 429, TOO_OFTEN)
        try:
            if scope["path"] == BEGIN:
                return await oidc.begin(scope, secure=secure)
            asked = oidc.asked(scope, secure=secure)
            place = asked.place
            claims = await oidc.claims(scope, asked)
            person = await self._arrived(scope, asked, claims)
        except NotSignedIn as nobody:
            if nobody.status < 500:  # it is not the provider's fault
                self._attempts.count(address_of(scope))
            log.warning("nobody was signed in: %s", nobody.cause or nobody)
            reply = self._answers.asked(scope, nobody.status, str(nobody), place=place)
        else:
            reply = await self._answers.let_in(scope, person, look, place)
        return oidc.without_cookie(reply, scope, secure=secure)

    async def _arrived(self, scope: Scope, asked: Asked, claims: Claims) -> Person:
        """Whom the provider has signed in, as they are kept here. Raises ``NotSignedIn``."""
        known = self._known
        try:
            arrival = known.arrival(claims)
            if not arrival.welcome:
                if person := await asyncio.to_thread(known.known, arrival):
                    await forget_told_groups(self._people, self._trail, scope, person, known.title)
                    await self._sessions.end_all(person.id)
                raise known.unwelcome()
            if asked.link:
                await self._joined(scope, asked, arrival)
            before = await asyncio.to_thread(known.known, arrival)
            person = await asyncio.to_thread(known.settled, arrival)
        except Conflict as taken:
            raise NotSignedIn(str(taken), status=409) from taken
        by = self._oidc.title
        if before is None:
            await self._trail.note(
                scope, "account_begun", {"role": person.role, "by": by}, actor=person
            )
        elif before.role != person.role:
            await self._trail.note(
                scope, "role_changed", {"role": person.role, "by": by}, actor=person, subject=person
            )
        if before is not None and before.told_groups != person.told_groups:
            told = {"groups": groups_named(person.told_groups), "by": by}
            await self._trail.note(scope, "groups_changed", told, actor=person, subject=person)
        if not self._sessions.lets_in(person):
            raise NotSignedIn(SHUT_OUT, f"{person.name} is shut out", 403)
        return person

    async def _joined(self, scope: Scope, asked: Asked, arrival: Arrival) -> None:
        """Who has come by a link of ours is that person from now on. Raises ``NotSignedIn``."""
        known = self._known
        holder = await self._links.holder(scope, asked.link, asked.given)
        # Where groups make administrators, a link makes none of whom they are asked of.
        if holder is None or (asked.link == "setup" and known.by_groups):
            raise NotSignedIn(USED_UP, status=410)
        before = await asyncio.to_thread(known.known, arrival)
        name = before.name if before else ""
        if asked.link == "setup" and not name:
            name = known.named(arrival)
        person = await self._links.use(
            asked.link, asked.given, holder, name, arrival.title, identity=arrival.identity
        )
        if person is None:
            raise NotSignedIn(USED_UP, status=410)
        log.info("%s is signed in by the provider from now on, by a link", person.name)
