"""Stands before every route where people are told apart: nobody comes by without a session.

Two modes. Of ``guests`` everyone who knows the pass phrase, or has the link, gets a space of their
own for a while; the host comes in by the printed address. Of ``users`` everybody has a name and a
password: the first administrator by a link that is printed once, the others by links that an
administrator makes. A provider of identities may sign them in beside that, or alone. Whoever is let
in is noted in the scope, and the routes ask there (:mod:`chat.web.owner`). What belongs to a
stranger's request is answered here, without a look at what it asks for.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.core.audit import AuditLog
from chat.core.errors import ChatError, Unstorable
from chat.core.messages import now
from chat.core.people import People, Person
from chat.core.personal_keys import PersonalKeys
from chat.gateway.quotas import Quotas
from chat.turns.app_state import LOCAL_OWNER
from chat.web import login_pages as pages
from chat.web.account_links import AccountLinks
from chat.web.attempts import Attempts
from chat.web.audit_trail import AuditTrail
from chat.web.forms import Form, FormTooLarge, read_form
from chat.web.guest_login import GuestLogin, guest_link
from chat.web.health import OPEN_PATHS
from chat.web.login_answers import SIGN_IN, LoginAnswers
from chat.web.login_mode import LINKS, Login
from chat.web.oidc_login import BEGIN, CALLBACK, OidcLogin
from chat.web.oidc_people import OidcPeople
from chat.web.owner import PERSON
from chat.web.password_login import PasswordLogin
from chat.web.passwords import Passwords
from chat.web.people_pages import PeoplePages
from chat.web.policy import Policy
from chat.web.provider_login import ProviderLogin
from chat.web.replies import Reply
from chat.web.root_path import root_of
from chat.web.session_watch import LOOK_AGAIN_S, passed_on, until_over, varying, with_body
from chat.web.sessions import Look, Sessions
from chat.web.strangers import as_stranger, is_open

log = logging.getLogger("easel")

NO_COOKIES = (
    "This browser keeps no cookies for Easel, and without one Easel does not know it again. Allow "
    "cookies for this address, then come in once more."
)


class LoginMiddleware:
    """Plain ASGI."""

    def __init__(
        self,
        app: ASGIApp,
        login: Login,
        people: People,
        key: bytes,
        policy: Policy,
        *,
        setup: str = "",
        quotas: Quotas | None = None,
        keys: PersonalKeys | None = None,
        oidc: OidcLogin | None = None,
        audit: AuditLog | None = None,
        clock: Callable[[], datetime] = now,
        ticks: Callable[[], float] = time.monotonic,
        passwords: Passwords | None = None,
        look_again_s: float = LOOK_AGAIN_S,
    ) -> None:
        """Serve ``app`` to those who are signed in.

        Args:
            app: everything else.
            login: how people are told apart.
            people: who there is.
            key: signs cookies, and makes the link for guests.
            policy: under which names this server answers.
            setup: what the link carries by which somebody becomes administrator, once; empty: there
                is none.
            quotas: what people may spend, which an administrator can change; ``None``: nobody can.
            keys: those of people's programs; ``None``: they may have none.
            oidc: the provider of identities that signs people in; ``None``: none does.
            audit: where it is written down who did what; ``None``: nowhere.
            clock: what time it is.
            ticks: seconds, for the limits of tries.
            passwords: how they are kept.
            look_again_s: how often a live connection asks whether its session still holds.
        """
        self._app = app
        self._login = login
        self._oidc = oidc
        self._look_again_s = look_again_s
        self._trail = trail = AuditTrail(audit, clock)
        attempts, kept = Attempts(ticks), passwords or Passwords()
        self._sessions = sessions = Sessions(people, key, self._admits, clock)
        links = AccountLinks(people, sessions, attempts, setup, clock)
        self._answers = answers = LoginAnswers(login, policy, sessions, trail, links, oidc)
        self._by_guest = GuestLogin(
            login, guest_link(key, login.phrase), people, sessions, attempts, trail, answers, clock
        )
        self._by_password = PasswordLogin(
            login, people, kept, sessions, attempts, trail, links, answers
        )
        self._by_provider: ProviderLogin | None = None
        if oidc is not None:
            known = OidcPeople(oidc.settings, people, clock)
            self._by_provider = ProviderLogin(
                oidc, known, people, sessions, attempts, trail, links, answers
            )
        self._pages = PeoplePages(
            people,
            sessions,
            kept,
            attempts,
            offers=_offers(login, oidc),
            quotas=quotas,
            keys=keys,
            trail=trail,
            clock=clock,
        )

    def _admits(self, person: Person) -> bool:
        if self._login.mode == "users":
            known = person.signs_in(
                passwords=self._login.passwords, provider=self._oidc is not None
            )
            return known and person.role != "guest"
        return person.role == "guest" or person.id == LOCAL_OWNER

    @property
    def sessions(self) -> Sessions:
        """Those that browsers have."""
        return self._sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what carries a session; let in who may come in."""
        if scope["type"] not in {"http", "websocket"} or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        reply: Reply | None = None
        look: Look | None = None
        try:
            look = await self._sessions.find(scope, secure=self._answers.secure(scope))
            if scope["type"] == "http":
                reply = await self._own(scope, receive, look)
        except FormTooLarge as error:
            reply = Reply(error.status_code, error.detail)
        except ClientDisconnect:
            reply = Reply(400, "The request stopped arriving.")
        except Unstorable as error:
            reply = replace(self._answers.page(400, pages.sorry(str(error))), sentence=str(error))
        except ChatError as error:
            log.warning("the login failed: %s", error, exc_info=error)
            reply = replace(self._answers.page(503, pages.sorry(str(error))), sentence=str(error))
        if reply is not None:
            await reply.send(scope, send)
        elif look is None and scope["type"] == "websocket":
            await Reply(401, SIGN_IN).send(scope, send)
        elif look is None and is_open(scope):
            await self._app(as_stranger(scope), receive, varying(send))
        elif look is None:
            await self._answers.asked(scope, 401).send(scope, send)
        elif scope["type"] == "websocket":
            await self._watched(scope, receive, send, look)
        else:
            await with_body(self._app, scope, receive, varying(send), self._sessions, look)

    async def _own(self, scope: Scope, receive: Receive, look: Look | None) -> Reply | None:
        """The answer to what is asked of this layer; ``None``: it is asked for something else."""
        path, method = scope["path"], scope["method"]
        if method == "GET" and path == "/":
            query = parse_qs(scope["query_string"].decode("latin-1"))
            if link := next((name for name in LINKS if name in query), ""):
                return await self._by_link(scope, link, query[link][0], look)
        if method == "POST" and path == "/access/leave":
            return await self._leave(scope, look)
        if method == "POST" and path == "/access/enter":
            return await self._enter(scope, await read_form(receive), look)
        if method == "GET" and path in {BEGIN, CALLBACK} and self._by_provider is not None:
            return await self._by_provider.answer(scope, look)
        if method == "POST" and path == "/access/begin" and self._login.mode == "users":
            return await self._by_password.begin_account(scope, await read_form(receive), look)
        if look is not None:
            return await self._pages.answer(scope, receive, look, self._answers.renewed)
        return None

    async def _by_link(
        self, scope: Scope, link: str, given: str, look: Look | None
    ) -> Reply | None:
        """What an address with one of our fields leads to."""
        if link == "entered":
            if look is None:
                return self._answers.asked(scope, 401, NO_COOKIES)
            return self._answers.to(scope)
        if link == "token":
            if self._login.mode == "guests" and self._login.token:
                return await self._by_guest.host(scope, given, look)
            return self._answers.to(scope) if look is not None else None
        if link == "guest" and self._login.mode == "guests":
            return await self._by_guest.by_link(scope, given, look)
        if link in {"setup", "invite"} and self._login.mode == "users":
            return await self._by_password.invited(scope, link, given)
        return self._answers.to(scope) if look is not None else None

    async def _enter(self, scope: Scope, form: Form, look: Look | None) -> Reply:
        """A form was sent that asks to be let in."""
        by = self._by_guest if self._login.mode == "guests" else self._by_password
        return await by.enter(scope, form, look)

    async def _leave(self, scope: Scope, look: Look | None) -> Reply:
        if look is not None:
            await self._sessions.end(look[0])
            await self._trail.note(scope, "signed_out", actor=look[1])
            if look[1].role == "guest":
                await self._by_guest.leave(look[1])
        there = ""
        if self._oidc is not None and look is not None and look[1].identity:
            there = await self._oidc.leaving(scope)
        title = self._oidc.title if self._oidc else ""
        page = self._answers.page(200, pages.left(root_of(scope), there, title))
        # What a page has kept in the browser is for nobody who uses it next.
        clear = (b"clear-site-data", b'"cache", "storage"')
        return replace(page, headers=(*page.headers, clear)).with_cookie(
            self._answers.cookie(scope, "", None)
        )

    async def _watched(self, scope: Scope, receive: Receive, send: Send, look: Look) -> None:
        """Pass on a live connection for as long as its session holds."""
        session, person = look
        ended = self._sessions.watch(session)

        async def holds() -> bool:
            return await self._sessions.look(session.id) is not None

        async def over() -> None:
            await until_over(ended, holds, self._look_again_s)

        try:
            await passed_on(self._app, {**scope, PERSON: person}, receive, send, over)
        finally:
            self._sessions.unwatch(session, ended)


def _offers(login: Login, oidc: OidcLogin | None) -> pages.Offers:
    if login.mode == "guests":
        return pages.NO_PASSWORDS
    if oidc is None:
        return pages.Offers()
    return pages.Offers(passwords=login.passwords, provider=oidc.title, by_groups=oidc.by_groups)
