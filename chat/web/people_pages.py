"""What those who are signed in may do for themselves, and others for them.

Administrators look after everybody, managers after users and guests: they see who there is and what
is spent, add users, shut out, and set budgets. Nothing that a manager may do opens what is somebody
else's, or makes anybody more than a user. Plain pages and forms, so that they work whatever the
studio's own scripts do. What one may not see is not there.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.types import Receive, Scope

from chat.core.audit import Act
from chat.core.errors import Conflict, NotFound
from chat.core.messages import new_id
from chat.core.people import (
    MAX_GROUP_CHARACTERS,
    MAX_GROUPS,
    People,
    Person,
    Role,
    group_names,
)
from chat.core.personal_keys import PersonalKeys
from chat.gateway.quotas import Quotas
from chat.web import login_pages as pages
from chat.web.attempts import Attempts
from chat.web.audit_trail import AuditTrail, groups_named
from chat.web.budget_pages import BudgetPages
from chat.web.forms import Form, read_form
from chat.web.key_pages import KeyPages
from chat.web.passwords import Passwords, password_trouble
from chat.web.people_names import called, name_trouble
from chat.web.replies import Reply
from chat.web.root_path import root_of
from chat.web.session_watch import OVER
from chat.web.sessions import Look, Sessions

log = logging.getLogger("easel")

OURS = ("/account/", "/people/")
"""Where the forms of these pages are sent to."""


INVITED_FOR = timedelta(days=7)
ROLES: tuple[Role, ...] = ("user", "manager", "administrator")

NOT_YOURSELF = "You cannot do this to yourself."
NO_SUCH_ACT = "There is no such thing to do."
NOT_OF_NOW = "That is not your password of now."
NO_GROUP = (
    f"Names of groups stand with commas between; each has {MAX_GROUP_CHARACTERS} characters at "
    f"most, and somebody is in {MAX_GROUPS} at most."
)
NOT_YOURS = "Only an administrator does that."
MANAGERS_ACTS = frozenset({"shut", "open", "out"})
"""A link for a new password would open what is somebody else's."""

ACTS: Mapping[str, Act] = {
    "shut": "person_shut_out",
    "open": "person_let_in",
    "out": "person_signed_out",
    "link": "link_made",
}
"""What the audit log calls them; whatever else is a role."""

Renewing = Callable[[Scope, Look], Awaitable[str]]
"""Another cookie for who is signed in."""


class PeoplePages:
    """The pages of one Easel."""

    def __init__(
        self,
        people: People,
        sessions: Sessions,
        passwords: Passwords,
        attempts: Attempts,
        *,
        offers: pages.Offers,
        quotas: Quotas | None,
        keys: PersonalKeys | None = None,
        trail: AuditTrail | None = None,
        clock: Callable[[], datetime],
    ) -> None:
        """``offers`` says what there is to be done for people, ``quotas`` what they may spend.

        ``keys`` are those of their programs; ``None``: they may have none. ``trail`` writes down
        what they do.
        """
        self._keys = keys
        self._key_pages = None if keys is None else KeyPages(keys, clock)
        self._trail = trail or AuditTrail(None)
        self._budgets = None if quotas is None else BudgetPages(quotas, people, self._trail)
        self._people = people
        self._sessions = sessions
        self._passwords = passwords
        self._attempts = attempts
        self._offers = offers
        self._clock = clock

    async def answer(
        self, scope: Scope, receive: Receive, look: Look, renewing: Renewing
    ) -> Reply | None:
        """The answer to somebody; ``None``: it is no page of these, or not for them."""
        asked = f"{scope['method']} {scope['path']}"
        form, by_now = await self._sent(scope, receive, look)
        if by_now is None:
            return Reply(401, OVER, page=pages.sorry(OVER))
        look, person = by_now, by_now[1]
        if asked == "GET /api/me":
            return Reply(200, body=_told(person))
        if asked == "GET /account":
            return await self._account(scope, look)
        if asked == "POST /account/elsewhere":
            await self._sessions.end_all(person.id, but=look[0].id)
            return await self._account(scope, look, done="You are signed out everywhere else.")
        if asked == "POST /account/password" and self._offers.passwords:
            return await self._change_password(scope, form, look, renewing)
        if scope["method"] == "POST" and scope["path"].startswith("/account/keys"):
            return await self._change_keys(scope, form, look)
        return await self._to_look_after(scope, asked, form, look) if person.manages else None

    async def _to_look_after(
        self, scope: Scope, asked: str, form: Form, look: Look
    ) -> Reply | None:
        """The answer to who looks after others; ``None``: it is no page of these."""
        if asked == "GET /people":
            return await self._everybody(scope, look)
        if asked == "POST /people/add" and self._offers.links:
            return await self._add(scope, form, look)
        if asked == "POST /people/change":
            return await self._change(scope, form, look)
        if asked == "POST /people/groups":
            return await self._change_groups(scope, form, look)
        if self._budgets is not None and scope["path"] == "/people/budgets":
            return await self._budgets.answer(scope, form, look[1])
        return None

    async def _sent(self, scope: Scope, receive: Receive, look: Look) -> tuple[Form, Look | None]:
        """A form of ours, and who sent it, as they are when it is all there: it may take minutes.

        ``None``: they are not signed in any more.
        """
        if scope["method"] != "POST" or not scope["path"].startswith(OURS):
            return _nothing, look
        form = await read_form(receive)
        return form, await self._sessions.again(look)

    async def _account(
        self,
        scope: Scope,
        look: Look,
        *,
        status: int = 200,
        why: str = "",
        done: str = "",
        made: str = "",
        form: Form | None = None,
    ) -> Reply:
        session, person = look
        keys = ""
        if self._key_pages is not None:
            keys = await self._key_pages.section(root_of(scope), person, made, form)
        others = len(await asyncio.to_thread(self._people.sessions, person.id)) - 1
        page = pages.account(
            root_of(scope), person, session, others, offers=self._offers, why=why, done=done,
            keys=keys,
        )  # fmt: skip
        return Reply(status, sentence=why, page=page)

    async def _change_keys(self, scope: Scope, form: Form, look: Look) -> Reply | None:
        """A key is made or revoked; ``None``: that is no form of ours."""
        if self._key_pages is None:
            return None
        if scope["path"] == "/account/keys":
            status, why, made = await self._key_pages.make(look[1], form)
            if made:
                name = form("key_name").strip()
                await self._trail.note(scope, "key_made", actor=look[1], subject_name=name)
            return await self._account(
                scope, look, status=status, why=why, made=made, form=form if why else None
            )
        if scope["path"] == "/account/keys/revoke":
            try:
                name = await self._key_pages.revoke(look[1], form)
            except NotFound as missing:
                return await self._account(scope, look, status=404, why=str(missing))
            await self._trail.note(scope, "key_revoked", actor=look[1], subject_name=name)
            return Reply(303, to=f"{root_of(scope)}/account")
        return None

    async def _change_password(
        self, scope: Scope, form: Form, look: Look, renewing: Renewing
    ) -> Reply:
        _, person = look
        name = f"password of {person.id}"
        if self._attempts.exhausted(name):
            return await self._account(scope, look, status=429, why=pages.TOO_OFTEN)
        self._attempts.count(name)
        if not await self._passwords.fits(person.password, form("old")):
            return await self._account(scope, look, status=401, why=NOT_OF_NOW)
        self._attempts.forget(name)
        if trouble := password_trouble(form("password"), form("again"), person.name):
            return await self._account(scope, look, status=400, why=trouble)
        hashed = await self._passwords.hashed(form("password"))

        def alter(found: Person) -> Person:
            if found.password != person.password:  # an administrator has taken it away meanwhile
                raise Conflict(NOT_OF_NOW)
            return replace(found, password=hashed, invitation="", invited_until=None)

        try:
            await asyncio.to_thread(self._people.change, person.id, alter)
        except Conflict as other:
            return await self._account(scope, look, status=409, why=str(other))
        await self._sessions.end_all(person.id, but=look[0].id)
        cookie = await renewing(scope, look)
        log.info("%s has changed their password", person.name)
        await self._trail.note(scope, "password_changed", actor=person)
        done = "Your password is changed, and you are signed out everywhere else."
        return (await self._account(scope, look, done=done)).with_cookie(cookie)

    async def _everybody(
        self,
        scope: Scope,
        look: Look,
        *,
        status: int = 200,
        why: str = "",
        link: tuple[str, str] | None = None,
        form: Form | None = None,
    ) -> Reply:
        everybody = await asyncio.to_thread(self._people.everybody)
        page = pages.everybody(
            root_of(scope), look[1], everybody, self._clock(), offers=self._offers, why=why,
            link=link, form=form, budgets=self._budgets is not None,
        )  # fmt: skip
        return Reply(status, sentence=why, page=page)

    async def _add(self, scope: Scope, form: Form, look: Look) -> Reply:
        name = form("name").strip().lower()
        wanted, reader = form("role"), look[1]
        by_administrator = reader.role == "administrator"
        role = next((each for each in ROLES if each == wanted and by_administrator), ROLES[0])
        if trouble := name_trouble(name):
            return await self._everybody(scope, look, status=400, why=trouble, form=form)
        token, hashed = _invitation()
        until = self._clock() + INVITED_FOR
        person = Person(
            new_id(), name, called(form("title")) or name, role, "", hashed, until, self._clock()
        )
        try:
            await asyncio.to_thread(self._people.add, person)
        except Conflict as taken:
            return await self._everybody(scope, look, status=409, why=str(taken), form=form)
        log.info("%s has added %s as %s", reader.name, person.name, role)
        await self._trail.note(scope, "person_added", {"role": role}, actor=reader, subject=person)
        return await self._everybody(scope, look, link=(person.title, _address(scope, token)))

    async def _change(self, scope: Scope, form: Form, look: Look) -> Reply:
        token, hashed = _invitation()
        moment = self._clock()

        act, person_id = form("act"), form("person")
        if not self._offers.links and person_id == look[1].id:
            # There may be nobody else to take it back.
            return await self._everybody(scope, look, status=409, why=NOT_YOURSELF)

        def may(reader: Person, person: Person) -> None:
            _require_may_change(reader, person, act)

        told_before: list[tuple[str, ...]] = []

        def alter(person: Person) -> Person:
            told_before.append(person.told_groups)
            if act == "link" and person.role != "guest" and self._offers.links:
                until = moment + INVITED_FOR
                return replace(
                    person, password="", identity="", told_groups=(), invitation=hashed,
                    invited_until=until,
                )  # fmt: skip
            if act in ROLES and not self._offers.decides(person):
                raise NotFound(NO_SUCH_ACT)
            return _changed(person, act, moment)

        def change() -> Person:
            keeps = self._offers.links
            return self._people.change(
                person_id, alter, keeps_administrator=keeps, by=(look[1].id, may)
            )

        try:
            changed = await asyncio.to_thread(change)
        except NotFound as missing:
            return await self._everybody(scope, look, status=404, why=str(missing))
        except Conflict as conflict:
            return await self._everybody(scope, look, status=409, why=str(conflict))
        if act == "link" and self._keys is not None:
            # Whoever knew the old password may have made some.
            await asyncio.to_thread(self._keys.remove, changed.id)
        if act in {"link", "shut", "out"}:
            await self._sessions.end_all(changed.id, but=look[0].id if act == "out" else "")
        log.info("%s: %s for %s", look[1].name or look[1].id, act, changed.name or changed.id)
        told = told_before[-1] != changed.told_groups
        await self._note_act(scope, act, look, changed, groups=told)
        if act == "link":
            return await self._everybody(scope, look, link=(changed.title, _address(scope, token)))
        return Reply(303, to=f"{root_of(scope)}/people")

    async def _change_groups(self, scope: Scope, form: Form, look: Look) -> Reply:
        """The groups that somebody is in by the word of administrators are these."""
        named = {each.strip() for each in form("groups").split(",") if each.strip()}
        given = group_names(named)
        if len(given) < len(named):
            return await self._everybody(scope, look, status=400, why=NO_GROUP)

        def may(reader: Person, person: Person) -> None:
            _require_may_change(reader, person, "groups")
            if person.role == "guest":
                raise NotFound(NO_SUCH_ACT)

        def put(person: Person) -> Person:
            return replace(person, given_groups=given)

        try:
            changed = await asyncio.to_thread(
                self._people.change, form("person"), put, by=(look[1].id, may)
            )
        except NotFound as missing:
            return await self._everybody(scope, look, status=404, why=str(missing))
        await self._note_groups(scope, look, changed)
        return Reply(303, to=f"{root_of(scope)}/people")

    async def _note_act(
        self, scope: Scope, act: str, look: Look, changed: Person, *, groups: bool
    ) -> None:
        role = {"role": act} if act in ROLES else {}
        noted = ACTS.get(act, "role_changed")
        await self._trail.note(scope, noted, role, actor=look[1], subject=changed)
        if groups:
            await self._note_groups(scope, look, changed)

    async def _note_groups(self, scope: Scope, look: Look, changed: Person) -> None:
        facts = {"groups": groups_named(changed.given_groups)}
        await self._trail.note(scope, "groups_changed", facts, actor=look[1], subject=changed)


def _nothing(_: str) -> str:
    """The form of a request that has none."""
    return ""


def _require_may_change(reader: Person, person: Person, act: str) -> None:
    """As both are kept now: they may have become more, or less. Raises ``NotFound``."""
    if reader.disabled_at is not None or not reader.may_change(person):
        raise NotFound(NOT_YOURS)
    if reader.role != "administrator" and act not in MANAGERS_ACTS:
        raise NotFound(NO_SUCH_ACT)


def _changed(person: Person, act: str, moment: datetime) -> Person:
    """Somebody as they are after what an administrator has chosen."""
    if act == "shut":
        return replace(person, disabled_at=moment)
    if act == "open":
        return replace(person, disabled_at=None)
    if act in ROLES and person.role != "guest":
        return replace(person, role=act)
    if act == "out":
        return person
    raise NotFound(NO_SUCH_ACT)


def _told(person: Person) -> bytes:
    key = sha256(f"easel {person.id}".encode()).hexdigest()[:16]
    return json.dumps({"key": key, "title": person.title, "role": person.role}).encode()


def _invitation() -> tuple[str, str]:
    """What a link carries, and its hash."""
    token = secrets.token_urlsafe(24)
    return token, sha256(token.encode("ascii")).hexdigest()


def _address(scope: Scope, token: str) -> str:
    """A link as it is given to somebody: under the name by which the administrator came."""
    host = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"host"), "")
    origin = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"origin"), "")
    scheme = origin.partition("://")[0] or scope["scheme"]
    return f"{scheme}://{host}{root_of(scope)}/?invite={token}"
