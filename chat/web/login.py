"""Stands before every route where people are told apart: nobody comes by without a session.

Two modes. Of ``guests`` everyone who knows the pass phrase, or has the link, gets a space of their
own for a while; the host comes in by the printed address. Of ``users`` everybody has a name and a
password: the first administrator by a link that is printed once, the others by links that an
administrator makes. A provider of identities may sign them in beside that, or alone. Whoever is let
in is noted in the scope, and the routes ask there (:mod:`chat.web.owner`). What belongs to a
stranger's request is answered here, without a look at what it asks for.
"""

import asyncio
import hmac
import logging
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal
from urllib.parse import parse_qs, parse_qsl, urlencode

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.core.audit import AuditLog
from chat.core.errors import ChatError, Conflict, Unstorable
from chat.core.messages import new_id, now
from chat.core.people import People, Person, Session
from chat.core.personal_keys import PersonalKeys
from chat.gateway.quotas import Quotas
from chat.oidc import Claims
from chat.turns.app_state import LOCAL_OWNER
from chat.web import login_pages as pages
from chat.web.attempts import TRIES, WITHIN_S, Attempts, address_of
from chat.web.audit_trail import AuditTrail, groups_named
from chat.web.forms import Form, FormTooLarge, read_form
from chat.web.health import OPEN_PATHS
from chat.web.hosts import is_here, is_secure
from chat.web.not_signed_in import NotSignedIn
from chat.web.oidc_login import BEGIN, CALLBACK, Asked, OidcLogin, begin_address
from chat.web.oidc_people import Arrival, OidcPeople
from chat.web.owner import PERSON
from chat.web.passwords import Passwords, password_trouble
from chat.web.people_names import called, name_trouble
from chat.web.people_pages import PeoplePages
from chat.web.policy import Policy
from chat.web.replies import Reply
from chat.web.root_path import root_of
from chat.web.session_watch import LOOK_AGAIN_S, passed_on, until_over, varying, with_body
from chat.web.sessions import Look, Sessions
from chat.web.strangers import as_stranger, is_open

log = logging.getLogger("easel")

BY_ADDRESS = 3 * TRIES
BY_NAME = 10 * TRIES
"""Wrong passwords that an address may try whatever the name, and a name may suffer in all."""

MAX_PASSWORD_CHARACTERS = 1000
LINKS = ("token", "guest", "setup", "invite", "entered")
"""What an address may carry for us; nothing of it is passed on."""

SIGN_IN = "You are not signed in. Load the page again."
NOT_TOGETHER = "That name and password do not go together."
TOO_OFTEN = "Too many wrong tries. Wait five minutes, then try again."
SHUT_OUT = "You are not let in here. Ask an administrator of this Easel."
USED_UP = "This link was used, or its time is over. Ask for a new one."
NO_COOKIES = (
    "This browser keeps no cookies for Easel, and without one Easel does not know it again. Allow "
    "cookies for this address, then come in once more."
)
NO_PASSWORDS = "Nobody signs in by a password here."
READ_ALONG = (
    "Nobody is signed in over a connection that others can read. Open Easel by https, or have "
    "whoever runs it set EASEL_PLAIN_HTTP=1."
)
NOT_ENCRYPTED = (
    "Passwords are not taken over a connection that others can read. Open Easel by https, or have "
    "whoever runs it set EASEL_PLAIN_HTTP=1."
)


@dataclass(frozen=True, slots=True)
class Login:
    """How people are told apart."""

    mode: Literal["guests", "users"]
    phrase: str = field(default="", repr=False)
    """What guests are asked for; empty: they come by the link alone."""
    token: str = field(default="", repr=False)
    """What the address carries by which the host of guests comes in; empty: not at all."""
    guest_stays: timedelta = timedelta(days=30)
    framed: bool = False
    """Shown in a frame of another site, by https."""
    plain_http: bool = False
    """Passwords are taken over http, too."""
    passwords: bool = True
    """Of ``users``: a name and a password let in."""


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
        self._people = people
        self._policy = policy
        self._setup = setup
        self._clock = clock
        self._attempts = Attempts(ticks)
        self._trail = AuditTrail(audit, clock)
        self._passwords = passwords or Passwords()
        self._look_again_s = look_again_s
        self._sessions = Sessions(people, key, self._admits, clock)
        self._guest_link = guest_link(key, login.phrase)
        self._oidc = oidc
        self._oidc_people = None if oidc is None else OidcPeople(oidc.settings, people, clock)
        self._pages = PeoplePages(
            people,
            self._sessions,
            self._passwords,
            self._attempts,
            offers=_offers(login, oidc),
            quotas=quotas,
            keys=keys,
            trail=self._trail,
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
            look = await self._sessions.find(scope, secure=self._secure(scope))
            if scope["type"] == "http":
                reply = await self._own(scope, receive, look)
        except FormTooLarge as error:
            reply = Reply(error.status_code, error.detail)
        except ClientDisconnect:
            reply = Reply(400, "The request stopped arriving.")
        except Unstorable as error:
            reply = replace(self._page(400, pages.sorry(str(error))), sentence=str(error))
        except ChatError as error:
            log.warning("the login failed: %s", error, exc_info=error)
            reply = replace(self._page(503, pages.sorry(str(error))), sentence=str(error))
        if reply is not None:
            await reply.send(scope, send)
        elif look is None and scope["type"] == "websocket":
            await Reply(401, SIGN_IN).send(scope, send)
        elif look is None and is_open(scope):
            await self._app(as_stranger(scope), receive, varying(send))
        elif look is None:
            await self._asked(scope, 401).send(scope, send)
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
        if method == "GET" and path in {BEGIN, CALLBACK} and self._oidc is not None:
            return await self._by_provider(scope, self._oidc, look)
        if method == "POST" and path == "/access/begin" and self._login.mode == "users":
            return await self._begin_account(scope, await read_form(receive), look)
        if look is not None:
            return await self._pages.answer(scope, receive, look, self._renewed)
        return None

    # Coming in

    async def _by_link(
        self, scope: Scope, link: str, given: str, look: Look | None
    ) -> Reply | None:
        """What an address with one of our fields leads to."""
        if link == "entered":
            if look is None:
                return self._asked(scope, 401, NO_COOKIES)
            return self._to(scope)
        if link == "token":
            return await self._host(scope, given, look)
        if link == "guest" and self._login.mode == "guests":
            if look is not None:
                return self._to(scope)
            if refused := await self._refused(scope, given, self._guest_link):
                return self._asked(scope, *refused)
            return self._page(200, pages.guest_asked(root_of(scope), link=given))
        if link in {"setup", "invite"} and self._login.mode == "users":
            return await self._invited(scope, link, given)
        return self._to(scope) if look is not None else None

    async def _host(self, scope: Scope, given: str, look: Look | None) -> Reply | None:
        """The host of guests, by the printed address."""
        if self._login.mode != "guests" or not self._login.token:
            return self._to(scope) if look is not None else None
        if refused := await self._refused(scope, given, self._login.token):
            # The address of an earlier start leads in who is in already.
            return self._to(scope) if look is not None else self._asked(scope, *refused)
        if look is not None and look[1].id == LOCAL_OWNER:
            return self._to(scope)
        host = await asyncio.to_thread(self._people.person, LOCAL_OWNER)
        if host is None:
            host = Person(LOCAL_OWNER, title="Host", role="administrator", created_at=self._clock())
            await asyncio.to_thread(self._people.add, host)
        if not self._sessions.lets_in(host):
            return self._asked(scope, 401)
        return await self._let_in(scope, host, look)

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

    async def _enter(self, scope: Scope, form: Form, look: Look | None) -> Reply:
        """A form was sent that asks to be let in."""
        if self._login.mode == "guests":
            return await self._enter_as_guest(scope, form, look)
        if not self._login.passwords:
            return self._asked(scope, 403, NO_PASSWORDS, form)
        name, password = form("name").strip().lower(), form("password")
        pair = f"{address_of(scope)} {name[:64]}"
        limits = ((pair, TRIES), (address_of(scope), BY_ADDRESS), (name[:64], BY_NAME))
        if not self._encrypted(scope):
            return self._asked(scope, 403, NOT_ENCRYPTED)
        if any(self._attempts.exhausted(who, most) for who, most in limits):
            return self._asked(scope, 429, TOO_OFTEN, form)
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
            return self._asked(scope, 401, NOT_TOGETHER, form)
        self._attempts.forget(pair)
        for who, _ in limits:
            self._attempts.take_back(who)
        if self._passwords.is_dated(kept):
            await self._kept_anew(person, kept, password)
        # Nobody was asked this time if they are still in them.
        await self._forget_told_groups(scope, person, "password")
        return await self._let_in(scope, person, look, form("place"))

    async def _forget_told_groups(self, scope: Scope, person: Person, by: str) -> None:
        if not person.told_groups:
            return
        left = await asyncio.to_thread(self._people.change, person.id, _without_told_groups)
        await self._trail.note(scope, "groups_changed", {"by": by}, actor=left, subject=left)

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

    async def _enter_as_guest(self, scope: Scope, form: Form, look: Look | None) -> Reply:
        if look is not None:
            return self._to(scope, form("place"))
        by_link = bool(form("guest"))
        due = self._guest_link if by_link else self._login.phrase
        if refused := await self._refused(scope, form("guest" if by_link else "phrase"), due):
            return self._asked(scope, *refused, form)
        # So many spaces an address may begin, too: each is kept for as long as a guest stays.
        begun = f"guests of {address_of(scope)}"
        if self._attempts.exhausted(begun, BY_ADDRESS):
            return self._asked(scope, 429, TOO_OFTEN, form)
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
        return await self._let_in(scope, guest, look, form("place"))

    async def _invited(self, scope: Scope, link: str, given: str) -> Reply:
        """The form by which somebody who has a link chooses a password."""
        if not self._encrypted(scope):
            return self._asked(scope, 403, NOT_ENCRYPTED)
        person = await self._holder(scope, link, given)
        if person is None:
            return self._page(410, pages.sorry(USED_UP))
        own = None if link == "setup" else person
        return self._page(200, self._account_page(scope, link, given, own))

    async def _holder(self, scope: Scope, link: str, given: str) -> Person | None:
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

    async def _begin_account(self, scope: Scope, form: Form, look: Look | None) -> Reply:
        """A password was chosen by a link, which is used up by it."""
        if not self._login.passwords:
            return self._asked(scope, 403, NO_PASSWORDS)
        if not self._encrypted(scope):
            return self._asked(scope, 403, NOT_ENCRYPTED)
        link = "setup" if form("setup") else "invite"
        given = form(link)
        holder = await self._holder(scope, link, given)
        if holder is None:
            return self._page(410, pages.sorry(USED_UP))
        name = form("name").strip().lower() if link == "setup" else holder.name
        trouble = name_trouble(name) or password_trouble(form("password"), form("again"), name)
        if trouble:
            own = None if link == "setup" else holder
            return self._page(400, self._account_page(scope, link, given, own, trouble, form))
        hashed = await self._passwords.hashed(form("password"))
        person = await self._by_own_link(link, given, holder, name, form("title"), password=hashed)
        if person is None:
            return self._page(410, pages.sorry(USED_UP))
        log.info("%s has chosen a password by a link", person.name)
        await self._trail.note(scope, "account_begun", {"role": person.role}, actor=person)
        return await self._let_in(scope, person, look)

    async def _by_own_link(
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

    # By a provider of identities

    async def _by_provider(self, scope: Scope, oidc: OidcLogin, look: Look | None) -> Reply:
        """Off to the provider, or back from it."""
        fields = parse_qs(scope["query_string"].decode("latin-1"))
        secure, place = self._secure(scope), ""
        if scope["path"] == BEGIN:
            place = fields.get("place", [""])[0]
        if not self._encrypted(scope):
            return self._asked(scope, 403, READ_ALONG)
        if self._attempts.exhausted(address_of(scope), BY_ADDRESS):
            return self._asked(scope, 429, TOO_OFTEN)
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
            reply = self._asked(scope, nobody.status, str(nobody), place=place)
        else:
            reply = await self._let_in(scope, person, look, place)
        return oidc.without_cookie(reply, scope, secure=secure)

    async def _arrived(self, scope: Scope, asked: Asked, claims: Claims) -> Person:
        """Whom the provider has signed in, as they are kept here. Raises ``NotSignedIn``."""
        assert self._oidc_people is not None, "there is a provider"
        known = self._oidc_people
        try:
            arrival = known.arrival(claims)
            if not arrival.welcome:
                if person := await asyncio.to_thread(known.known, arrival):
                    await self._forget_told_groups(scope, person, known.title)
                    await self._sessions.end_all(person.id)
                raise known.unwelcome()
            if asked.link:
                await self._joined(scope, asked, known, arrival)
            before = await asyncio.to_thread(known.known, arrival)
            person = await asyncio.to_thread(known.settled, arrival)
        except Conflict as taken:
            raise NotSignedIn(str(taken), status=409) from taken
        by = self._oidc.title if self._oidc else ""
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

    async def _joined(
        self, scope: Scope, asked: Asked, known: OidcPeople, arrival: Arrival
    ) -> None:
        """Who has come by a link of ours is that person from now on. Raises ``NotSignedIn``."""
        holder = await self._holder(scope, asked.link, asked.given)
        # Where groups make administrators, a link makes none of whom they are asked of.
        if holder is None or (asked.link == "setup" and known.by_groups):
            raise NotSignedIn(USED_UP, status=410)
        before = await asyncio.to_thread(known.known, arrival)
        name = before.name if before else ""
        if asked.link == "setup" and not name:
            name = known.named(arrival)
        person = await self._by_own_link(
            asked.link, asked.given, holder, name, arrival.title, identity=arrival.identity
        )
        if person is None:
            raise NotSignedIn(USED_UP, status=410)
        log.info("%s is signed in by the provider from now on, by a link", person.name)

    async def _let_in(
        self, scope: Scope, person: Person, look: Look | None, place: str = ""
    ) -> Reply:
        """Give a new cookie, and have the browser show that it keeps it."""
        cookie, session = await self._sessions.begin(person, look)
        await self._trail.note(scope, "signed_in", actor=person)
        place = place or _query(scope)
        back = f"{place}&entered=1" if place else "entered=1"
        return self._to(scope, back, keep=("entered",)).with_cookie(
            self._cookie(scope, cookie, session)
        )

    async def _renewed(self, scope: Scope, look: Look) -> str:
        """Another cookie for who is signed in: something weighty has changed."""
        cookie, session = await self._sessions.begin(look[1], look)
        return self._cookie(scope, cookie, session)

    async def _leave(self, scope: Scope, look: Look | None) -> Reply:
        if look is not None:
            await self._sessions.end(look[0])
            await self._trail.note(scope, "signed_out", actor=look[1])
            if look[1].role == "guest":
                await asyncio.to_thread(self._people.change, look[1].id, self._gone)
        there = ""
        if self._oidc is not None and look is not None and look[1].identity:
            there = await self._oidc.leaving(scope)
        title = self._oidc.title if self._oidc else ""
        page = self._page(200, pages.left(root_of(scope), there, title))
        # What a page has kept in the browser is for nobody who uses it next.
        clear = (b"clear-site-data", b'"cache", "storage"')
        return replace(page, headers=(*page.headers, clear)).with_cookie(
            self._cookie(scope, "", None)
        )

    def _gone(self, guest: Person) -> Person:
        return replace(guest, ends_at=self._clock())

    # Answers

    def _asked(
        self, scope: Scope, status: int, why: str = "", form: Form | None = None, place: str = ""
    ) -> Reply:
        """The form that lets in, as a page; for what reads none, a sentence."""
        root, place = root_of(scope), form("place") if form else place or _query(scope)
        if self._login.mode == "users":
            name = form("name") if form else ""
            page = pages.sign_in_asked(
                root, place, why, name, nobody_yet=bool(self._setup),
                passwords=self._login.passwords, provider=self._provider(root, place),
            )  # fmt: skip
        elif form is not None and form("guest"):
            page = pages.guest_asked(root, why, form("guest"), form("title"))
        elif self._login.phrase:
            page = pages.phrase_asked(root, place, why, form("title") if form else "")
        else:
            page = pages.link_wanted(why)
        reply = self._page(status, page)
        return replace(reply, sentence=why or SIGN_IN)

    def _account_page(
        self,
        scope: Scope,
        link: str,
        given: str,
        person: Person | None,
        why: str = "",
        form: Form | None = None,
    ) -> bytes:
        """Where somebody who has a link chooses by what they sign in."""
        root = root_of(scope)
        by_groups = link == "setup" and self._oidc is not None and self._oidc.by_groups
        return pages.account_asked(
            root, link, given, person, why, form, passwords=self._login.passwords,
            provider=None if by_groups else self._provider(root, **{link: given}),
        )  # fmt: skip

    def _provider(self, root: str, place: str = "", **link: str) -> pages.Provider | None:
        """The button of the provider, if there is one."""
        if self._oidc is None:
            return None
        # No provider shows itself in a frame of another site.
        return pages.Provider(
            self._oidc.title, begin_address(root, place, **link), apart=self._login.framed
        )

    @staticmethod
    def _page(status: int, page: bytes) -> Reply:
        late = ((b"retry-after", str(int(WITHIN_S)).encode("ascii")),) if status == 429 else ()
        return Reply(status, page=page, headers=late)

    @staticmethod
    def _to(scope: Scope, query: str = "", keep: tuple[str, ...] = ()) -> Reply:
        """Off to the page, whatever the address says besides: nowhere else."""
        fields = parse_qsl(query or _query(scope), keep_blank_values=True)
        kept = [(name, value) for name, value in fields if name not in LINKS or name in keep]
        place = f"{root_of(scope)}/"
        return Reply(303, to=f"{place}?{urlencode(kept)}" if kept else place)

    def _cookie(self, scope: Scope, value: str, session: Session | None) -> str:
        secure, framed = self._secure(scope), self._login.framed
        return self._sessions.cookie(scope, value, session, secure=secure, framed=framed)

    def _secure(self, scope: Scope) -> bool:
        return self._login.framed or is_secure(scope, self._policy)

    def _encrypted(self, scope: Scope) -> bool:
        """Whether nobody on the way can read along: https, or this machine alone."""
        return self._login.plain_http or self._secure(scope) or is_here(scope)

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


def _without_told_groups(person: Person) -> Person:
    return replace(person, told_groups=())


def _with_proof(person: Person, proof: Mapping[str, str]) -> Person:
    """With what they sign in by from now on: a password, or an identity."""
    return replace(
        person,
        password=proof.get("password", person.password),
        identity=proof.get("identity", person.identity),
    )


class _UsedUp(Exception):
    """Somebody else has used the link in the meantime."""


def guest_link(key: bytes, phrase: str) -> str:
    """What the link for guests carries: the same after a restart, another for another phrase."""
    made = hmac.new(key, b"easel guest link\0" + phrase.encode(), sha256).digest()
    return urlsafe_b64encode(made[:24]).decode("ascii")


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


def _query(scope: Scope) -> str:
    """The fields of the page's own address, which it is to be opened with again."""
    return scope["query_string"].decode("latin-1") if scope["path"] == "/" else ""
