"""Who asks is said by a proxy in front, in a header: believed from its own addresses, only.

There is no form, no password and no cookie of ours. Each request says anew who it is from; whoever
comes for the first time is added. What counts is the address of the connection itself: what
``X-Forwarded-For`` makes of it is believed by nothing here.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.core.audit import AuditLog
from chat.core.errors import ChatError, Conflict, Unstorable
from chat.core.messages import new_id, now
from chat.core.people import People, Person, Role, group_names
from chat.gateway.quotas import Quotas
from chat.trusted_header import TrustedHeader
from chat.turns.app_state import LOCAL_OWNER
from chat.web import login_pages as pages
from chat.web.attempts import Attempts
from chat.web.audit_trail import AuditTrail, groups_named
from chat.web.connections import Occasional
from chat.web.forms import FormTooLarge
from chat.web.forwarded import peer_of
from chat.web.health import OPEN_PATHS
from chat.web.login_mode import SHUT_OUT
from chat.web.owner import PERSON
from chat.web.passwords import Passwords
from chat.web.people_names import called, name_trouble
from chat.web.people_pages import PeoplePages
from chat.web.replies import Reply
from chat.web.session_watch import LOOK_AGAIN_S, passed_on, until_over, varying, with_body
from chat.web.sessions import Look, Sessions, standing
from chat.web.strangers import as_stranger, is_open

log = logging.getLogger("easel")

MAX_HEADER_CHARACTERS = 8_000
TRIES = 3
"""So often somebody who is new is looked for, while others of the same name may be added."""

ELSEWHERE = "Easel is reached by the sign-in of this site alone. Open its usual address."
NOBODY = "The sign-in of this site does not say who you are. Sign in there, then load the page."
STRANGE = "The sign-in of this site calls you by a name that Easel cannot use. Tell its host."


class HeaderLogin:
    """Plain ASGI: nobody comes by whom the proxy does not name."""

    def __init__(
        self,
        app: ASGIApp,
        trusted: TrustedHeader,
        people: People,
        key: bytes,
        *,
        quotas: Quotas | None = None,
        audit: AuditLog | None = None,
        clock: Callable[[], datetime] = now,
        look_again_s: float = LOOK_AGAIN_S,
    ) -> None:
        """Serve ``app`` to those whom the proxy names.

        Args:
            app: everything else.
            trusted: what the proxy says, and from where it is believed.
            people: who there is.
            key: signs the cookies of other logins.
            quotas: what people may spend, which an administrator can change; ``None``: nobody can.
            audit: where it is written down who did what; ``None``: nowhere.
            clock: what time it is.
            look_again_s: how often a live connection asks whether its person may still be here.
        """
        self._app = app
        self._trusted = trusted
        self._people = people
        self._clock = clock
        self._look_again_s = look_again_s
        self._sessions = Sessions(people, key, lambda person: person.role != "guest", clock)
        self._trail = AuditTrail(audit, clock)
        self._by_groups = bool(trusted.administrator_groups or trusted.manager_groups)
        self._pages = PeoplePages(
            people,
            self._sessions,
            Passwords(),
            Attempts(time.monotonic),
            offers=pages.Offers(
                passwords=False, roles=not self._by_groups, sessions=False, leave=trusted.leave
            ),
            quotas=quotas,
            trail=self._trail,
            clock=clock,
        )
        self._strange_peer = Occasional(
            "A request did not come from EASEL_LOGIN_PROXIES, and was refused; whatever it says of "
            "who asks is not believed. If the proxy is on another machine, name its address there."
        )
        self._unnamed = Occasional(
            f"The proxy named nobody in {trusted.header}, or more than one, and the request was "
            "refused. It has to put that header into every request, in the place of any that a "
            "browser sends."
        )

    @property
    def sessions(self) -> Sessions:
        """Those that browsers have."""
        return self._sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the proxy says who asks it."""
        if scope["type"] not in {"http", "websocket"} or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        reply: Reply | None = None
        look: Look | None = None
        try:
            found = await self._who(scope)
            if isinstance(found, Reply):
                reply = found
            else:
                look = found
                if scope["type"] == "http":
                    reply = await self._pages.answer(scope, receive, look, _no_cookie)
        except FormTooLarge as error:
            reply = Reply(error.status_code, error.detail)
        except ClientDisconnect:
            reply = Reply(400, "The request stopped arriving.")
        except Unstorable as error:
            reply = _refused(400, str(error))
        except ChatError as error:
            log.warning("the login failed: %s", error, exc_info=error)
            reply = _refused(503, str(error))
        if reply is not None and reply.status == 401 and self._may_look(scope):
            await self._app(as_stranger(scope), receive, varying(send))
        elif reply is not None:
            await reply.send(scope, send)
        elif look is not None and scope["type"] == "http":
            await with_body(self._app, scope, receive, varying(send), self._sessions, look)
        elif look is not None:
            await self._watched(scope, receive, send, look)

    def _may_look(self, scope: Scope) -> bool:
        """Whether a request of nobody that is known is for what is shared by a link."""
        return is_open(scope) and self._trusted.believes(peer_of(scope))

    async def _watched(self, scope: Scope, receive: Receive, send: Send, look: Look) -> None:
        """Pass on a live connection for as long as its person may be here."""
        session, person = look
        ended = self._sessions.watch(session)

        async def over() -> None:
            await until_over(ended, lambda: self._is_let_in(person), self._look_again_s)

        try:
            await passed_on(self._app, {**scope, PERSON: person}, receive, send, over)
        finally:
            self._sessions.unwatch(session, ended)

    async def _is_let_in(self, person: Person) -> bool:
        found = await asyncio.to_thread(self._people.person, person.id)
        return found is not None and self._sessions.lets_in(found)

    async def _who(self, scope: Scope) -> Look | Reply:
        """Whom the proxy names, or why nobody is let in."""
        if not self._trusted.believes(peer_of(scope)):
            self._strange_peer.say()
            return _refused(401, ELSEWHERE)
        said = _values(scope, self._trusted.header)
        if len(said) != 1 or not said[0]:
            self._unnamed.say()
            return _refused(401, NOBODY)
        name = said[0].lower()
        if name_trouble(name):
            log.warning("the proxy calls somebody %.100r, which is no name here", said[0])
            return _refused(401, STRANGE)
        title = " ".join(_values(scope, self._trusted.title_header))
        groups = ",".join(_values(scope, self._trusted.groups_header)).split(",")
        person = await asyncio.to_thread(
            self._known, name, called(title), frozenset(each.strip() for each in groups)
        )
        if not self._sessions.lets_in(person):
            return _refused(401, SHUT_OUT)
        return standing(person, self._clock()), person

    def _known(self, name: str, title: str, groups: frozenset[str]) -> Person:
        """Somebody as they are kept, brought up to what the proxy says; added where they are new.

        Raises:
            StorageError: it could not be kept.
        """
        role = self._role(name, groups)
        person = self._by_name_or_new(name, title, role)
        wanted = replace(
            person,
            title=title or person.title,
            role=role or person.role,
            told_groups=group_names(groups),
        )
        if wanted == person or person.role == "guest":
            return person
        if wanted.role != person.role:
            log.info("%s is %s by the word of the proxy", name, wanted.role)
            self._trail.keep("role_changed", person, {"role": wanted.role, "by": "proxy"}, person)

        if wanted.told_groups != person.told_groups:
            facts = {"groups": groups_named(wanted.told_groups), "by": "proxy"}
            self._trail.keep("groups_changed", person, facts, person)

        def alter(found: Person) -> Person:
            return replace(
                found, title=wanted.title, role=wanted.role, told_groups=wanted.told_groups
            )

        return self._people.change(person.id, alter)

    def _role(self, name: str, groups: frozenset[str]) -> Role | None:
        """What the settings make somebody; ``None``: that is for the administrators here."""
        if name in self._trusted.administrators or groups & self._trusted.administrator_groups:
            return "administrator"
        if groups & self._trusted.manager_groups:
            return "manager"
        return "user" if self._by_groups else None

    def _by_name_or_new(self, name: str, title: str, role: Role | None) -> Person:
        """The first administrator becomes the owner of what there is already."""
        for _ in range(TRIES):
            if found := self._people.by_name(name):
                return found
            owner = self._people.person(LOCAL_OWNER) if role == "administrator" else None
            try:
                if owner is not None and not owner.name:
                    return self._people.change(LOCAL_OWNER, _naming(name, title or name))
                first = role == "administrator" and owner is None
                made = Person(
                    LOCAL_OWNER if first else new_id(),
                    name,
                    title or name,
                    role or "user",
                    created_at=self._clock(),
                )
                self._people.add(made)
            except Conflict:  # two requests at once are each the first
                continue
            log.info("%s has come for the first time, as %s", name, made.role)
            self._trail.keep("account_begun", made, {"role": made.role, "by": "proxy"})
            return made
        raise Conflict("Somebody of this name is just being added. Load the page again.")


def _naming(name: str, title: str) -> Callable[[Person], Person]:
    def alter(owner: Person) -> Person:
        if owner.name:
            raise Conflict("It has become somebody's.")
        return replace(owner, name=name, title=title, role="administrator")

    return alter


async def _no_cookie(scope: Scope, look: Look) -> str:
    """There are no passwords whose change would need another."""
    raise AssertionError(f"{look[1].id} has no cookie at {scope['path']}")


def _values(scope: Scope, header: str) -> list[str]:
    """What is said under a name, once for each time that it is there."""
    name = header.encode("ascii")
    found = [value for key, value in scope["headers"] if name and key.lower() == name]
    return [_bounded(each).decode("utf-8", "replace").strip() for each in found]


def _bounded(value: bytes) -> bytes:
    """Without what is too much, from the last comma on: half a name may be another's."""
    if len(value) <= MAX_HEADER_CHARACTERS:
        return value
    return value[:MAX_HEADER_CHARACTERS].rpartition(b",")[0]


def _refused(status: int, sentence: str) -> Reply:
    return Reply(status, sentence, page=pages.sorry(sentence))
