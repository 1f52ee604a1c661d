"""Stands before every route where people are told apart: nobody comes by without a session.

Two modes. Of ``guests`` everyone who knows the pass phrase, or has the link, gets a space of their
own for a while; the host comes in by the printed address. Of ``users`` everybody has a name and a
password: the first administrator by a link that is printed once, the others by links that an
administrator makes. Whoever is let in is noted in the scope, and the routes ask there
(:mod:`chat.web.owner`). What belongs to a stranger's request is answered here, without a look at
what it asks for.
"""

import asyncio
import hmac
import logging
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal
from urllib.parse import parse_qs, parse_qsl, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from chat.core.errors import ChatError
from chat.core.messages import new_id, now
from chat.core.people import People, Person, Session
from chat.core.personal_keys import PersonalKeys
from chat.gateway.quotas import Quotas
from chat.turns.app_state import LOCAL_OWNER
from chat.web import login_pages as pages
from chat.web.attempts import TRIES, WITHIN_S, Attempts, address_of
from chat.web.forms import Form, FormTooLarge, read_form
from chat.web.health import OPEN_PATHS
from chat.web.hosts import is_here, is_secure
from chat.web.owner import PERSON
from chat.web.passwords import Passwords, password_trouble
from chat.web.people_names import called, name_trouble
from chat.web.people_pages import PeoplePages
from chat.web.policy import Policy
from chat.web.replies import Reply
from chat.web.root_path import root_of
from chat.web.session_watch import LOOK_AGAIN_S, passed_on, until_over, varying
from chat.web.sessions import Look, Sessions

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
USED_UP = "This link was used, or its time is over. Ask for a new one."
NO_COOKIES = (
    "This browser keeps no cookies for Easel, and without one Easel does not know it again. Allow "
    "cookies for this address, then come in once more."
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
        self._passwords = passwords or Passwords()
        self._look_again_s = look_again_s
        self._sessions = Sessions(people, key, self._admits, clock)
        self._guest_link = guest_link(key, login.phrase)
        self._pages = PeoplePages(
            people,
            self._sessions,
            self._passwords,
            self._attempts,
            offers=pages.NO_PASSWORDS if login.mode == "guests" else pages.Offers(),
            quotas=quotas,
            keys=keys,
            clock=clock,
        )

    def _admits(self, person: Person) -> bool:
        if self._login.mode == "users":
            return bool(person.password) and person.role != "guest"
        return person.role == "guest" or person.id == LOCAL_OWNER

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
        except FormTooLarge:
            reply = Reply(413, "That is too much for a form.")
        except ChatError as error:
            log.warning("the login failed: %s", error, exc_info=error)
            reply = replace(self._page(503, pages.sorry(str(error))), sentence=str(error))
        if reply is not None:
            await reply.send(scope, send)
        elif look is None and scope["type"] == "websocket":
            await Reply(401, SIGN_IN).send(scope, send)
        elif look is None:
            await self._asked(scope, 401).send(scope, send)
        elif scope["type"] == "websocket":
            await self._watched(scope, receive, send, look)
        else:
            await self._app({**scope, PERSON: look[1]}, receive, varying(send))

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
            if refused := self._refused(scope, given, self._guest_link):
                return self._asked(scope, *refused)
            return self._page(200, pages.guest_asked(root_of(scope), link=given))
        if link in {"setup", "invite"} and self._login.mode == "users":
            return await self._invited(scope, link, given)
        return self._to(scope) if look is not None else None

    async def _host(self, scope: Scope, given: str, look: Look | None) -> Reply | None:
        """The host of guests, by the printed address."""
        if self._login.mode != "guests" or not self._login.token:
            return self._to(scope) if look is not None else None
        if refused := self._refused(scope, given, self._login.token):
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

    def _refused(self, scope: Scope, given: str, due: str) -> tuple[int, str] | None:
        """Status and sentence for a wrong secret, or for any after too many wrong."""
        address = address_of(scope)
        if self._attempts.exhausted(address):
            return 429, TOO_OFTEN
        # Both as digests: the time of comparing tells neither a letter nor the length.
        said, known = (sha256(text.encode("utf-8", "replace")).digest() for text in (given, due))
        if due and hmac.compare_digest(said, known):
            return None
        self._attempts.count(address)
        return 401, pages.WRONG_PHRASE

    async def _enter(self, scope: Scope, form: Form, look: Look | None) -> Reply:
        """A form was sent that asks to be let in."""
        if self._login.mode == "guests":
            return await self._enter_as_guest(scope, form, look)
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
        if person is None or not fits:
            return self._asked(scope, 401, NOT_TOGETHER, form)
        self._attempts.forget(pair)
        for who, _ in limits:
            self._attempts.take_back(who)
        if self._passwords.is_dated(kept):
            await self._kept_anew(person, kept, password)
        return await self._let_in(scope, person, look, form("place"))

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
        if refused := self._refused(scope, form("guest" if by_link else "phrase"), due):
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
        return self._page(200, pages.account_asked(root_of(scope), link, given, own))

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
            page = pages.account_asked(root_of(scope), link, given, own, trouble, form)
            return self._page(400, page)
        hashed = await self._passwords.hashed(form("password"))
        if link == "setup":
            # Of two who send it at once, one finds it used.
            if not self._setup:
                return self._page(410, pages.sorry(USED_UP))
            self._setup = ""
            try:
                person = await asyncio.to_thread(self._administrator, name, form("title"), hashed)
            except BaseException:
                self._setup = given
                raise
        else:
            invitation = holder.invitation

            def accept(found: Person) -> Person:
                if found.invitation != invitation:
                    raise _UsedUp
                return replace(found, password=hashed, invitation="", invited_until=None)

            try:
                person = await asyncio.to_thread(self._people.change, holder.id, accept)
            except _UsedUp:
                return self._page(410, pages.sorry(USED_UP))
        await self._sessions.end_all(person.id)
        log.info("%s has chosen a password by a link", person.name)
        return await self._let_in(scope, person, look)

    def _administrator(self, name: str, title: str, hashed: str) -> Person:
        """Make somebody administrator: who has that name, or the owner of what is there already."""

        def alter(person: Person) -> Person:
            return replace(
                person,
                name=name,
                title=called(title) or person.title or name,
                role="administrator",
                password=hashed,
                invitation="",
                invited_until=None,
                disabled_at=None,
            )

        person = self._people.by_name(name)
        if person is None:
            person = self._people.person(LOCAL_OWNER)
            if person is not None and person.password:
                person = None  # it has become somebody's
        if person is not None:
            return self._people.change(person.id, alter)
        taken = self._people.person(LOCAL_OWNER) is not None
        first = Person(new_id() if taken else LOCAL_OWNER, created_at=self._clock())
        self._people.add(alter(first))
        return alter(first)

    async def _let_in(
        self, scope: Scope, person: Person, look: Look | None, place: str = ""
    ) -> Reply:
        """Give a new cookie, and have the browser show that it keeps it."""
        cookie, session = await self._sessions.begin(person, look)
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
            if look[1].role == "guest":
                await asyncio.to_thread(self._people.change, look[1].id, self._gone)
        page = self._page(200, pages.left(root_of(scope)))
        # What a page has kept in the browser is for nobody who uses it next.
        clear = (b"clear-site-data", b'"cache", "storage"')
        return replace(page, headers=(*page.headers, clear)).with_cookie(
            self._cookie(scope, "", None)
        )

    def _gone(self, guest: Person) -> Person:
        return replace(guest, ends_at=self._clock())

    # Answers

    def _asked(self, scope: Scope, status: int, why: str = "", form: Form | None = None) -> Reply:
        """The form that lets in, as a page; for what reads none, a sentence."""
        root, place = root_of(scope), form("place") if form else _query(scope)
        if self._login.mode == "users":
            name = form("name") if form else ""
            empty = bool(self._setup)
            page = pages.password_asked(root, place, why, name, nobody_yet=empty)
        elif form is not None and form("guest"):
            page = pages.guest_asked(root, why, form("guest"), form("title"))
        elif self._login.phrase:
            page = pages.phrase_asked(root, place, why, form("title") if form else "")
        else:
            page = pages.link_wanted(why)
        reply = self._page(status, page)
        return replace(reply, sentence=why or SIGN_IN)

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


class _UsedUp(Exception):
    """Somebody else has used the link in the meantime."""


def guest_link(key: bytes, phrase: str) -> str:
    """What the link for guests carries: the same after a restart, another for another phrase."""
    made = hmac.new(key, b"easel guest link\0" + phrase.encode(), sha256).digest()
    return urlsafe_b64encode(made[:24]).decode("ascii")


def setup_link(people: People, *, wanted: bool) -> str:
    """What the link of this start carries by which somebody becomes administrator; empty: none.

    ``wanted`` makes one though there is an administrator.
    """
    there = any(
        each.role == "administrator" and each.password and each.disabled_at is None
        for each in people.everybody()
    )
    return secrets.token_urlsafe(24) if wanted or not there else ""


def _query(scope: Scope) -> str:
    """The fields of the page's own address, which it is to be opened with again."""
    return scope["query_string"].decode("latin-1") if scope["path"] == "/" else ""
