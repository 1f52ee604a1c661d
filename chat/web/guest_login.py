"""The way in of ``guests``: a phrase or a link for friends, the printed address for the host."""

import asyncio
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from starlette.types import Scope

from chat.core.messages import new_id
from chat.core.people import People, Person
from chat.turns.app_state import LOCAL_OWNER
from chat.web import login_pages as pages
from chat.web.attempts import Attempts, address_of
from chat.web.audit_trail import AuditTrail
from chat.web.forms import Form
from chat.web.login_answers import LoginAnswers
from chat.web.login_mode import BY_ADDRESS, TOO_OFTEN, Login
from chat.web.people_names import called
from chat.web.replies import Reply
from chat.web.root_path import root_of
from chat.web.sessions import Look, Sessions


class GuestLogin:
    """Everyone who knows the phrase, or has the link, gets a space of their own for a while."""

    def __init__(
        self,
        login: Login,
        link: str,
        people: People,
        sessions: Sessions,
        attempts: Attempts,
        trail: AuditTrail,
        answers: LoginAnswers,
        clock: Callable[[], datetime],
    ) -> None:
        """``link`` is what the address of guests carries; the others as the login has them."""
        self._login = login
        self._guest_link = link
        self._people = people
        self._sessions = sessions
        self._attempts = attempts
        self._trail = trail
        self._answers = answers
        self._clock = clock

    async def host(self, scope: Scope, given: str, look: Look | None) -> Reply:
        """The host of guests, by the printed address."""
        if refused := await self._refused(scope, given, self._login.token):
            # The address of an earlier start leads in who is in already.
            return (
                self._answers.to(scope)
                if look is not None
                else self._answers.asked(scope, *refused)
            )
        if look is not None and look[1].id == LOCAL_OWNER:
            return self._answers.to(scope)
        host = await asyncio.to_thread(self._people.person, LOCAL_OWNER)
        if host is None:
            host = Person(LOCAL_OWNER, title="Host", role="administrator", created_at=self._clock())
            await asyncio.to_thread(self._people.add, host)
        if not self._sessions.lets_in(host):
            return self._answers.asked(scope, 401)
        return await self._answers.let_in(scope, host, look)

    async def by_link(self, scope: Scope, given: str, look: Look | None) -> Reply:
        """What the link of guests leads to: a form that asks what to call them."""
        if look is not None:
            return self._answers.to(scope)
        if refused := await self._refused(scope, given, self._guest_link):
            return self._answers.asked(scope, *refused)
        return self._answers.page(200, pages.guest_asked(root_of(scope), link=given))

    async def enter(self, scope: Scope, form: Form, look: Look | None) -> Reply:
        """A form was sent that asks to be let in."""
        if look is not None:
            return self._answers.to(scope, form("place"))
        by_link = bool(form("guest"))
        due = self._guest_link if by_link else self._login.phrase
        if refused := await self._refused(scope, form("guest" if by_link else "phrase"), due):
            return self._answers.asked(scope, *refused, form)
        # So many spaces an address may begin, too: each is kept for as long as a guest stays.
        begun = f"guests of {address_of(scope)}"
        if self._attempts.exhausted(begun, BY_ADDRESS):
            return self._answers.asked(scope, 429, TOO_OFTEN, form)
        self._attempts.count(begun)
        moment = self._clock()
        guest = Person(
            new_id(),
            title=called(form("title")) or "Guest",
            role="guest",
            created_at=moment,
            ends_at=moment + self._login.guest_stays,
        )
        await asyncio.to_thread(self._people.add, guest)
        return await self._answers.let_in(scope, guest, look, form("place"))

    async def leave(self, guest: Person) -> None:
        """A guest who has left comes by no session of theirs again."""

        def gone(found: Person) -> Person:
            return replace(found, ends_at=self._clock())

        await asyncio.to_thread(self._people.change, guest.id, gone)

    async def _refused(self, scope: Scope, given: str, due: str) -> tuple[int, str] | None:
        """Status and sentence for a wrong secret, or for any after too many wrong."""
        address = address_of(scope)
        if self._attempts.exhausted(address):
            return 429, TOO_OFTEN
        # Both as digests: the time of comparing tells neither a letter nor the length.
        said, known = (sha256(text.encode("utf-8", "replace")).digest() for text in (given, due))
        if due and hmac.compare_digest(said, known):
            return None
        self._attempts.count(address)
        if self._attempts.exhausted(address):
            await self._trail.note(scope, "tries_used_up", nobody=True)
        return 401, pages.WRONG_PHRASE


def guest_link(key: bytes, phrase: str) -> str:
    """What the link for guests carries: the same after a restart, another for another phrase."""
    made = hmac.new(key, b"easel guest link\0" + phrase.encode(), sha256).digest()
    return urlsafe_b64encode(made[:24]).decode("ascii")
